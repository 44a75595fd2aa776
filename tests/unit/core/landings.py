"""Two small streams and short ways to land and read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa

from connectors.core.raw_zone import Landed, RawZone, Replaces
from connectors.core.stream import Column, Kind, Personal, Stream, Type

_READER = duckdb.connect()
"""One for all tests: to open a database costs as much as a landing."""
LOADED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
VISITS = Stream(
    connector="test",
    name="visits",
    kind=Kind.REPORT,
    description="Visits per day and page",
    columns=(
        Column("date", Type.DATE, "Day", required=True),
        Column("page", Type.STRING, "Page"),
        Column("visits", Type.INTEGER, "Visits"),
    ),
    key=("date", "page"),
    cursor="date",
)
CONTACTS = Stream(
    connector="test",
    name="contacts",
    kind=Kind.ENTITY,
    description="Contacts",
    columns=(
        Column("contact_id", Type.STRING, "Id", required=True),
        Column("email", Type.STRING, "Address", personal=Personal.EMAIL),
        Column("phone", Type.STRING, "Phone", personal=Personal.PHONE),
    ),
    key=("contact_id",),
)


def land_days(
    zone: RawZone,
    days: Mapping[str, Sequence[int]],
    *,
    load_id: int,
    replaces: Replaces | None = None,
    extra: str = "",
) -> Landed:
    """Land ``visits`` with one row per number, pages numbered from 0."""
    with zone.landing(VISITS, source="web", brand="acme", load_id=load_id, loaded_at=LOADED_AT) as landing:
        rows = [
            {"date": date.fromisoformat(day), "page": str(index), "visits": number, "_slice": day}
            for day, numbers in days.items()
            for index, number in enumerate(numbers)
        ]
        if rows:
            table = pa.Table.from_pylist(rows)
            landing.con.register("rows", table)
            landing.stage(f"select *{extra} from rows")
        return landing.commit(replaces=replaces or Replaces.nothing(), window=None)


def land_contacts(zone: RawZone, select_sql: str, *, load_id: int = 1) -> Landed:
    """Land ``contacts`` as one file ``a.csv``."""
    with zone.landing(CONTACTS, source="crm", brand="acme", load_id=load_id, loaded_at=LOADED_AT) as landing:
        landing.stage(select_sql)
        return landing.commit(replaces=Replaces.nothing(), window=None)


def read(zone: RawZone, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query on the views of both streams."""
    zone.create_views(_READER, (VISITS, CONTACTS))
    return _READER.execute(sql).fetchall()


def stored_days(zone: RawZone) -> dict[str, tuple[int, list[int]]]:
    """Load id and visits by listed day, as manifest and view say together."""
    found: dict[str, tuple[int, list[int]]] = {
        row.slice: (row.load_id, []) for row in zone.slices() if row.stream == VISITS.name
    }
    for day, load_id, visits in read(
        zone, "select _slice, _load_id, visits from raw.test__visits order by _slice, cast(page as int)"
    ):
        assert found[day][0] == load_id
        found[day][1].append(visits)
    return found
