"""Faults at random, in any mixture and at any place, with fixed seeds: none loses, doubles or invents a row."""

from __future__ import annotations

import random

import pytest

from tests.contract.conformance.bench import Bench
from tests.contract.conformance.case import Breadth, Case
from tests.contract.conformance.conftest import MakeBench
from tests.contract.conformance.roster import CASES
from tests.contract.conformance.stored import content_unlike, not_in, repeated
from tests.contract.conformance.undisturbed import undisturbed_of

DRAWS = 30


@pytest.mark.parametrize("seed", range(DRAWS))
def test_no_mixture_of_faults_loses_or_doubles_a_row(seed: int, make_bench: MakeBench) -> None:
    case_type: type[Case] = CASES[seed % len(CASES)]
    # All streams in each case's first draw; then those few whose calls are like the others'.
    breadth = Breadth.ALL if seed < len(CASES) else Breadth.SOME
    undisturbed = undisturbed_of(case_type, make_bench, breadth)
    dice = random.Random(seed)
    bench = make_bench(case_type, breadth)
    bench.hold(bench.standard())
    for _ in range(dice.choice((1, 1, 2))):
        bench.case.disturb(dice, requests=undisturbed.requests)
        bench.land(**bench.case.serial_keys())
        assert repeated_rows(bench) == {}
        assert not_in(bench.content(), undisturbed.content) == []
        bench.case.heal()
    bench.landed()
    assert content_unlike(bench.content(), undisturbed.content) == []


def repeated_rows(bench: Bench) -> dict[str, list[object]]:
    """Keys that are stored twice, by stream."""
    streams = bench.source().streams()
    found = {stream.id: repeated(bench.stored().rows(stream), stream) for stream in streams}
    return {stream_id: keys for stream_id, keys in found.items() if keys}
