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


def test_another_shape_is_told_and_costs_nothing_that_is_stored(bench: Bench) -> None:
    items = bench.standard()
    bench.hold(items)
    bench.landed()
    before = bench.rows()
    restated = [replace(item, amount=7_000, label=None) if item.number == 19 else item for item in items]
    later = NOW + bench.case.changes_seen_after
    bench.hold(restated, at=later)
    for kind in (Drift.VANISHED, Drift.RENAMED, Drift.RETYPED):
        bench.case.drift(kind)
        told = bench.land(at=later).errors.get(bench.case.stream.id, f"nothing of it that {kind}")
        assert bench.case.place in told
        assert re.search("intact|unchanged|Nothing was stored", told)
        assert bench.rows() == before, kind
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
