"""GA4's event export: items are purchases, in a file per day, of which every second is JSON lines, else Parquet.

Files have no transport. Where other cases break answers, this one breaks files: cuts them off, garbles them,
takes them away.
"""

from __future__ import annotations

import json
import os
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.ga4_events.streams import EVENTS
from tests.contract.conformance.case import Case, Drift, Item, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.opening import SETTLED

_FOLDER = "exports"
_VALUE = pa.struct([("string_value", pa.string()), ("int_value", pa.int64()), ("double_value", pa.float64())])
_PARAMS = pa.list_(pa.struct([("key", pa.string()), ("value", _VALUE)]))
_TYPES = {
    "event_date": pa.string(),
    "event_timestamp": pa.int64(),
    "event_name": pa.string(),
    "event_params": _PARAMS,
    "user_id": pa.string(),
    "user_pseudo_id": pa.string(),
    "platform": pa.string(),
}
Event = dict[str, Any]


class Ga4EventsCase(Case):
    """One property's files; the label is the platform, the amount the value of the event."""

    name = "ga4_events"
    connector = "ga4_events"
    stream = EVENTS
    is_networked = False
    place = "exports/events_"
    label = "WEB"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder / _FOLDER
        self._folder.mkdir()
        self._items: list[Item] = []
        self._kind: Drift | None = None

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """A file per day; one whose last event is gone stays, empty."""
        del at
        days: dict[date, list[Item]] = defaultdict(list)
        for item in items:
            days[item.day].append(item)
        for day in {each.day for each in self._items} - days.keys():
            days[day] = []
        self._items = list(items)
        for day, held in days.items():
            self._write(day, [_event(item) for item in held])

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """One row per event."""
        return {
            EVENTS.id: [
                {
                    "event_date": item.day,
                    "event_timestamp": (noon(item.day) + timedelta(seconds=item.number)).replace(tzinfo=None),
                    "event_name": "purchase",
                    "user_pseudo_id": f"{item.number}.17",
                    "campaign": item.text,
                    "platform": item.label,
                    "event_value": item.amount,
                    "ga_session_id": item.number,
                }
                for item in items
            ]
        }

    def keys(self) -> dict[str, Any]:
        """Where the files are."""
        return {"path": f"{_FOLDER}/*", "property_id": "211", "money_unit": "rial", "currency": "IRR"}

    @property
    def personal(self) -> Sequence[str]:
        """Ids that the shop gave to people."""
        return [_person(item) for item in self._items]

    def drift(self, kind: Drift) -> None:
        """Of the name of the event, in every file."""
        self._kind = kind
        self.hold(self._items, at=self.time)

    def disturb(self, dice: random.Random, *, requests: int) -> None:
        """Cut off, garble or take away some of the files."""
        del requests
        for path in sorted(self._folder.iterdir()):
            match dice.randrange(5):
                case 0:
                    _put(path, path.read_bytes()[: dice.randrange(1, path.stat().st_size)])
                case 1:
                    _put(path, dice.randbytes(200))
                case 2:
                    path.unlink()
                case _:
                    continue

    def heal(self) -> None:
        """Every file as it was written."""
        self._kind = None
        self.hold(self._items, at=self.time)

    def _write(self, day: date, events: Sequence[Event]) -> None:
        shaped = [_shaped(event, self._kind) for event in events]
        if day.toordinal() % 2:
            path = self._folder / f"events_{day:%Y%m%d}.json"
            _put(path, "".join(_line(event) for event in shaped).encode())
        else:
            path = self._folder / f"events_{day:%Y%m%d}.parquet"
            _put(path, _parquet(shaped, self._kind))


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, (SETTLED, SETTLED))


def _event(item: Item) -> Event:
    moment = noon(item.day) + timedelta(seconds=item.number)
    params = [
        {"key": "campaign", "value": {"string_value": item.text}},
        {"key": "ga_session_id", "value": {"int_value": item.number}},
    ]
    if item.amount is not None:
        params.append({"key": "value", "value": {"int_value": item.amount}})
        params.append({"key": "currency", "value": {"string_value": "IRR"}})
    return {
        "event_date": f"{item.day:%Y%m%d}",
        "event_timestamp": int(moment.timestamp()) * 1_000_000,
        "event_name": "purchase",
        "event_params": params,
        "user_id": _person(item),
        "user_pseudo_id": f"{item.number}.17",
        "platform": item.label,
    }


def _shaped(event: Event, kind: Drift | None) -> Event:
    match kind:
        case Drift.VANISHED:
            return {name: value for name, value in event.items() if name != "event_name"}
        case Drift.RENAMED:
            return {"name" if name == "event_name" else name: value for name, value in event.items()}
        case Drift.RETYPED:
            return event | {"event_timestamp": "yesterday"}
        case Drift.NEW:
            return event | {"mood": "شاد"}
        case None:
            return event


def _parquet(events: Sequence[Event], kind: Drift | None) -> bytes:
    types = dict(_TYPES)
    match kind:
        case Drift.VANISHED:
            del types["event_name"]
        case Drift.RENAMED:
            types["name"] = types.pop("event_name")
        case Drift.RETYPED:
            types["event_timestamp"] = pa.string()
        case Drift.NEW:
            types["mood"] = pa.string()
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(events), schema=pa.schema(types.items())), sink)
    return bytes(sink.getvalue().to_pybytes())


def _line(event: Event) -> str:
    """As BigQuery writes it: whole numbers are texts, what is null isn't there."""
    return json.dumps(_written(event), ensure_ascii=False) + "\n"


def _written(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_written(each) for each in value]
    return str(value) if isinstance(value, int) else value


def _person(item: Item) -> str:
    return f"member-{item.number}-ahmadi"


CASES = (Ga4EventsCase,)
