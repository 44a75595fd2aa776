"""What the manifest says after a landing: covered days, state, windows of slices that stayed, removed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.core.manifest import FileEntry, Manifest
from connectors.core.plan import (
    NewFile,
    Plan,
    Replaces,
    SliceWindows,
    StagedSlice,
    make_plan,
    updated_manifest,
)

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
EMPTY = Manifest(connector="toy", stream="visits", source="shop")
DAYS = (date(2026, 11, 1), date(2026, 11, 5))
MORE_DAYS = (date(2026, 11, 1), date(2026, 11, 6))


def after(
    old: Manifest,
    staged: Mapping[str, int],
    *,
    load_id: int,
    replaces: Replaces | None = None,
    windows: Mapping[str, tuple[date, date]] | None = None,
    **more: Any,
) -> tuple[Plan, Manifest]:
    """Plan and manifest after slices of so many rows; the number is their content too."""
    slices = {key: StagedSlice(rows, f"content {rows}") for key, rows in staged.items()}
    plan = make_plan(old, slices, replaces or Replaces.nothing())

    def file(name: str, keys: tuple[str, ...]) -> NewFile | None:
        entry = FileEntry(rows=1, bytes=1, slices=keys, schema_hash="layout")
        return NewFile(name=f"{load_id}-{name}", entry=entry, layout={"visits": "BIGINT"}) if keys else None

    given_: dict[str, Any] = {"covered": {}, "state": {}, **more}
    return plan, updated_manifest(
        old,
        plan,
        slices,
        changed_file=file("changed", plan.changed),
        survivors_file=file("survivors", plan.survivors),
        supplied={"visits": "BIGINT"},
        windows=SliceWindows(named=windows or {}, default=None),
        inputs={},
        brand="acme",
        load_id=load_id,
        loaded_at=AT + timedelta(days=load_id),
        **given_,
    )


def test_covered_days_are_a_slice_without_rows_and_file() -> None:
    _, new = after(EMPTY, {"000001": 3}, load_id=1, covered={"covered": DAYS})
    entry = new.slices["covered"]
    assert (entry.file, entry.rows, entry.window_start, entry.window_end) == (None, 0, *DAYS)
    assert new.slices["000001"].file == "1-changed"


def test_covered_days_keep_their_load_until_they_grow() -> None:
    _, first = after(EMPTY, {"000001": 3}, load_id=1, covered={"covered": DAYS})
    _, same = after(first, {}, load_id=2, covered={"covered": DAYS})
    assert same == first
    _, grown = after(same, {}, load_id=3, covered={"covered": MORE_DAYS})
    assert (grown.slices["covered"].load_id, grown.slices["covered"].window_end) == (3, MORE_DAYS[1])
    assert grown.slices["000001"] == first.slices["000001"]


def test_state_is_replaced_by_key_and_the_rest_of_it_stays() -> None:
    _, first = after(EMPTY, {}, load_id=1, state={"asked": "a", "seen_through": "1"})
    _, second = after(first, {}, load_id=2, state={"seen_through": "2"})
    assert second.state == {"asked": "a", "seen_through": "2"}
    assert first.state == {"asked": "a", "seen_through": "1"}


def test_a_slice_that_stayed_as_it_was_may_cover_more_days() -> None:
    _, first = after(EMPTY, {"week/2026-11-02": 7}, load_id=1, windows={"week/2026-11-02": DAYS})
    plan, second = after(first, {"week/2026-11-02": 7}, load_id=2, windows={"week/2026-11-02": MORE_DAYS})
    assert plan.unchanged == ("week/2026-11-02",)
    assert second.slices["week/2026-11-02"] == replace(
        first.slices["week/2026-11-02"], window_end=MORE_DAYS[1]
    )


def test_a_slice_that_is_dropped_and_covered_is_empty_and_not_removed() -> None:
    _, first = after(EMPTY, {"week/2026-11-02": 7, "gone": 1}, load_id=1)
    plan, second = after(
        first,
        {},
        load_id=2,
        replaces=Replaces.slices(["week/2026-11-02", "gone"]),
        covered={"week/2026-11-02": DAYS},
    )
    assert plan.removed == ("gone", "week/2026-11-02")
    assert second.removed == {"gone": 2}
    assert (second.slices["week/2026-11-02"].rows, second.slices["week/2026-11-02"].load_id) == (0, 2)


_SLICES = st.dictionaries(
    st.sampled_from(["2026-11-01", "2026-11-02", "000001", "month/2026-11-01"]), st.integers(1, 3)
)


@given(st.lists(st.tuples(_SLICES, st.frozensets(st.sampled_from(["2026-11-01", "000001"]))), max_size=5))
def test_every_file_holds_listed_slices_only_and_every_slice_with_rows_has_a_file(
    landings: list[tuple[dict[str, int], frozenset[str]]],
) -> None:
    manifest = EMPTY
    expected: dict[str, int] = {}
    for load_id, (staged, dropped) in enumerate(landings, start=1):
        _, manifest = after(manifest, staged, load_id=load_id, replaces=Replaces.slices(dropped))
        expected = {key: rows for key, rows in expected.items() if key not in dropped} | staged
        assert {key: entry.rows for key, entry in manifest.slices.items()} == expected
        in_files = {key: name for name, entry in manifest.files.items() for key in entry.slices}
        assert in_files == {key: entry.file for key, entry in manifest.slices.items()}
        assert sum(len(entry.slices) for entry in manifest.files.values()) == len(in_files)
        assert not manifest.removed.keys() & manifest.slices.keys()
