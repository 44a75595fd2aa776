"""What the families of the oracle hand to the KPI layer: amounts per day and per period, and loaded days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Settings of a brand that shape its numbers.

    Attributes:
        week_start: weekday as of ``date.weekday()``; Monday is 0, Saturday 5.
        as_of: the clock's day in the brand's zone.
        attribution_rule: first, last_non_direct, linear or position_based.
    """

    brand_id: str
    timezone: str
    currency: str
    calendar: str
    week_start: int
    fiscal_year_start: int
    gross_margin: Decimal | None
    as_of: date
    attribution_rule: str = "last_non_direct"
    window_days: int = 30


@dataclass(frozen=True, slots=True)
class Daily:
    """An additive amount of one day; None is an amount that is not known (no exchange rate)."""

    source: str
    measure: str
    day: date
    segment_type: str
    segment: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Periodic:
    """An amount of one whole period. ``source`` is None where it is computed across sources."""

    source: str | None
    measure: str
    grain: str
    start: date
    segment_type: str
    segment: str
    amount: Decimal | None
    sample: int | None = None
    is_immature: bool = False
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One stream of a source: which days it is loaded for.

    Attributes:
        stream: ``<connector>/<stream>``.
        spans: half-open spans of loaded days, in any order, overlaps allowed.
        expect: ``daily``, ``none`` or the last expected day.
    """

    source: str
    stream: str
    spans: Sequence[tuple[date, date]]
    expect: str | date = "daily"
    usable_after_days: int = 0
    final_after_days: int = 0
