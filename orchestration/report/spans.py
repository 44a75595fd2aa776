"""Which periods a report is about: the newest closed one with data, the running one after it, and the trend.

A period is closed when the brand's day of the run has reached its end. A day on which only few of the
watched KPIs are known yet doesn't become the reported one: at least half of those that had a value in the
last periods must have one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

TREND_PERIODS = {"day": 56, "week": 27, "month": 25, "quarter": 9}
"""Periods of a trend, the newest included; a year and the one before, where that is legible."""
LOOKED_BACK = 8

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Span:
    """The reported period and, where data reach beyond it, the running one; rows of ``dim_period``."""

    reported: Row
    running: Row | None


def span_of(periods: Sequence[Row], known: Mapping[date, int], *, today: date) -> Span | None:
    """The span over ``periods``, oldest first; None where nothing is known.

    Args:
        periods: consecutive rows of ``dim_period``.
        known: how many watched KPIs have a value, by first day of the period.
        today: the brand's day of the run.
    """
    with_data = [period for period in periods if known.get(period["period_start"], 0)]
    if not with_data:
        return None
    newest = with_data[-1]
    closed = [period for period in with_data if period["period_end"] <= today]
    most = max((known[period["period_start"]] for period in closed[-LOOKED_BACK:]), default=0)
    whole = [period for period in closed if known[period["period_start"]] * 2 >= most]
    if not whole:
        return Span(reported=newest, running=None)
    reported = whole[-1]
    is_later = newest["period_start"] > reported["period_start"]
    return Span(reported=reported, running=newest if is_later else None)


def trend_of(periods: Sequence[Row], *, grain: str, through: date) -> list[Row]:
    """The last periods up to the one that starts on ``through``."""
    return [period for period in periods if period["period_start"] <= through][-TREND_PERIODS[grain] :]
