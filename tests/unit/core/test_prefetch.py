"""Items arrive in order, errors after them, and nothing is left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.meter import Meter, current_meter, metering
from connectors.core.prefetch import prefetched


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(), max_size=20), st.integers(1, 4))
def test_all_items_come_in_order(items: list[int], ahead: int) -> None:
    assert list(prefetched(items, ahead=ahead)) == items


def test_an_error_comes_after_the_items_before_it() -> None:
    def source() -> Iterator[int]:
        yield 1
        yield 2
        raise KeyError("broken")

    got: list[int] = []
    with pytest.raises(KeyError, match="broken"):
        got.extend(prefetched(source()))
    assert got == [1, 2]


def test_the_next_item_is_made_while_the_first_is_used() -> None:
    second_made = threading.Event()

    def source() -> Iterator[int]:
        yield 1
        second_made.set()
        yield 2

    items = prefetched(source())
    assert next(items) == 1
    assert second_made.wait(timeout=30)
    assert list(items) == [2]


def test_no_more_items_are_made_than_may_wait() -> None:
    made: list[int] = []
    third_made = threading.Event()

    def source() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            if number == 3:
                third_made.set()
            yield number

    with closing(prefetched(source(), ahead=2)) as items:  # type: ignore[type-var]
        next(items)
        assert third_made.wait(timeout=30)
    assert made == [0, 1, 2, 3], "one used, two waiting, one in the hand of the thread"


def test_the_thread_ends_when_the_reader_stops_early() -> None:
    before = set(threading.enumerate())
    with closing(prefetched(iter(range(1000)))) as items:  # type: ignore[type-var]
        next(items)
        assert len(set(threading.enumerate()) - before) == 1
    assert set(threading.enumerate()) == before


def test_what_is_fetched_ahead_counts_on_the_meter_of_the_reader() -> None:
    def source() -> Iterator[int]:
        for number in range(3):
            current_meter().requested()
            yield number

    with metering(Meter()) as meter:
        list(prefetched(source()))
    assert meter.requests == 3
