"""The shape of the vendor's answers changes: told where it matters, and nothing stored is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.contract.conformance.bench import Bench
from tests.contract.conformance.case import Breadth, Drift
from tests.contract.conformance.moments import NOW
from tests.contract.conformance.stored import content_unlike


@pytest.fixture
def breadth() -> Breadth:
    """All calls go the same way."""
    return Breadth.SOME


@pytest.mark.parametrize("kind", [Drift.VANISHED, Drift.RENAMED, Drift.RETYPED])
def test_another_shape_is_told_and_costs_nothing_that_is_stored(bench: Bench, kind: Drift) -> None:
    items = bench.standard()
    bench.hold(items)
    bench.landed()
    before = bench.rows()
    restated = [replace(item, amount=7_000, label=None) if item.number == 19 else item for item in items]
    later = NOW + bench.case.changes_seen_after
    bench.hold(restated, at=later)
    bench.case.drift(kind)
    run = bench.land(at=later)
    assert bench.case.place in run.errors[bench.case.stream.id]
    assert re.search("intact|unchanged|Nothing was stored", run.errors[bench.case.stream.id])
    assert bench.rows() == before
    bench.case.heal()
    bench.landed(at=later)
    assert bench.wrong(restated) == []


def test_a_new_field_disturbs_nothing(bench: Bench) -> None:
    bench.hold(bench.standard())
    bench.landed()
    before = bench.content()
    bench.case.drift(Drift.NEW)
    bench.landed()
    assert content_unlike(bench.content(), before) == []
    bench.case.heal()
    bench.landed()
    assert content_unlike(bench.content(), before) == []
