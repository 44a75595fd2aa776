"""The records of one HubSpot object type, in id order, with the drift of its properties that a test orders.

Records are plain and mutable; a page costs what the page holds, however many records there are.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

TYPE_IDS = {"0-1": "contacts", "0-2": "companies", "0-3": "deals", "0-19": "feedback_submissions"}

_STAMPS = {
    "contacts": ("createdate", "lastmodifieddate"),
    "companies": ("createdate", "hs_lastmodifieddate"),
    "deals": ("createdate", "hs_lastmodifieddate"),
    "feedback_submissions": ("hs_createdate", "hs_lastmodifieddate"),
}
_DEFAULTS = {
    "contacts": ("email", "firstname", "lastname"),
    "companies": ("domain", "name"),
    "deals": ("amount", "closedate", "dealname", "dealstage", "pipeline"),
    "feedback_submissions": (),
}
_STANDARD = {
    "contacts": (
        *("email", "firstname", "lastname", "phone", "lifecyclestage", "hs_lead_status", "hs_email_optout"),
        *("hs_analytics_source", "hs_analytics_source_data_1", "hs_analytics_source_data_2"),
        *(
            f"hs_lifecyclestage_{stage}_date"
            for stage in (
                *("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead"),
                *("opportunity", "customer", "evangelist", "other"),
            )
        ),
    ),
    "companies": ("name", "domain", "industry", "country", "lifecyclestage"),
    "deals": (
        *("dealname", "amount", "deal_currency_code", "amount_in_home_currency", "pipeline", "dealstage"),
        *("closedate", "hs_is_closed", "hs_is_closed_won"),
    ),
    "feedback_submissions": (
        *("hs_survey_id", "hs_survey_name", "hs_survey_type", "hs_survey_channel", "hs_value"),
        *("hs_sentiment", "hs_content", "hs_submission_timestamp"),
    ),
}
_EVERYWHERE = ("hs_object_id", "hs_merged_object_ids", "hubspot_owner_id")


@dataclass(slots=True)
class Record:
    """One record; a value that is neither text nor None is served as it is, against the contract.

    Attributes:
        created_at: ISO, UTC, milliseconds; so are the other instants.
        text: the row as JSON, which lists serve as it is, whatever properties are asked for: a benchmark is to
            measure its client, not this server.
    """

    id: int
    properties: dict[str, Any]
    created_at: str
    updated_at: str
    archived_at: str | None = None
    text: str | None = None


def instant_text(at: datetime) -> str:
    """``at`` as HubSpot writes it: UTC with milliseconds and a Z."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ObjectTable:
    """Contacts, companies, deals or feedback submissions.

    Attributes:
        known: properties that the account has; others are ignored when asked for.
        dropped: properties that were deleted from the account.
        renamed: old name to new name.
        mistyped: value to serve instead of the stored one, such as a number where text is promised.
    """

    def __init__(self, object_type: str) -> None:
        self.object_type = object_type
        self.created_property, self.modified_property = _STAMPS[object_type]
        self.known = {
            *_STANDARD[object_type],
            *_EVERYWHERE,
            self.created_property,
            self.modified_property,
        }
        self.dropped: set[str] = set()
        self.renamed: dict[str, str] = {}
        self.mistyped: dict[str, object] = {}
        self._records: dict[int, Record] = {}
        self._live: list[int] | range = []
        self._archived: list[int] = []
        self._make: Callable[[int], Record] | None = None
        self._greatest = 0

    def bulk(self, count: int, make: Callable[[int], Record]) -> None:
        """Have records 1 to ``count``, each made when it is asked for: a million cost no memory."""
        self._live = range(1, count + 1)
        self._make = make
        self._greatest = count
        self.known |= set(make(1).properties)

    def add(self, record: Record) -> None:
        """Have ``record``, whose id is new."""
        if self.find(record.id) is not None:
            raise ValueError(f"{self.object_type} {record.id} exists")
        self.known |= set(record.properties)
        self._records[record.id] = record
        self._greatest = max(self._greatest, record.id)
        insort(self._own_live(), record.id)

    def next_id(self) -> int:
        """An id that nothing had, greater than all others."""
        return self._greatest + 1

    def find(self, record_id: int) -> Record | None:
        """The record, archived or not; a bulk one becomes an own one."""
        record = self._records.get(record_id)
        if record is None and self._make is not None and _holds(self._live, record_id):
            record = self._records[record_id] = self._make(record_id)
        return record

    def get(self, record_id: int) -> Record:
        """The record, archived or not; KeyError where there is none."""
        record = self.find(record_id)
        if record is None:
            raise KeyError(f"{self.object_type} {record_id}")
        return record

    def archive(self, record_id: int, at: str) -> None:
        """Put the record into the recycle bin; its last change stays what it was."""
        self.get(record_id).archived_at = at
        self._own_live().remove(record_id)
        insort(self._archived, record_id)

    def restore(self, record_id: int) -> None:
        """Take the record out of the recycle bin."""
        self.get(record_id).archived_at = None
        self._archived.remove(record_id)
        insort(self._own_live(), record_id)

    def remove(self, record_id: int) -> None:
        """Leave no trace of the record."""
        ids = self._archived if self.get(record_id).archived_at else self._own_live()
        ids.remove(record_id)
        del self._records[record_id]

    def page(self, *, start: int, limit: int, archived: bool) -> tuple[list[Record], str | None]:
        """Up to ``limit`` records with ids from ``start`` on, and the ``after`` of the next page if there is one."""
        ids = self._archived if archived else self._live
        first = bisect_left(ids, start)
        chosen = ids[first : first + limit]
        following = str(chosen[-1] + 1) if first + limit < len(ids) else None
        return [self._peek(record_id) for record_id in chosen], following

    def slice(self, start: int, end: int) -> list[Record]:
        """The live records at these places of the id order."""
        return [self._peek(record_id) for record_id in self._live[start:end]]

    def live(self) -> Iterator[Record]:
        """The records that aren't archived, in id order."""
        return map(self._peek, self._live)

    def __len__(self) -> int:
        """How many records aren't archived."""
        return len(self._live)

    def shown(self, asked: Sequence[str] | None) -> list[tuple[str, str]]:
        """Names to show and the properties behind them, for the ``asked`` ones; None asks for the defaults."""
        names = {
            *(_DEFAULTS[self.object_type] if asked is None else asked),
            *("hs_object_id", self.created_property, self.modified_property),
        }
        return sorted((name, stored) for name in names if (stored := self.stored_name(name)) is not None)

    def stored_name(self, name: str) -> str | None:
        """The property that goes by ``name`` now; None where the account has none of that name."""
        stored = next((old for old, new in self.renamed.items() if new == name), name)
        if stored not in self.known or name in self.dropped or name in self.renamed:
            return None
        return stored

    def row(self, record: Record, shown: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """``record`` as the API writes it, with the properties that :meth:`shown` gave."""
        values = record.properties
        properties = {name: values.get(stored) for name, stored in shown}
        if self.mistyped:
            properties |= {name: value for name, value in self.mistyped.items() if name in properties}
        row = {
            "id": str(record.id),
            "properties": properties,
            "createdAt": record.created_at,
            "updatedAt": record.updated_at,
            "archived": record.archived_at is not None,
        }
        if record.archived_at is not None:
            row["archivedAt"] = record.archived_at
        return row

    def _peek(self, record_id: int) -> Record:
        record = self._records.get(record_id)
        if record is None:
            assert self._make is not None
            record = self._make(record_id)
        return record

    def _own_live(self) -> list[int]:
        if isinstance(self._live, range):
            self._live = list(self._live)
        return self._live


def _holds(ids: list[int] | range, record_id: int) -> bool:
    place = bisect_left(ids, record_id)
    return place < len(ids) and ids[place] == record_id
