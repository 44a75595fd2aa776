"""Which question to HubSpot fills which stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from connectors.core.feed import Batch, EntityFeed, Feed, ReportFeed
from connectors.core.stream import Stream
from connectors.hubspot.config import Config
from connectors.hubspot.reading_crm import RecordKind, all_live, read_records
from connectors.hubspot.reading_email import read_emails, read_statistics
from connectors.hubspot.reading_forms import read_forms, read_submissions
from connectors.hubspot.reading_links import deal_contact_rows, read_pipelines
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
    from connectors.hubspot.client import HubSpotClient

_CHANGED_PROPERTIES = {
    CONTACTS: "lastmodifieddate",
    COMPANIES: "hs_lastmodifieddate",
    DEALS: "hs_lastmodifieddate",
    FEEDBACK_SUBMISSIONS: None,
}
"""What dates a change, by stream; nothing where only the whole list tells all."""


def feeds(config: Config) -> Sequence[Feed]:
    """What a HubSpot source lands, but for what it is configured to leave out."""
    every: tuple[Feed, ...] = (
        *(_records(config, stream) for stream in _CHANGED_PROPERTIES),
        EntityFeed(stream=PIPELINES, read=read_pipelines),
        EntityFeed(stream=ASSOCIATIONS, read=_read_associations),
        EntityFeed(stream=EMAILS, read=read_emails),
        ReportFeed(stream=EMAIL_STATISTICS, read=read_statistics, window_days=31),
        EntityFeed(stream=FORMS, read=read_forms),
        EntityFeed(
            stream=FORM_SUBMISSIONS,
            read=partial(read_submissions, config.forms),
            version="submitted_at",
            # A form that was deleted takes its submissions out of the list; they happened all the same.
            list_is_complete=False,
            asked=lambda _: ",".join(sorted(config.forms)),
        ),
    )
    return tuple(feed for feed in every if feed.stream.name not in config.without)


def _records(config: Config, stream: Stream) -> EntityFeed:
    kind = RecordKind(
        stream=stream,
        changed_property=_CHANGED_PROPERTIES[stream],
        extras=next((names for each, names in config.properties.items() if each == stream.name), ()),
        has_merges=stream is not FEEDBACK_SUBMISSIONS and MERGES.name not in config.without,
        has_contact=stream is FEEDBACK_SUBMISSIONS,
    )
    return EntityFeed(
        stream=stream,
        read=partial(read_records, kind),
        version=kind.changed_property,
        beside=(MERGES,) if kind.has_merges else (),
        asked=lambda _: ",".join(kind.asked),
    )


def _read_associations(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Contacts of every deal: nobody says whether a new association changes the date of a deal."""
    del since
    for page in all_live(client, "deals", ("hs_object_id",), what=f"deals for {ASSOCIATIONS.id}"):
        if page:
            yield deal_contact_rows(client, [deal["id"] for deal in page])
