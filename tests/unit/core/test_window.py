"""Which days a window holds, how windows are cut, and which days a report is asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.core.window import Ask, DateWindow, days_to_ask, oldest_wanted, spans

_FIRST = date(2026, 1, 1)
_DAY = st.integers(0, 60).map(lambda offset: _FIRST + timedelta(days=offset))
_WINDOW = st.builds(
    lambda start, length: DateWindow(start, start + timedelta(days=length)), _DAY, st.integers(1, 40)
)


def days_of(windows: list[DateWindow]) -> list[date]:
    """Days of consecutive windows."""
    return [day for window in windows for day in window.days()]


def test_a_window_ends_before_its_end_and_says_so() -> None:
    window = DateWindow(date(2026, 11, 1), date(2026, 11, 4))
    assert (len(window), window.last) == (3, date(2026, 11, 3))
    assert date(2026, 11, 3) in window
    assert date(2026, 11, 4) not in window
    assert "2026-11-03" not in window
    assert str(window) == "2026-11-01 to 2026-11-03"
    assert str(DateWindow.inclusive(window.start, window.start)) == "2026-11-01"


@pytest.mark.parametrize("end", [date(2026, 11, 1), date(2026, 10, 31)])
def test_a_window_without_a_day_is_refused(end: date) -> None:
    with pytest.raises(ValueError, match="no day from 2026-11-01"):
        DateWindow(date(2026, 11, 1), end)


@given(_WINDOW, st.integers(1, 50))
def test_parts_of_a_window_are_that_window_and_none_is_too_long(window: DateWindow, days: int) -> None:
    parts = list(window.split(days))
    assert days_of(parts) == list(window.days())
    assert all(1 <= len(part) <= days for part in parts)
    assert all(len(part) == days for part in parts[:-1])


@given(_WINDOW, _DAY, _DAY)
def test_a_clipped_window_holds_the_days_that_both_have(window: DateWindow, first: date, last: date) -> None:
    clipped = window.clip(first, last)
    assert days_of([clipped] if clipped else []) == [day for day in window.days() if first <= day <= last]


@given(st.lists(_DAY))
def test_spans_hold_exactly_the_days_in_order_and_never_touch(days: list[date]) -> None:
    windows = spans(days)
    assert days_of(windows) == sorted(set(days))
    assert all(before.end < after.start for before, after in pairwise(windows))


@given(
    listed=st.sets(_DAY),
    first=_DAY,
    last=_DAY,
    reread_days=st.integers(0, 50),
    also=st.none() | _WINDOW,
    earliest=st.none() | _DAY,
)
def test_missing_restated_and_closing_days_are_asked_once_in_order(
    *,
    listed: set[date],
    first: date,
    last: date,
    reread_days: int,
    also: DateWindow | None,
    earliest: date | None,
) -> None:
    asked = days_to_ask(
        listed=listed,
        first=first,
        last=last,
        reread_days=reread_days,
        ask=Ask(also=also),
        earliest=earliest,
    )
    begin = max(first, earliest or first)
    wanted = [
        day
        for day in (begin + timedelta(days=offset) for offset in range((last - begin).days + 1))
        if day not in listed or (last - day).days < reread_days or (also is not None and day in also)
    ]
    assert days_of(asked) == wanted


@given(
    requested=_WINDOW, listed=st.sets(_DAY), first=_DAY, last=_DAY, earliest=st.none() | _DAY, also=_WINDOW
)
def test_requested_days_are_asked_and_no_others_as_far_as_the_api_can_tell(
    *,
    requested: DateWindow,
    listed: set[date],
    first: date,
    last: date,
    earliest: date | None,
    also: DateWindow,
) -> None:
    asked = days_to_ask(
        listed=listed,
        first=first,
        last=last,
        reread_days=3,
        ask=Ask(requested=requested, also=also),
        earliest=earliest,
    )
    assert days_of(asked) == [
        day for day in requested.days() if day <= last and (earliest is None or day >= earliest)
    ]


@pytest.mark.parametrize(
    ("start", "since", "wanted"),
    [
        (None, None, None),
        (None, datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)),
        (date(2026, 11, 3), None, datetime(2026, 11, 2, 20, 30, tzinfo=UTC)),
        (date(2026, 11, 3), datetime(2026, 11, 2, 20, tzinfo=UTC), datetime(2026, 11, 2, 20, 30, tzinfo=UTC)),
        (date(2026, 11, 3), datetime(2026, 11, 2, 21, tzinfo=UTC), datetime(2026, 11, 2, 21, tzinfo=UTC)),
    ],
)
def test_records_are_wanted_from_the_later_of_start_and_since(
    start: date | None, since: datetime | None, wanted: datetime | None
) -> None:
    assert oldest_wanted(start, since, zone="Asia/Tehran") == wanted
