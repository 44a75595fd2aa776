"""Paging: to the end, past rows that move meanwhile, and where there is nothing."""

from __future__ import annotations

import pytest

from tests.contract.conformance.bench import Bench
from tests.contract.conformance.case import PAGE, Breadth, NetworkedCase
from tests.contract.conformance.moments import NOW, RECENT


@pytest.fixture
def breadth() -> Breadth:
    """The undisturbed landing, which others are compared with, reads all streams to the end."""
    return Breadth.SOME


@pytest.mark.parametrize("count", [2 * PAGE, 2 * PAGE + 3], ids=["full last page", "short last page"])
def test_pages_are_read_to_the_end(bench: Bench, count: int) -> None:
    items = bench.items(count)
    bench.hold(items)
    bench.landed()
    assert bench.wrong(items) == []


def test_nothing_is_an_answer(bench: Bench) -> None:
    bench.hold([])
    run = bench.landed()
    assert bench.rows() == []
    assert run.of(bench.case.stream).rows == 0
    later = bench.items(3, day=RECENT)
    bench.hold(later)
    bench.landed()
    assert bench.wrong(later) == []


def test_a_row_that_comes_between_pages_moves_none_out_of_sight(bench: Bench, wire: NetworkedCase) -> None:
    items = bench.items(2 * PAGE + 2)
    bench.hold(items)
    more = [*items, wire.in_front(items)]
    wire.api.on_request(2, lambda: bench.hold(more), matches=wire.asks_for_stream)
    run = bench.land()
    assert bench.case.stream.id not in run.errors
    # Whether the new row is there yet is the vendor's affair, the others are, once each.
    with_it, without_it = (bench.case.expected(each)[bench.case.stream.id] for each in (more, items))
    assert [] in (bench.unlike(with_it), bench.unlike(without_it))
    later = NOW + bench.case.changes_seen_after
    bench.land(at=later)
    assert bench.unlike(bench.case.expected(more)[bench.case.stream.id]) == []
