"""Which question to HubSpot fills which stream: records of the CRM here, marketing in ``marketing``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from connectors.core.api import Context
from connectors.core.feed import Batch, EntityFeed, Feed, ReportFeed
from connectors.core.retry import incomplete
from connectors.core.stream import Stream
from connectors.hubspot.config import Config
from connectors.hubspot.marketing import (
    read_email_statistics,
    read_emails,
    read_form_submissions,
    read_forms,
)
from connectors.hubspot.streams import (
    ASSOCIATIONS,
    COMPANIES,
    CONTACTS,
    DEALS,
    EMAIL_STATISTICS,
    EMAILS,
    FEEDBACK_SUBMISSIONS,
    FORM_SUBMISSIONS,
    FORMS,
    MERGES,
    PIPELINES,
)

if TYPE_CHECKING:
    from connectors.hubspot.client import HubSpotClient, Record

_MODIFIED = {
    CONTACTS.name: "lastmodifieddate",
    COMPANIES.name: "hs_lastmodifieddate",
    DEALS.name: "hs_lastmodifieddate",
}
_MERGED = "hs_merged_object_ids"
_NO_PROPERTIES = frozenset({"id", "archived", "contact_id"})


def _properties(client: HubSpotClient, stream: Stream) -> list[str]:
    """Properties to ask for: the stream's columns and the configured further ones."""
    own = [column.name for column in stream.columns if column.name not in _NO_PROPERTIES]
    return [*own, *client.config.properties.get(stream.name, ())]  # type: ignore[call-overload]  # a literal


def _row(record: Record) -> dict[str, object]:
    """A record as the API tells it: a property that is gone from the account has no key."""
    row = {"id": record["id"], **record["properties"], "archived": record["archived"]}
    for name in (_MERGED, "hs_object_id"):
        row.pop(name, None)
    return row


def _merges(object_type: str, records: Sequence[Record]) -> Batch:
    """What the surviving records say of those that were merged into them."""
    rows = [
        {"object_type": object_type, "merged_id": merged, "id": record["id"]}
        for record in records
        for merged in (record["properties"].get(_MERGED) or "").split(";")
        if merged
    ]
    return Batch.of_rows(MERGES, rows)


def _read_records(stream: Stream, client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Records changed since a moment, or all; archived ones always, since archiving changes no date."""
    properties = [*_properties(client, stream), _MERGED]
    if since is None:
        found = _all_live(client, stream, properties)
    else:
        found = client.changed(stream.name, properties, _MODIFIED[stream.name], since)
    for page in found:
        yield Batch.of_rows(stream, [_row(record) for record in page])
        yield _merges(stream.name, page)
    for page in client.records(stream.name, properties, archived=True):
        yield Batch.of_rows(stream, [_row(record) for record in page])


def _all_live(
    client: HubSpotClient, stream: Stream, properties: Sequence[str], *, associations: str | None = None
) -> Iterator[list[Record]]:
    """Every live record; as many at least as the search index counted before and after."""
    before, received = client.total(stream.name), 0
    for page in client.records(stream.name, properties, archived=False, associations=associations):
        received += len(page)
        yield page
    if received < before:
        known = min(before, client.total(stream.name))
        if received < known:
            what = f"Source {client.context.source_id}, stream {stream.id}"
            raise incomplete(what, f"The list has {received} records, the index {known}.")


def _read_pipelines(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Every stage of every deal pipeline."""
    del since
    rows = []
    for pipeline in client.pipelines():
        for stage in pipeline["stages"]:
            metadata = stage.get("metadata", {})
            rows.append(
                {
                    "pipeline_id": pipeline["id"],
                    "pipeline_label": pipeline.get("label"),
                    "stage_id": stage["id"],
                    "stage_label": stage.get("label"),
                    "display_order": stage.get("displayOrder"),
                    "probability": metadata.get("probability"),
                    "is_closed": metadata.get("isClosed"),
                    "archived": bool(pipeline.get("archived")) or bool(stage.get("archived")),
                }
            )
    yield Batch.of_rows(PIPELINES, rows)


def _read_associations(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Contacts of every live deal: an association changes no date of either, so all are asked for."""
    del since
    for page in client.records(DEALS.name, ("hs_object_id",), archived=False):
        ids = [str(record["id"]) for record in page]
        for results in client.associations(DEALS.name, CONTACTS.name, ids):
            yield Batch.of_rows(ASSOCIATIONS, [row for each in results for row in _links(each)])


def _links(result: Record) -> Iterator[dict[str, object]]:
    for to in result["to"]:
        types = to.get("associationTypes", [])
        yield {
            "from_type": DEALS.name,
            "from_id": str(result["from"]["id"]),
            "to_type": CONTACTS.name,
            "to_id": str(to["toObjectId"]),
            "type_ids": ";".join(str(number) for number in sorted(each["typeId"] for each in types)),
            "labels": ";".join(sorted(str(each["label"]) for each in types if each.get("label"))) or None,
        }


def _read_feedback(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Every feedback submission with the contact who gave it, live and archived ones."""
    del since
    properties = _properties(client, FEEDBACK_SUBMISSIONS)
    live = _all_live(client, FEEDBACK_SUBMISSIONS, properties, associations=CONTACTS.name)
    for page in live:
        yield Batch.of_rows(FEEDBACK_SUBMISSIONS, [{**_row(r), "contact_id": _contact_of(r)} for r in page])
    archived = client.records(
        FEEDBACK_SUBMISSIONS.name, properties, archived=True, associations=CONTACTS.name
    )
    for page in archived:
        yield Batch.of_rows(FEEDBACK_SUBMISSIONS, [{**_row(r), "contact_id": _contact_of(r)} for r in page])


def _contact_of(record: Record) -> str | None:
    """The contact with the lowest id that a record is associated with."""
    linked = record.get("associations", {}).get("contacts", {}).get("results", [])
    return min((str(each["id"]) for each in linked), key=int, default=None)


def _asked_properties(config: Config, _: Context) -> str:
    return repr(sorted(config.properties.items()))


def feeds(config: Config) -> Sequence[Feed]:
    """What a HubSpot source lands, without the streams that it is configured to leave out."""
    asked = partial(_asked_properties, config)
    everything: tuple[Feed, ...] = (
        *(
            EntityFeed(
                stream=stream,
                read=partial(_read_records, stream),
                version=_MODIFIED[stream.name],
                beside=(MERGES,),
                asked=asked,
            )
            for stream in (CONTACTS, COMPANIES, DEALS)
        ),
        EntityFeed(stream=PIPELINES, read=_read_pipelines),
        EntityFeed(stream=ASSOCIATIONS, read=_read_associations),
        EntityFeed(stream=EMAILS, read=read_emails),
        ReportFeed(stream=EMAIL_STATISTICS, read=read_email_statistics, window_days=31),
        EntityFeed(stream=FORMS, read=read_forms),
        EntityFeed(stream=FORM_SUBMISSIONS, read=read_form_submissions, version="submitted_at"),
        EntityFeed(stream=FEEDBACK_SUBMISSIONS, read=_read_feedback, asked=asked),
    )
    return tuple(feed for feed in everything if feed.stream.name not in config.without)
