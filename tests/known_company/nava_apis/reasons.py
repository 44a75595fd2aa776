"""Why a cell of ``nava_apis`` is not that of ``nava``: what a vendor's API tells otherwise than its export did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.known_company.clock import END
from tests.known_company.nava.answers import BRAND
from tests.known_company.nava_apis.names import own
from tests.known_company.oracle.catalogue import KPIS
from tests.known_company.oracle.cells import CellKey
from tests.known_company.oracle.periods import Period


def _any_day(_: date) -> bool:
    return True


def _any_segment(_: CellKey) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One thing that is told otherwise.

    Attributes:
        text: what, in words.
        measures: KPIs with one of them may differ.
        is_day: whether it concerns a day; a period also for that before it and that of a year ago.
        is_row: whether it concerns a row, by its segment.
    """

    text: str
    measures: frozenset[str]
    is_day: Callable[[date], bool] = field(default=_any_day)
    is_row: Callable[[CellKey], bool] = field(default=_any_segment)

    def explains(self, key: CellKey) -> bool:
        """Whether the row that ``key`` names may differ."""
        if not (self.measures & KPIS[key.kpi_id].measures and self.is_row(key)):
            return False
        return any(self.is_day(day) for period in _periods(key) for day in period.days())


def _periods(key: CellKey) -> Iterator[Period]:
    calendar = BRAND.calendar
    period = calendar.period(key.grain, date.fromisoformat(key.period_start))
    yield period
    yield calendar.before(period)
    year_ago = calendar.year_ago(period)
    if year_ago is not None:
        yield calendar.period(key.grain, year_ago)


def since(first: date) -> Callable[[date], bool]:
    """Days from ``first`` on."""
    return lambda day: day >= first


def on(only: date) -> Callable[[date], bool]:
    """That day."""
    return lambda day: day == only


def of_source(*sources: str) -> Callable[[CellKey], bool]:
    """Rows of sources, by the names that ``nava`` gives them."""
    segments = {("source", own(source)) for source in sources}
    return lambda key: (key.segment_type, key.segment) in segments


def after_exports(measures: Iterable[str]) -> Reason:
    """An API goes on where the files have ended."""
    return Reason(
        text="exports end, an API tells of days up to the run that nothing happened",
        measures=frozenset(measures),
        is_day=since(END + timedelta(days=1)),
    )
