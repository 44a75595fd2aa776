"""What networks and gateways do to answers, and what limits and credentials do to requests."""

from __future__ import annotations

import re

import pytest

from tests.contract.conformance.bench import Bench
from tests.contract.conformance.case import FOR_EVER, Breadth, NetworkedCase
from tests.contract.conformance.stored import content_unlike, not_in
from tests.contract.conformance.undisturbed import Undisturbed
from tests.fakes.faults import Fault

PASSING = (
    Fault.THROTTLED,
    Fault.THROTTLED_WITH_RETRY_AFTER,
    Fault.SERVER_ERROR,
    Fault.CUT_CONNECTION,
    Fault.HTML_PAGE,
    Fault.HTML_PAGE_WITH_200,
    Fault.ERROR_WITH_200,
)


@pytest.fixture
def breadth() -> Breadth:
    """All calls go the same way."""
    return Breadth.SOME


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_leaves_no_trace(
    bench: Bench, wire: NetworkedCase, undisturbed: Undisturbed, fault: Fault
) -> None:
    bench.hold(bench.standard())
    wire.api.order(fault)
    wire.api.order(fault, after=1, matches=wire.asks_for_stream)
    wire.api.order(fault, after=undisturbed.requests // 2)
    bench.landed()
    assert content_unlike(bench.content(), undisturbed.content) == []
    assert wire.requests >= undisturbed.requests + 3
    if fault is Fault.THROTTLED_WITH_RETRY_AFTER and wire.hears_retry_after:
        assert sum(wait >= 2 for wait in bench.time.waits) >= 3


def test_an_expired_token_is_renewed(bench: Bench, wire: NetworkedCase, undisturbed: Undisturbed) -> None:
    bench.hold(bench.standard())
    wire.api.order(Fault.EXPIRED_TOKEN, after=undisturbed.requests // 2)
    run = bench.land()
    if not wire.renews_credentials:
        assert any("the credentials are refused" in error for error in run.errors.values())
        run = bench.land()
    assert run.errors == {}
    assert content_unlike(bench.content(), undisturbed.content) == []


def test_a_fault_without_end_costs_nothing_that_is_stored(
    bench: Bench, wire: NetworkedCase, undisturbed: Undisturbed
) -> None:
    bench.hold(bench.standard())
    bench.landed()
    before = bench.stored().slices()
    wire.api.order(Fault.SERVER_ERROR, times=FOR_EVER)
    run = bench.land()
    assert run.errors
    assert all("still failing after" in error for error in run.errors.values())
    assert all("goes on from there" in error for error in run.errors.values())
    assert bench.stored().slices() == before
    wire.heal()
    bench.landed()
    assert content_unlike(bench.content(), undisturbed.content) == []


def test_a_used_up_quota_ends_the_run_and_the_next_one_goes_on(
    bench: Bench, wire: NetworkedCase, undisturbed: Undisturbed
) -> None:
    bench.hold(bench.standard())
    wire.api.order(Fault.QUOTA_EXHAUSTED, times=FOR_EVER, after=2 * undisturbed.requests // 3)
    run = bench.land(**wire.serial_keys())
    assert run.errors
    assert all("goes on" in error for error in run.errors.values())
    first = bench.stored().slices()
    # What commits once, as a snapshot does, lands as a whole or not at all.
    assert bool(first) == (undisturbed.commits > 1)
    assert not_in(bench.content(), undisturbed.content) == []
    wire.heal()
    bench.landed(**wire.serial_keys())
    assert content_unlike(bench.content(), undisturbed.content) == []
    assert first.items() <= bench.stored().slices().items()


def test_a_refusal_is_told_and_costs_nothing_that_is_stored(
    bench: Bench, wire: NetworkedCase, undisturbed: Undisturbed
) -> None:
    bench.hold(bench.standard())
    bench.landed()
    before, asked = bench.stored().slices(), wire.requests
    wire.api.order(Fault.FORBIDDEN, times=FOR_EVER)
    run = bench.land()
    assert run.errors
    assert all("have no right to this" in error or "refused" in error for error in run.errors.values())
    assert all("sanjeh check" in error for error in run.errors.values())
    assert all(bench.case.place in error for error in run.errors.values())
    assert wire.requests - asked <= 2 * len(run.errors) + 2
    assert bench.stored().slices() == before
    wire.heal()
    bench.landed()
    assert content_unlike(bench.content(), undisturbed.content) == []


def test_a_page_that_comes_again_and_again_ends_the_reading(bench: Bench, wire: NetworkedCase) -> None:
    bench.hold(bench.standard())
    wire.repeat_pages()
    run = bench.land()
    # An offset repeats nothing by itself: there it shows as rows that come twice.
    assert re.search("not proven to be whole|came twice", run.errors[bench.case.stream.id])
    assert bench.rows() == []
    wire.heal()
    bench.landed()
    assert bench.wrong(bench.standard()) == []
