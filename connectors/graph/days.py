"""Days of the Graph API's insights: Pacific ones, each named by the moment it ends at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.window import DateWindow

DAY_ZONE = "America/Los_Angeles"
_ZONE = ZoneInfo(DAY_ZONE)
_MOMENT = timedelta(seconds=1)


def midnight(day: date) -> datetime:
    """When ``day`` begins, as a UTC moment."""
    return datetime.combine(day, time(), tzinfo=_ZONE).astimezone(UTC)


def bounds(window: DateWindow) -> dict[str, object]:
    """``since`` and ``until`` of a question: values whose day ends after the one and not after the other."""
    return {
        "since": int(midnight(window.start).timestamp()),
        "until": int(midnight(window.end).timestamp()),
    }


def day_ending_at(end_time: str) -> date:
    """The day that ends at a moment, ``2026-11-02T08:00:00+0000``."""
    return (datetime.fromisoformat(end_time) - _MOMENT).astimezone(_ZONE).date()


def values_by_day(
    metrics: Sequence[Mapping[str, Any]], window: DateWindow
) -> Iterator[tuple[str, date, object]]:
    """Metric, day and value of each value of ``window``; a neighbour that the bounds let in is left out."""
    for metric in metrics:
        for each in metric["values"]:
            day = day_ending_at(each["end_time"])
            if day in window and "value" in each:
                yield metric["name"], day, each["value"]
