"""What is counted, and on whose meter."""

from __future__ import annotations

import threading
from contextvars import copy_context

from connectors.core.meter import Meter, current_meter, metering


def test_calls_waits_and_rows_count_on_the_meter_in_use() -> None:
    with metering(Meter()) as meter:
        current_meter().requested()
        current_meter().waited(2.5)
        current_meter().waited(1.5, is_retry=True)
        current_meter().received(40)
    assert (meter.requests, meter.retries, meter.rows, meter.waited_seconds) == (1, 1, 40, 4.0)


def test_an_inner_meter_counts_alone_until_it_ends() -> None:
    with metering(Meter()) as outer:
        with metering(Meter()) as inner:
            current_meter().requested()
        current_meter().requested()
        current_meter().requested()
    assert (outer.requests, inner.requests) == (2, 1)


def test_counting_outside_of_any_landing_harms_nothing() -> None:
    current_meter().requested()
    assert current_meter().requests == 0


def test_threads_with_a_copy_of_the_context_count_on_the_same_meter() -> None:
    def work() -> None:
        for _ in range(500):
            current_meter().requested()
            current_meter().received(2)

    with metering(Meter()) as meter:
        threads = [threading.Thread(target=copy_context().run, args=(work,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (meter.requests, meter.rows) == (2000, 4000)
