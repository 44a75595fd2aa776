"""Any list of parameters flattens as a plain reading of it says; any order of landings ends at the same days."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.raw_zone import RawZone
from connectors.files.money import Money
from connectors.ga4_events.flatten import Flattening, rows_sql
from connectors.ga4_events.reading import open_events
from connectors.ga4_events.tables import export_of
from tests.unit.ga4_events.conftest import World
from tests.unit.ga4_events.exports import event, json_lines, parquet

KEYS = st.sampled_from(["plan", "value", "ga_session_id", "session_engaged", "other"])
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0@", exclude_categories=["Cs"]), max_size=12
)
VALUES = st.one_of(
    TEXTS.map(lambda text: {"string_value": text}),
    st.integers(-(2**63), 2**63 - 1).map(lambda number: {"int_value": number}),
    st.integers(-(10**9), 10**9).map(lambda number: {"double_value": number / 8}),
    st.integers(-(10**6), 10**6).map(lambda number: {"float_value": number / 4}),
    st.just({}),
)
PARAMS = st.lists(st.tuples(KEYS, VALUES), max_size=6)
Rows = list[list[tuple[str, dict[str, Any]]]]
FLATTENING = Flattening(params=("plan",), money=Money("EUR", None), property_id=None, with_user_id=False)


def plain(params: Sequence[tuple[str, Mapping[str, Any]]], key: str) -> Any:
    """The value of the first parameter of that name; None without one or when it is empty."""
    value = next((value for name, value in params if name == key), {})
    return next((each for each in value.values() if each != ""), None)


def as_text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def as_whole(value: Any) -> int | None:
    if isinstance(value, str):
        bare = value.removeprefix("-")
        is_whole = bare.isascii() and bare.isdigit() and len(bare) <= 19
        value = int(value) if is_whole else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    return value if value is not None and -(2**63) <= value < 2**63 else None


def as_amount(value: Any) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, str):
        bare = value.removeprefix("-")
        if not (bare.isascii() and bare.isdigit()):
            return None
    amount = (
        Decimal(value).quantize(Decimal("0.000001"), ROUND_HALF_UP) if abs(Decimal(value)) < 10**18 else None
    )
    return amount if amount is not None and abs(amount) < 10**12 else None


def flattened(folder: Path, name: str, content: bytes) -> list[tuple[Any, ...]]:
    path = folder / name
    path.write_bytes(content)
    with duckdb.connect() as con:
        select = rows_sql(
            open_events(con, path), export_of(PurePosixPath(name)), FLATTENING, lineage=name, only=None
        )
        return con.execute(
            f"select param_plan, ga_session_id, event_value, session_engaged from ({select}) order by _line"
        ).fetchall()


@settings(max_examples=40, deadline=None)
@given(st.lists(PARAMS, min_size=1, max_size=8))
def test_parameters_flatten_as_they_are_read_one_by_one(rows: Rows) -> None:
    events = [event(event_params=[{"key": key, "value": value} for key, value in params]) for params in rows]
    expected = [
        (
            as_text(plain(params, "plan")),
            as_whole(plain(params, "ga_session_id")),
            as_amount(plain(params, "value")),
            as_text(plain(params, "session_engaged")),
        )
        for params in rows
    ]
    with tempfile.TemporaryDirectory() as folder:
        assert flattened(Path(folder), "events_20261101.parquet", parquet(events)) == expected
        assert flattened(Path(folder), "events_20261101.jsonl", json_lines(events)) == expected


SHARDS = ("events_20261101-000000000000.parquet", "events_20261101-000000000001.parquet")
EXPORTS: Mapping[str, tuple[str, ...]] = {
    "daily 1": SHARDS,
    "intraday 1": ("events_intraday_20261101.parquet",),
    "daily 2": ("events_20261102.parquet",),
    "dump": ("dump.parquet",),
}
DAYS = {"daily 1": (1,), "intraday 1": (1,), "daily 2": (2,), "dump": (1, 2)}
DROPS = st.lists(
    st.tuples(st.sampled_from([name for names in EXPORTS.values() for name in names]), st.integers(0, 3)),
    min_size=1,
    max_size=6,
)


def expected_days(drops: Sequence[tuple[str, int]]) -> dict[int, list[str]]:
    """Events by day after ``drops``, each landed by itself, by the rule: best kind of table, then the latest."""
    rows: dict[str, tuple[int, int]] = {}
    changed: dict[str, int] = {}
    for number, (name, count) in enumerate(drops):
        export = next(export for export, names in EXPORTS.items() if name in names)
        if name not in rows or (rows[name][1], count) != (0, 0):
            changed[export] = number
        rows[name] = (number, count)
    found: dict[int, list[str]] = {}
    for day in (1, 2):
        holders = [
            (not export.startswith("intraday"), changed[export], export)
            for export in changed
            if day in DAYS[export] and (export != "dump" or rows["dump.parquet"][1])
        ]
        if holders:
            files = EXPORTS[max(holders)[2]]
            found[day] = sorted(
                str(rows[name][0]) for name in files if name in rows for _ in range(rows[name][1])
            )
    return found


@settings(max_examples=10, deadline=None)
@given(DROPS)
def test_files_landed_one_by_one_end_at_the_days_of_the_rule(drops: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "exports").mkdir()
        world = World(root, RawZone(root / "raw", temp=root / "temp", pii=None))
        for number, (name, count) in enumerate(drops):
            export = next(export for export, names in EXPORTS.items() if name in names)
            rows = [event(day=day, event_name=str(number)) for day in DAYS[export]]
            world.drop(name, parquet(rows * count))
            world.landed()
        landed: dict[int, list[str]] = {int(day[-2:]): [] for day in world.days()}
        for day, name in world.rows("select day(event_date), event_name from events order by all"):
            landed[day].append(name)
        assert landed == expected_days(drops)
        again = world.landed()
        assert (again.files_read, again.changed_slices) == (0, 0)
