"""What a second run changes: the rows that changed, and nothing where nothing did."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from connectors.core.api_source import ApiSource
from connectors.core.stream import Kind
from tests.contract.conformance.bench import Bench
from tests.contract.conformance.brand import BRAND
from tests.contract.conformance.case import Breadth, Item, NetworkedCase
from tests.contract.conformance.moments import NOW, RECENT
from tests.contract.conformance.opening import SOURCE, open_zone

SOME_STREAMS = pytest.mark.parametrize("breadth", [Breadth.SOME], ids=["some streams"])


def _restated(item: Item) -> Item:
    return replace(item, amount=7_000, label="word-of-2031")


def test_restated_rows_change_and_no_others(bench: Bench) -> None:
    items = bench.standard()
    bench.hold(items)
    bench.landed()
    restated = [_restated(item) if item.number in {19, 20} else item for item in items]
    later = NOW + bench.case.changes_seen_after
    bench.hold(restated, at=later)
    bench.landed(at=later)
    assert bench.wrong(restated) == []
    new = [row for row in bench.rows() if row["_load_id"] == bench.load_id]
    # Of records only the changed ones land; a day is replaced whole, that of a snapshot is the run's own.
    rows, slice_ = {
        Kind.REPORT: (3, RECENT.isoformat()),
        Kind.ENTITY: (2, f"{bench.load_id:06d}"),
        Kind.SNAPSHOT: (len(items), later.astimezone(ZoneInfo(BRAND.timezone)).date().isoformat()),
    }[bench.case.stream.kind]
    assert len(new) == rows
    assert {row["_slice"] for row in new} == {slice_}


@SOME_STREAMS
def test_vanished_rows_are_gone(bench: Bench) -> None:
    items = bench.standard()
    bench.hold(items)
    bench.landed()
    left = [item for item in items if item.number != 19]
    later = NOW + bench.case.absence_seen_after
    bench.hold(left, at=later)
    bench.landed(at=later)
    stream = bench.case.stream
    assert bench.unlike(bench.case.expected(left)[stream.id]) == []


def test_landing_the_same_again_changes_nothing(bench: Bench) -> None:
    bench.hold(bench.standard())
    bench.landed()
    slices, files = bench.stored().slices(), bench.stored().files()
    run = bench.landed()
    assert {each.stream.id: each.changed_slices for each in run.outcomes if each.changed_slices} == {}
    assert bench.stored().slices() == slices
    assert bench.stored().files() == files


def test_another_account_under_the_same_id_is_asked_anew(bench: Bench, wire: NetworkedCase) -> None:
    """As by a source that never landed: records and days of two accounts are never mixed."""
    if isinstance(wire.another_account, str):
        pytest.skip(wire.another_account)
    bench.hold(bench.items(4))
    bench.landed()
    key, value = wire.another_account
    source = bench.source(**{key: value})
    assert isinstance(source, ApiSource)
    assert source.plan(bench.zone, now=NOW) == source.plan(open_zone(wire.folder / "elsewhere"), now=NOW)


@SOME_STREAMS
def test_two_sources_of_a_connector_stay_apart(bench: Bench) -> None:
    ours, theirs = bench.items(4), bench.items(3, begin=30)
    bench.hold(ours)
    bench.landed()
    slices, files = bench.stored().slices(), bench.stored().files()
    bench.hold(theirs)
    bench.landed(source="other")
    assert (bench.stored().slices(), bench.stored().files()) == (slices, files)
    assert bench.unlike(bench.case.expected(ours)[bench.case.stream.id], source=SOURCE) == []
    assert bench.unlike(bench.case.expected(theirs)[bench.case.stream.id], source="other") == []
