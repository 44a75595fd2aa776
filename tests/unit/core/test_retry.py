"""What each kind of failed call becomes, how long is waited before, and what the error says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.errors import (
    AuthError,
    ConnectorError,
    IncompleteError,
    PermanentError,
    QuotaError,
    ScopeError,
    TransientError,
)
from connectors.core.meter import Meter, metering
from connectors.core.redaction import register_secret
from connectors.core.retry import CallError, Kind, RetryPolicy, incomplete, persist
from tests.unit.core.fake_clock import FakeClock

WHAT = "Source shop, GET visits of 2026-11-01"


def answers(*outcomes: CallError | str) -> Callable[[], str]:
    """A call with these outcomes one after the other, the last for ever."""
    left: list[CallError | str] = list(outcomes)

    def call() -> str:
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, CallError):
            raise outcome
        return outcome

    return call


def outcome(
    call: Callable[[], str],
    *,
    policy: RetryPolicy = RetryPolicy(attempts=3),  # noqa: B008 - frozen
    clock: FakeClock | None = None,
    refresh: Callable[[], bool] | None = None,
    pause: Callable[[float], None] | None = None,
) -> str:
    """What comes of ``call``."""
    clock = clock or FakeClock()
    return persist(call, what=WHAT, policy=policy, clock=clock.clock, refresh=refresh, pause=pause)


@pytest.mark.parametrize(
    ("kind", "expected", "advice"),
    [
        (Kind.RETRY, TransientError, r"still failing after 3 tries \(it said so\).*the next run goes on"),
        (Kind.THROTTLED, TransientError, r"still failing after 3 tries \(it said so\).*the next run goes on"),
        (Kind.QUOTA, QuotaError, r"allowance of the day is used up \(it said so\).*after the vendor's reset"),
        (Kind.AUTH, AuthError, r"credentials are refused \(it said so\).*correct the variable.*sanjeh check"),
        (Kind.FORBIDDEN, ScopeError, r"no right to this \(it said so\). Grant the right.*sanjeh check"),
        (Kind.REFUSED, PermanentError, r"request is refused \(it said so\).*sanjeh\.yml.*report this"),
    ],
)
def test_each_kind_becomes_its_own_error_that_says_where_and_what_to_do(
    kind: Kind, expected: type[ConnectorError], advice: str
) -> None:
    with pytest.raises(ConnectorError, match=advice) as caught:
        outcome(answers(CallError(kind, "it  said\nso. ")))
    assert type(caught.value) is expected
    assert str(caught.value).startswith(f"{WHAT}: ")
    assert "\n" not in str(caught.value)


def test_a_single_try_is_told_as_one() -> None:
    with pytest.raises(TransientError, match=r"still failing after 1 try \(down\)"):
        outcome(answers(CallError(Kind.RETRY, "down")), policy=RetryPolicy(attempts=1))


@pytest.mark.parametrize("kind", [Kind.QUOTA, Kind.AUTH, Kind.FORBIDDEN, Kind.REFUSED])
def test_what_cannot_succeed_is_not_tried_again(kind: Kind) -> None:
    clock = FakeClock()
    with metering(Meter()) as meter, pytest.raises(PermanentError if kind is not Kind.QUOTA else QuotaError):
        outcome(answers(CallError(kind, "no"), "too late"), clock=clock)
    assert (clock.waits, meter.retries) == ([], 0)


@pytest.mark.parametrize("kind", [Kind.RETRY, Kind.THROTTLED])
def test_a_call_succeeds_when_it_fails_fewer_times_than_there_are_tries(kind: Kind) -> None:
    clock = FakeClock()
    error = CallError(kind, "busy")
    with metering(Meter()) as meter:
        assert outcome(answers(error, error, "whole"), clock=clock) == "whole"
    assert (len(clock.waits), meter.retries) == (2, 2)
    assert meter.waited_seconds == sum(clock.waits)


def test_the_vendors_own_wait_goes_first() -> None:
    clock = FakeClock()
    calls = answers(CallError(Kind.THROTTLED, "slow", wait=7), CallError(Kind.RETRY, "down", wait=0), "whole")
    assert outcome(calls, clock=clock) == "whole"
    assert clock.waits == [7, 0]


def test_a_vendor_that_asks_for_too_long_a_wait_ends_the_run_of_the_source() -> None:
    clock = FakeClock()
    policy = RetryPolicy(longest_wait_seconds=900)
    with pytest.raises(QuotaError, match=r"asks to wait 3,600 s \(slow\), longer than a run waits"):
        outcome(answers(CallError(Kind.THROTTLED, "slow", wait=3600), "late"), policy=policy, clock=clock)
    assert clock.waits == []
    longest = CallError(Kind.THROTTLED, "slow", wait=900)
    assert outcome(answers(longest, "whole"), policy=policy, clock=clock) == "whole"


def test_a_pause_is_told_to_all_only_when_the_vendor_throttles() -> None:
    pauses: list[float] = []
    calls = answers(CallError(Kind.RETRY, "down", wait=3), CallError(Kind.THROTTLED, "slow", wait=5), "whole")
    assert outcome(calls, pause=pauses.append) == "whole"
    assert pauses == [5]


@given(
    attempt=st.integers(1, 40),
    backoff=st.floats(0, 60),
    cap=st.floats(0.01, 600),
)
def test_jitter_stays_between_half_and_the_whole_of_a_wait_that_doubles_up_to_a_cap(
    attempt: int, backoff: float, cap: float
) -> None:
    policy = RetryPolicy(backoff_seconds=backoff, cap_seconds=cap)
    longest = min(cap, backoff * 2 ** (attempt - 1))
    assert longest / 2 <= policy.wait_before(attempt) <= longest


def test_waits_differ_between_calls_that_failed_together() -> None:
    policy = RetryPolicy(backoff_seconds=30)
    assert len({policy.wait_before(1) for _ in range(20)}) > 1


class Keys:
    """Credentials with some new ones to get."""

    def __init__(self, left: Sequence[bool]) -> None:
        self.left = list(left)
        self.asked = 0

    def refresh(self) -> bool:
        """Whether there was a new one."""
        self.asked += 1
        return self.left.pop(0)


def test_expired_credentials_are_refreshed_without_a_wait() -> None:
    clock, keys = FakeClock(), Keys([True])
    assert outcome(answers(CallError(Kind.AUTH, "expired"), "whole"), clock=clock, refresh=keys.refresh)
    assert (keys.asked, clock.waits) == (1, [])


def test_credentials_are_refreshed_once_only() -> None:
    keys = Keys([True, True])
    with pytest.raises(AuthError, match="expired"):
        outcome(answers(CallError(Kind.AUTH, "expired")), refresh=keys.refresh)
    assert keys.asked == 1


def test_credentials_that_have_no_successor_are_refused_at_once() -> None:
    keys = Keys([False])
    with pytest.raises(AuthError, match="expired"):
        outcome(answers(CallError(Kind.AUTH, "expired"), "too late"), refresh=keys.refresh)
    assert keys.asked == 1


def test_an_error_of_the_refresh_is_the_error_of_the_call() -> None:
    def refresh() -> bool:
        raise TransientError("the token server is down")

    with pytest.raises(TransientError, match="token server"):
        outcome(answers(CallError(Kind.AUTH, "expired")), refresh=refresh)


def test_other_errors_pass_unchanged() -> None:
    def call() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        outcome(call)


@pytest.mark.parametrize("kind", list(Kind))
def test_an_error_shows_no_secret_wherever_it_stands(kind: Kind) -> None:
    register_secret("retry/s3cret key")
    with pytest.raises(ConnectorError) as caught:
        persist(
            answers(CallError(kind, "at /x?key=retry%2Fs3cret%20key: " + "retry/s3cret key " * 40)),
            what="Source shop, GET /of/retry/s3cret key",
            policy=RetryPolicy(attempts=1),
            clock=FakeClock().clock,
        )
    assert "s3cret" not in str(caught.value)
    assert "key=***" in str(caught.value)


def test_a_long_answer_is_cut_in_the_error() -> None:
    with pytest.raises(TransientError) as caught:
        outcome(answers(CallError(Kind.RETRY, "x" * 10_000)))
    assert len(str(caught.value)) < 600


def test_an_answer_that_is_not_proven_whole_says_that_nothing_was_stored() -> None:
    error = incomplete(WHAT, "12 of 15 rows came.")
    assert isinstance(error, IncompleteError)
    assert str(error).startswith(f"{WHAT}: 12 of 15 rows came. ")
    assert "nothing of it was stored" in str(error)
