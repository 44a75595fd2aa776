"""NPS over the 90 days that end with a period; kpi-formulas.md, "NPS".

Whole numbers 0..10; one answer per person and wave, the latest; without waves the latest before the period's end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.known_company.oracle.cells import OVERALL, Amount
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, Period
from tests.known_company.records import Answer

MEASURES = ("nps_promoters_minus_detractors", "nps_responses")
WINDOW = timedelta(days=90)


@dataclass(frozen=True)
class Window:
    """Scores of the answers that count at the end of a period."""

    period: Period
    scores: tuple[int, ...]
    is_immature: bool

    @property
    def promoters(self) -> int:
        """Nines and tens."""
        return sum(score >= 9 for score in self.scores)

    @property
    def detractors(self) -> int:
        """Six and less."""
        return sum(score <= 6 for score in self.scores)

    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the score: adjusted-Wald, 3/4 more on both ends of the scale, 3 in all; within -100..100."""
        if not self.scores:
            return None
        count = len(self.scores) + 3
        up, down = (self.promoters + 0.75) / count, (self.detractors + 0.75) / count
        centre, error = up - down, math.sqrt((up + down - (up - down) ** 2) / count)
        return max(-100.0, 100 * (centre - 1.96 * error)), min(100.0, 100 * (centre + 1.96 * error))


def windows(brand: Brand, given: Iterable[Answer], spans: Sequence[tuple[date, date]]) -> Iterator[Window]:
    """Every period whose days are loaded or whose window holds an answer.

    Args:
        brand: whose periods they are.
        given: all answers of a source, unusable ones included.
        spans: its loaded days.
    """
    given = list(given)
    usable = sorted(
        (each for each in given if each.score is not None and 0 <= each.score <= 10 and not each.is_test),
        key=lambda each: each.answered_at,
    )
    named = [(f"#{at}" if each.person is None else each.person, each) for at, each in enumerate(usable)]
    in_waves = {(each.survey, each.wave, who): each for who, each in named if each.wave is not None}
    running = [(who, each) for who, each in named if each.wave is None]
    first_day = min([*(start for start, _ in spans), *(each.day for each in given)])
    last_day = max([*(end for _, end in spans), *(each.day + WINDOW + ONE_DAY for each in usable)])
    for grain in GRAINS:
        for period in brand.calendar.periods(grain, first_day, min(last_day, brand.today)):
            window = Period("window", period.end - WINDOW, period.end)
            newest = {(each.survey, who): each for who, each in running if each.day < period.end}
            counted = [each for each in (*in_waves.values(), *newest.values()) if each.day in window]
            if counted or any(start < period.end and end > period.start for start, end in spans):
                is_immature = (period.end - first_day).days < WINDOW.days or period.end > brand.today
                scores = tuple(each.score for each in counted if each.score is not None)
                yield Window(period, scores, is_immature)


def answers(
    brand: Brand, given: Iterable[Answer], spans: Sequence[tuple[date, date]], *, source: str
) -> Answers:
    """Net promoters and responses of one source per period; feeds are the caller's."""
    found = Answers()
    for window in windows(brand, given, spans):
        numbers = (window.promoters - window.detractors, len(window.scores))
        for measure, number in zip(MEASURES, numbers, strict=True):
            key = (source, measure, window.period.grain, window.period.start, OVERALL)
            found.periodic[key] = Amount(Decimal(number), len(window.scores), window.is_immature)
    return found
