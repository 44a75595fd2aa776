"""Any sequence of landings leaves what a plain dictionary of slices would hold."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.raw_zone import RawZone, Replaces
from tests.unit.core.landings import land_days, stored_days

_FIRST = date(2026, 11, 1)
_DAYS = st.integers(0, 5).map(lambda offset: (_FIRST + timedelta(days=offset)).isoformat())
_ROWS = st.dictionaries(_DAYS, st.lists(st.integers(0, 3), min_size=1, max_size=3), max_size=4)
_WINDOW = st.tuples(st.integers(0, 5), st.integers(1, 4))
_LANDING = st.one_of(
    st.tuples(st.just("nothing"), _ROWS, st.none()),
    st.tuples(st.just("window"), _ROWS, _WINDOW),
    st.tuples(st.just("slices"), _ROWS, st.frozensets(_DAYS, max_size=3)),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(_LANDING, min_size=1, max_size=5))
def test_the_zone_equals_a_dictionary_of_slices(
    landings: list[tuple[str, dict[str, list[int]], tuple[int, int] | frozenset[str] | None]],
) -> None:
    model: dict[str, tuple[int, list[int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        zone = RawZone(Path(folder) / "raw", temp=Path(folder) / "temp", pii=None)
        for load_id, (kind, rows, argument) in enumerate(landings, start=1):
            replaces = Replaces.nothing()
            incoming = dict(rows)
            if kind == "window" and isinstance(argument, tuple):
                start = _FIRST + timedelta(days=argument[0])
                replaces = Replaces.window(start, start + timedelta(days=argument[1]))
                window = [(start + timedelta(days=offset)).isoformat() for offset in range(argument[1])]
                incoming = {day: [] for day in window} | rows
            if kind == "slices" and isinstance(argument, frozenset):
                replaces = Replaces.slices(argument)
                for day in argument - rows.keys():
                    model.pop(day, None)
            land_days(zone, rows, load_id=load_id, replaces=replaces)
            for day, numbers in incoming.items():
                if day not in model or model[day][1] != numbers:
                    model[day] = (load_id, numbers)
            if load_id % 2:
                zone.collect_garbage()
            assert stored_days(zone) == model
