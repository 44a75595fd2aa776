"""Reading of CRM records: whole lists, changes, what was archived, and what was merged into a record.

A whole list is proven by the number of records that a search counts, a search by its own count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from connectors.core.feed import Batch
from connectors.core.paging import Page, pages
from connectors.core.stream import Stream
from connectors.hubspot.proof import require_counted, unproven
from connectors.hubspot.streams import CONTACTS, MERGES

if TYPE_CHECKING:
    from connectors.hubspot.client import HubSpotClient, Record

MERGED_IDS = "hs_merged_object_ids"
_NOT_PROPERTIES = frozenset({"id", "archived", "contact_id"})


@dataclass(frozen=True, kw_only=True)
class RecordKind:
    """One type of records, and which of its properties land.

    Attributes:
        stream: what it fills; called as the type is.
        changed_property: when a record last changed; None where that isn't asked for.
        extras: properties besides the stream's columns.
        has_merges: records tell which others were merged into them, and those land too.
        has_contact: the contact that a record belongs to lands with it; only lists name it.
    """

    stream: Stream
    changed_property: str | None
    extras: tuple[str, ...] = ()
    has_merges: bool = False
    has_contact: bool = False

    @property
    def object_type(self) -> str:
        """The type's name in paths."""
        return self.stream.name

    @property
    def landing(self) -> tuple[str, ...]:
        """Properties that land."""
        columns = (column.name for column in self.stream.columns if column.name not in _NOT_PROPERTIES)
        return tuple(dict.fromkeys((*columns, *self.extras)))

    @property
    def asked(self) -> tuple[str, ...]:
        """Properties to ask for."""
        return (*self.landing, MERGED_IDS) if self.has_merges else self.landing

    @property
    def associations(self) -> str | None:
        """Type of the records to be named with each."""
        return CONTACTS.name if self.has_contact else None


def read_records(kind: RecordKind, client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Records that changed since a moment, or all; those in the recycle bin always: nothing dates them."""
    what = kind.stream.id
    if since is None or kind.changed_property is None:
        live = all_live(client, kind.object_type, kind.asked, associations=kind.associations, what=what)
    else:
        changed = _filter(kind.changed_property, "GTE", int(since.timestamp() * 1000))
        live = _changed(kind, client, changed, what=f"{what} changed since {since:%Y-%m-%d %H:%M} UTC")
    for page in live:
        yield from _batches(kind, page)
    archived = client.records(
        kind.object_type,
        kind.asked,
        archived=True,
        associations=kind.associations,
        what=f"archived {what}",
    )
    for page in archived:
        yield from _batches(kind, page)


def all_live(
    client: HubSpotClient,
    object_type: str,
    properties: Sequence[str],
    *,
    associations: str | None = None,
    what: str,
) -> Iterator[list[Record]]:
    """Pages of every record outside of the recycle bin.

    Raises:
        IncompleteError: fewer than a search counted before and after.
    """
    count = partial(client.count, object_type, [], what=what)
    expected, found = count(), 0
    listed = client.records(object_type, properties, archived=False, associations=associations, what=what)
    for page in listed:
        found += len(page)
        yield page
    require_counted(client, found, expected, count, what=what)


def _changed(
    kind: RecordKind, client: HubSpotClient, changed: Mapping[str, str], *, what: str
) -> Iterator[list[Record]]:
    """Pages of the records that pass a filter, each page behind the last id of the one before.

    So no query is paged, and neither the end of a search's results nor a record that leaves them moves a row.
    """
    expected, found = 0, 0

    def fetch(last: str | None) -> Page[list[Record]]:
        nonlocal expected, found
        filters = [changed, _filter("hs_object_id", "GT", int(last or 0))]
        answer = client.search(kind.object_type, kind.asked, filters, what=what)
        rows, left = answer["results"], int(answer["total"])
        ids = [int(last or 0), *(int(row["id"]) for row in rows)]
        if any(following <= before for before, following in pairwise(ids)):
            raise unproven(client, what, "The search doesn't give its records by ascending id.")
        if left and not rows:
            raise unproven(client, what, f"The search counts {left:,} more records and gives none.")
        if last is None:
            expected = left
        found += len(rows)
        return Page(rows, rows[-1]["id"] if left > len(rows) else None)

    yield from pages(fetch, what=f"Source {client.context.source_id}, {what}")
    count = partial(client.count, kind.object_type, [changed], what=what)
    require_counted(client, found, expected, count, what=what)


def _filter(name: str, operator: str, value: int) -> dict[str, str]:
    return {"propertyName": name, "operator": operator, "value": str(value)}


def _batches(kind: RecordKind, page: list[Record]) -> Iterator[Batch]:
    """Rows of one page; a property that none of its records has isn't supplied."""
    if not page:
        return
    properties: list[Record] = [record["properties"] for record in page]
    columns: dict[str, list[Any]] = {
        "id": [record["id"] for record in page],
        "archived": [record["archived"] for record in page],
    }
    for name in kind.landing:
        try:
            columns[name] = [each[name] for each in properties]
        except KeyError:
            if any(name in each for each in properties):
                columns[name] = [each.get(name) for each in properties]
    if kind.has_contact:
        columns["contact_id"] = [_first_contact(record) for record in page]
    yield Batch(kind.stream, columns)
    if kind.has_merges and any(each.get(MERGED_IDS) for each in properties):
        merges = [
            {"object_type": kind.object_type, "merged_id": merged, "id": record_id}
            for record_id, each in zip(columns["id"], properties, strict=True)
            for merged in (each.get(MERGED_IDS) or "").split(";")
            if merged not in {"", record_id}
        ]
        yield Batch.of_rows(MERGES, merges)


def _first_contact(record: Record) -> str | None:
    """The contact with the smallest id that a record belongs to; HubSpot may name one twice."""
    named = ((record.get("associations") or {}).get(CONTACTS.name) or {}).get("results") or []
    return min((str(each["id"]) for each in named), key=int, default=None)
