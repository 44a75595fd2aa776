"""Sums of HubSpot's e-mail counters: by the moment of sending, with percentages as the API derives them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any

COUNTERS = (
    *("sent", "delivered", "open", "click", "bounce", "hardbounced", "softbounced", "unsubscribed"),
    *("spamreport", "dropped", "selected", "notsent", "pending", "contactslost", "suppressed"),
)
_RATIOS = {
    "openratio": ("open", "delivered"),
    "clickratio": ("click", "delivered"),
    "clickthroughratio": ("click", "open"),
    "bounceratio": ("bounce", "sent"),
    "unsubscribedratio": ("unsubscribed", "delivered"),
    "deliveredratio": ("delivered", "sent"),
    "spamreportratio": ("spamreport", "delivered"),
}
_STEPS = {"HOUR": timedelta(hours=1), "DAY": timedelta(days=1), "WEEK": timedelta(days=7)}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
INTERVALS = (*_STEPS, *_MONTHS)


@dataclass
class Send:
    """One sending of an e-mail; ``counters`` grow while recipients open and click, the moment stays."""

    email_id: int
    at: datetime
    counters: dict[str, int] = field(default_factory=dict)


def statistics(sends: Iterable[Send]) -> dict[str, Any]:
    """Counters of ``sends`` summed, ratios in percent, devices of the opens."""
    counters = dict.fromkeys(COUNTERS, 0)
    for send in sends:
        for name, value in send.counters.items():
            counters[name] += value
    ratios = {name: _percent(counters[part], counters[whole]) for name, (part, whole) in _RATIOS.items()}
    computer, mobile = counters["open"] // 16, counters["open"] // 55
    devices = {"computer": computer, "mobile": mobile, "unknown": counters["open"] - computer - mobile}
    return {
        "counters": counters,
        "ratios": ratios,
        "deviceBreakdown": {"open_device_type": devices},
        "qualifierStats": {},
    }


def intervals(
    start: datetime, end: datetime, *, interval: str, zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """The calendar intervals of ``zone`` that touch ``start`` to ``end``, in order; weeks begin on Monday."""
    current = _floor(start.astimezone(zone), interval)
    while current < end:
        following = _next(current, interval)
        yield current, following
        current = following


def _floor(moment: datetime, interval: str) -> datetime:
    if interval == "HOUR":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if interval == "DAY":
        return day
    if interval == "WEEK":
        return day - timedelta(days=day.weekday())
    months = _MONTHS[interval]
    return day.replace(day=1, month=(day.month - 1) // months * months + 1)


def _next(moment: datetime, interval: str) -> datetime:
    if interval in _STEPS:
        return moment + _STEPS[interval]
    months = moment.month - 1 + _MONTHS[interval]
    return moment.replace(year=moment.year + months // 12, month=months % 12 + 1)


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 3) if whole else 0
