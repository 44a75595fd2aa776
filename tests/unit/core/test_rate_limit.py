"""An allowance is never exceeded, whoever asks and whenever; a pause holds for all."""

from __future__ import annotations

import threading
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.meter import Meter, metering
from connectors.core.rate_limit import Limits, Rate, RateLimiter
from tests.unit.core.fake_clock import FakeClock

_STEP = st.one_of(
    st.tuples(st.just("call"), st.integers(0, 5)),
    st.tuples(st.just("nothing"), st.integers(0, 20)),
    st.tuples(st.just("pause"), st.integers(0, 20)),
    st.tuples(st.just("pause meanwhile"), st.integers(0, 20)),
)


@settings(max_examples=60)
@given(st.integers(1, 5), st.integers(1, 10), st.lists(_STEP, max_size=40))
def test_no_span_of_time_has_more_calls_than_the_rate_and_none_starts_in_a_pause(
    calls: int, seconds: int, steps: list[tuple[str, int]]
) -> None:
    clock = FakeClock()
    limiter = RateLimiter(Rate(calls=calls, seconds=seconds), clock.clock)
    starts: list[float] = []
    paused: list[tuple[float, float]] = []

    def pause(length: int) -> None:
        paused.append((clock.now, clock.now + length))
        limiter.pause(length)

    for what, length in steps:
        if what == "call":
            with limiter.call():
                starts.append(clock.now)
                clock.pass_(length)
        elif what == "nothing":
            clock.pass_(length)
        elif what == "pause":
            pause(length)
        else:
            clock.meanwhile = partial(pause, length)
    assert all(late - early >= seconds for early, late in zip(starts, starts[calls:], strict=False))
    assert not [start for start in starts for begin, end in paused if begin < start < end]


def test_calls_wait_no_longer_than_the_rate_needs() -> None:
    clock = FakeClock()
    limiter = RateLimiter(Rate(calls=2, seconds=10), clock.clock)
    starts = []
    for _ in range(5):
        with limiter.call():
            starts.append(clock.now)
    assert starts == [0, 0, 10, 10, 20]


def test_a_pause_holds_for_a_call_that_is_waiting_already() -> None:
    clock = FakeClock()
    limiter = RateLimiter(Rate(calls=1, seconds=10), clock.clock)
    with limiter.call():
        pass
    clock.meanwhile = lambda: limiter.pause(60)
    with limiter.call():
        assert clock.now == 60


def test_the_longer_of_two_pauses_holds() -> None:
    clock = FakeClock()
    limiter = RateLimiter(Rate(calls=100, seconds=1), clock.clock)
    limiter.pause(30)
    limiter.pause(5)
    with limiter.call():
        assert clock.now == 30


def test_waits_count_on_the_current_meter() -> None:
    clock = FakeClock()
    limiter = RateLimiter(Rate(calls=1, seconds=10), clock.clock)
    with metering(Meter()) as meter:
        for _ in range(3):
            with limiter.call():
                pass
    assert (meter.waited_seconds, meter.retries) == (20, 0)


def test_as_many_calls_as_allowed_run_at_once_and_no_more() -> None:
    limiter = RateLimiter(Rate(calls=1000, seconds=1, concurrent=2), FakeClock().clock)
    both_inside = threading.Barrier(2, timeout=30)
    lock = threading.Lock()
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(3):
            with limiter.call():
                with lock:
                    inside += 1
                    most = max(most, inside)
                both_inside.wait()
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (most, inside, both_inside.broken) == (2, 0, False)


def test_calls_of_many_threads_share_one_allowance() -> None:
    clock = FakeClock()
    limiter = RateLimiter(Rate(calls=5, seconds=10), clock.clock)
    reserved: list[float] = []

    def work() -> None:
        for _ in range(5):
            with limiter.call():
                reserved.append(clock.now)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(reserved) == 20
    assert clock.now >= 30, "20 calls of which 5 may start in 10 seconds"


def test_one_name_has_one_limiter_whatever_rate_is_asked_later() -> None:
    limits = Limits(FakeClock().clock)
    first = limits.of("shop:1", Rate(calls=1, seconds=1))
    assert limits.of("shop:1", Rate(calls=99, seconds=1)) is first
    assert limits.of("shop:2", Rate(calls=1, seconds=1)) is not first
