"""Units of targets: what people write (25 percent, 1200 GBP) becomes a number in the KPI's own unit."""

from __future__ import annotations

from decimal import Decimal

from orchestration.scorecards.catalogue import MONEY, RATIO, CatalogueKpi
from orchestration.yaml_source import closest

PERCENT = "percent"


def allowed_units(kpi: CatalogueKpi, currency: str) -> tuple[str, ...]:
    """Units that a target of ``kpi`` may be written in, the plainest first."""
    if kpi.unit == RATIO:
        return (RATIO, PERCENT)
    if kpi.unit == MONEY:
        return (currency, MONEY)
    return (kpi.unit,)


def in_kpi_unit(value: float, unit: str | None) -> float:
    """``value`` written in ``unit`` as the KPI counts it; 8 percent are 0.08 to the last bit."""
    return float(Decimal(str(value)) / 100) if unit == PERCENT else value


def unit_problem(unit: str | None, kpi: CatalogueKpi, currency: str) -> str | None:
    """Why a number in ``unit`` says nothing about ``kpi``; None where it does, or where no unit is given."""
    allowed = allowed_units(kpi, currency)
    if unit is None or unit in allowed:
        return None
    if kpi.unit == MONEY and len(unit) == len(currency) and unit.isupper():
        return f"it is written in {unit}, and the brand reports in {currency}; targets are not converted"
    return f"{kpi.kpi_id} is not counted in {unit!r}. {closest(unit, allowed)}".rstrip(".")
