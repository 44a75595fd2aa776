"""Days of insights end at midnight in California, whatever the season."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from connectors.core.window import DateWindow
from connectors.graph.days import bounds, day_ending_at, values_by_day


@pytest.mark.parametrize(
    ("end_time", "day"),
    [
        ("2026-11-02T08:00:00+0000", date(2026, 11, 1)),
        ("2026-11-01T07:00:00+0000", date(2026, 10, 31)),
        ("2026-07-02T07:00:00+0000", date(2026, 7, 1)),
        ("2026-07-02T00:00:00-0700", date(2026, 7, 1)),
    ],
)
def test_a_day_is_named_by_the_moment_it_ends(end_time: str, day: date) -> None:
    assert day_ending_at(end_time) == day


def test_a_question_reaches_from_midnight_to_midnight() -> None:
    asked = bounds(DateWindow.inclusive(date(2026, 11, 1), date(2026, 11, 1)))
    since, until = (
        datetime.fromisoformat(at).timestamp() for at in ("2026-11-01T07:00+00:00", "2026-11-02T08:00+00:00")
    )
    assert asked == {"since": since, "until": until}


def test_a_neighbour_and_a_day_without_a_value_are_left_out() -> None:
    metric = {
        "name": "reach",
        "values": [
            {"value": 1, "end_time": "2026-11-01T07:00:00+0000"},
            {"value": 0, "end_time": "2026-11-02T08:00:00+0000"},
            {"end_time": "2026-11-03T08:00:00+0000"},
            {"value": 4, "end_time": "2026-11-04T08:00:00+0000"},
        ],
    }
    window = DateWindow.inclusive(date(2026, 11, 1), date(2026, 11, 2))
    assert list(values_by_day([metric], window)) == [("reach", date(2026, 11, 1), 0)]
