"""Values that scorecards and objectives look at, from the oracle's own cells; kpi-formulas.md, "Targets".

A segment has cells where something happened only. A total of one that is known at all is 0 in the other periods whose rest
is known. A value from too few answers is withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.known_company.oracle.catalogue import KPIS, MEASURES
from tests.known_company.oracle.cells import OVERALL, Cell, CellKey, Segment
from tests.known_company.oracle.feeds import Brand
from tests.known_company.oracle.periods import Period


@dataclass(frozen=True)
class Seen:
    """A KPI in a period.

    Attributes:
        share: of the period, up to the newest loaded day; None where nothing is loaded.
        previous, year_ago: value of the period before and of the counterpart a year before, withheld likewise.
    """

    value: float | None
    numerator: Decimal | None
    status: str
    loaded_through: date | None
    share: float | None
    previous: float | None
    year_ago: float | None


NOTHING = Seen(None, None, "not_loaded", None, None, None, None)


def is_total(kpi_id: str) -> bool:
    """Whether values of days add up to that of their month."""
    kpi = KPIS[kpi_id]
    return not kpi.denominator and all(MEASURES[measure].additivity == "additive" for measure in kpi.measures)


class Watch:
    """Looks into the cells of a brand."""

    def __init__(self, brand: Brand, cells: Mapping[CellKey, Cell]) -> None:
        self.brand = brand
        self._cells = cells
        self._known = {
            (key.kpi_id, key.grain, key.segment_type, key.segment)
            for key in cells
            if key.brand_id == brand.brand_id
        }

    def see(self, kpi_id: str, segment: Segment, period: Period) -> Seen:
        """What a scorecard or key result is told of a period."""
        cell = self._cell(kpi_id, segment, period.grain, period.start)
        if cell is None:
            return NOTHING
        calendar = self.brand.calendar
        length, told = (period.end - period.start).days, cell.loaded_through
        return Seen(
            _shown(cell),
            cell.numerator,
            cell.status or "",
            told,
            None if told is None else max(0, min(length, (told - period.start).days + 1)) / length,
            _shown(self._cell(kpi_id, segment, period.grain, calendar.before(period).start)),
            _shown(self._cell(kpi_id, segment, period.grain, calendar.year_ago(period))),
        )

    def _cell(self, kpi_id: str, segment: Segment, grain: str, start: date | None) -> Cell | None:
        if start is None:
            return None
        place = (self.brand.brand_id, kpi_id, grain, start.isoformat())
        found = self._cells.get(CellKey(*place, *segment))
        whole = self._cells.get(CellKey(*place, *OVERALL))
        if found is not None or segment == OVERALL or whole is None or whole.numerator is None:
            return found
        if not is_total(kpi_id) or (kpi_id, grain, *segment) not in self._known:
            return None
        return Cell(Decimal(0), None, 0.0, whole.status, loaded_through=whole.loaded_through)


def _shown(cell: Cell | None) -> float | None:
    return None if cell is None or cell.status == "low_sample" else cell.value
