"""What the oracle answers: cells of the KPI facts, from amounts of measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.known_company.oracle.catalogue import MARGIN, Kpi
from tests.known_company.oracle.money import micro

OVERALL = ("overall", "all")
Segment = tuple[str, str]


@dataclass(frozen=True, order=True)
class CellKey:
    """One row of a KPI fact; ``period_start`` is an ISO date."""

    brand_id: str
    kpi_id: str
    grain: str
    period_start: str
    segment_type: str
    segment: str


@dataclass(frozen=True)
class Cell:
    """What the row says; days are checked on overall rows only.

    Attributes:
        days_loaded, days_expected: how much of the period is there.
        previous, year_ago: value of the period before and of a year before, where that has a row.
        loaded_through: newest day that a source has told of.
    """

    numerator: Decimal | None
    denominator: Decimal | None
    value: float | None
    status: str | None
    days_loaded: int | None = None
    days_expected: int | None = None
    previous: float | None = None
    year_ago: float | None = None
    loaded_through: date | None = None


@dataclass(frozen=True)
class Amount:
    """A measure in a period.

    Attributes:
        amount: None if it is not known, e.g. for want of an exchange rate.
        sample_size: what the low-sample rule looks at, where that is not the denominator.
        is_immature: its window reaches before the first loaded day or past today.
        is_stale: the family's own rule says that an end point is missing.
    """

    amount: Decimal | None
    sample_size: int | None = None
    is_immature: bool = False
    is_stale: bool = False


def weigh(
    terms: tuple[tuple[str, int | str], ...],
    amounts: Mapping[str, Amount],
    *,
    gross_margin: Decimal | None,
    zero: frozenset[str],
) -> Decimal | None:
    """One side of a KPI, to the six decimals of a stored sum; None if a part of it is unknown.

    Args:
        terms: measures with their weights.
        amounts: of the period and segment.
        gross_margin: of the brand.
        zero: measures without an amount that are then zero, the additive ones; others are unknown.
    """
    total = Decimal(0)
    for measure, weight in terms:
        found = amounts.get(measure)
        if found is None and measure in zero:
            continue
        if found is None or found.amount is None:
            return None
        total += found.amount * ((gross_margin or 0) if weight == MARGIN else Decimal(weight))
    return micro(total)


def value_of(kpi: Kpi, numerator: Decimal | None, denominator: Decimal | None) -> float | None:
    """``scale × numerator``, divided once where the KPI is a ratio; None instead of a division by zero."""
    if numerator is None:
        return None
    if not kpi.denominator:
        return float(kpi.scale) * float(numerator)
    if not denominator:
        return None
    return float(kpi.scale * numerator / denominator)
