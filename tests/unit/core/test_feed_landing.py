"""Whose day it is, and how often rows that moved are read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from connectors.core.errors import PageDriftError, TransientError
from connectors.core.feed_landing import FeedLanding
from tests.unit.core.toy_connector import VISITS
from tests.unit.core.toy_workspace import Toy


@pytest.mark.parametrize(
    ("day_zone", "today"),
    [("source", date(2026, 11, 7)), ("brand", date(2026, 11, 7)), ("America/Los_Angeles", date(2026, 11, 6))],
)
def test_today_is_that_of_the_zone_of_the_streams_days(toy: Toy, day_zone: str, today: date) -> None:
    stream = replace(VISITS, day_zone=day_zone)
    found: list[date] = []
    at = datetime(2026, 11, 6, 21, tzinfo=UTC)
    toy.directly(FeedLanding, at, lambda landing: found.append(landing.today(stream)))
    assert found == [today]


def readings(toy: Toy, errors: list[Exception]) -> int:
    """How often a window is read that fails with ``errors``, one after the other."""
    left = list(errors)
    count = 0

    def read() -> None:
        nonlocal count
        count += 1
        if left:
            raise left.pop(0)

    try:
        toy.directly(
            FeedLanding, datetime(2026, 11, 6, tzinfo=UTC), lambda landing: landing.until_still(read)
        )
    except (PageDriftError, TransientError):
        return -count
    return count


def test_rows_that_moved_are_read_again_thrice_at_most(toy: Toy) -> None:
    drift: list[Exception] = [PageDriftError("moved")] * 3
    assert readings(toy, []) == 1
    assert readings(toy, drift[:1]) == 2
    assert readings(toy, drift[:2]) == 3
    assert readings(toy, drift) == -3


def test_other_errors_are_not_a_reason_to_read_again(toy: Toy) -> None:
    assert readings(toy, [TransientError("down")]) == -1
