"""Who moved a value, over drawn changes, held against the rule of ``value_movers`` said once more in Python."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date, timedelta

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from orchestration.ledger import BASELINE
from orchestration.value_movers import RATES, note_movers

NEW_YEAR = date(2026, 1, 1)
LENGTHS = {"day": 1, "week": 7, "month": 31, "quarter": 93}
GRACE = timedelta(days=1)
BRANDS, KPIS, SOURCES = ("acme", "other"), ("revenue", "sessions"), ("app", "crm", "web")
STREAMS = (("ga4", "traffic"), ("orders", "orders"), ("crm", "merges"), (RATES, "rates"))


@dataclass(frozen=True)
class Change:
    """A slice that an event changed; its days are unknown or end before ``end``."""

    brand: str
    source: str
    connector: str
    stream: str
    start: date | None
    end: date | None
    reason: str


@dataclass(frozen=True)
class Input:
    """A stream that feeds a KPI."""

    brand: str
    kpi: str
    source: str
    connector: str
    stream: str
    unit: str
    dated: bool


@dataclass(frozen=True)
class Cell:
    """A value that the event changed."""

    brand: str
    kpi: str
    grain: str
    start: date
    reason: str


days = st.integers(0, 120).map(lambda number: NEW_YEAR + timedelta(days=number))
brands, kpis, sources = st.sampled_from(BRANDS), st.sampled_from(KPIS), st.sampled_from(SOURCES)
cells = st.builds(
    Cell,
    brands,
    kpis,
    st.sampled_from(sorted(LENGTHS)),
    days,
    st.sampled_from(("restated", "restated", "definition_changed")),
)


@st.composite
def inputs(draw: st.DrawFn) -> Input:
    brand, kpi, source = draw(brands), draw(kpis), draw(sources)
    connector, stream = draw(st.sampled_from(STREAMS[:2]))
    unit = "money" if kpi == "revenue" else "count"
    return Input(brand, kpi, source, connector, stream, unit, draw(st.booleans()))


@st.composite
def changes(draw: st.DrawFn, feeding: list[Input]) -> Change:
    """Half of them of streams that feed a KPI."""
    of_a_feed: bool = draw(st.booleans())
    if of_a_feed and feeding:
        fed = draw(st.sampled_from(feeding))
        brand, source, connector, stream = fed.brand, fed.source, fed.connector, fed.stream
    else:
        brand, source = draw(brands), draw(sources)
        connector, stream = draw(st.sampled_from(STREAMS))
    start = draw(st.none() | days)
    end = start and start + timedelta(days=draw(st.integers(1, 40)))
    return Change(
        brand, source, connector, stream, start, end, draw(st.sampled_from(("added", "replaced", BASELINE)))
    )


def expected(cell: Cell, changed: list[Change], feeding: list[Input]) -> str | None:
    """Sources that moved ``cell``: those near it, or else those whose rows may count on any day."""
    if cell.reason == "definition_changed":
        return None
    own = [each for each in feeding if (each.brand, each.kpi) == (cell.brand, cell.kpi)]
    listed = {(each.connector, each.stream) for each in feeding}
    near, undated = set(), set()
    for change in changed:
        if change.reason == BASELINE:
            continue
        fed = [
            each
            for each in own
            if (each.source, each.connector, each.stream) == (change.source, change.connector, change.stream)
        ]
        of_brand = change.brand == cell.brand and own
        is_rate = of_brand and change.connector == RATES and any(each.unit == "money" for each in own)
        if (fed or is_rate) and _near(cell, change):
            near.add(change.source)
        if fed and not any(each.dated for each in fed):
            undated.add(change.source)
        if of_brand and (change.connector, change.stream) not in listed:
            undated.add(change.source)
    return ", ".join(sorted(near or undated)) or None


def _near(cell: Cell, change: Change) -> bool:
    if change.start is None or change.end is None:
        return True
    end = cell.start + timedelta(days=LENGTHS[cell.grain])
    return change.start < end + GRACE and change.end > cell.start - GRACE


@given(st.data())
def test_movers_are_those_of_the_rule(data: st.DataObject) -> None:
    feeding = data.draw(st.lists(inputs(), min_size=1, max_size=6))
    slices = data.draw(st.lists(changes(feeding), min_size=1, max_size=8))
    changed = data.draw(st.lists(cells, min_size=1, max_size=8, unique=True))
    with duckdb.connect() as con:
        con.execute(
            "create temp table delta_values (brand_id text, kpi_id text, grain text, period_start date, "
            "reason text, moved_by text)"
        )
        con.execute(
            "create temp table delta_slices (brand_id text, source_id text, connector text, stream text, "
            "window_start date, window_end date, reason text)"
        )
        con.execute(
            "create table inputs (brand_id text, kpi_id text, source_id text, connector text, stream text, "
            "unit text, is_dated boolean)"
        )
        for table, rows in (("delta_values", changed), ("delta_slices", slices), ("inputs", feeding)):
            for row in rows:
                values = [*astuple(row), *([None] if isinstance(row, Cell) else [])]
                con.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)
        note_movers(con, inputs=["inputs"])
        found = con.execute("select * from delta_values").fetchall()
    assert {row[:5]: row[5] for row in found} == {
        astuple(cell): expected(cell, slices, feeding) for cell in changed
    }
