"""A process that is killed in the middle of a landing leaves what the next one completes."""

from __future__ import annotations

import pytest

from tests.contract.conformance import child
from tests.contract.conformance.bench import Bench
from tests.contract.conformance.case import FOR_EVER, Breadth, NetworkedCase
from tests.contract.conformance.stored import content_unlike, not_in
from tests.contract.conformance.undisturbed import Undisturbed


@pytest.fixture
def breadth() -> Breadth:
    """Enough for several commits."""
    return Breadth.SOME


def test_a_landing_killed_between_commits_is_completed_by_the_next(
    bench: Bench, undisturbed: Undisturbed
) -> None:
    bench.hold(bench.standard())
    middle = undisturbed.commits // 2 + 1
    assert child.killed(child.start(bench, dies_before=middle))
    assert sum(rows for rows, _, _ in bench.stored().slices().values()) < undisturbed.rows
    assert not_in(bench.content(), undisturbed.content) == []
    bench.landed()
    assert content_unlike(bench.content(), undisturbed.content) == []


def test_a_landing_killed_between_pages_leaves_nothing_of_them(
    bench: Bench, wire: NetworkedCase, undisturbed: Undisturbed
) -> None:
    bench.hold(bench.standard())
    process = child.start(bench, dies_before=FOR_EVER)
    wire.api.on_request(2, process.kill, matches=wire.asks_for_stream)
    assert child.killed(process)
    assert bench.rows() == []
    wire.heal()
    bench.landed()
    assert content_unlike(bench.content(), undisturbed.content) == []
