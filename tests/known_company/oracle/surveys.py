"""NPS over the 90 days that end with a period; kpi-formulas.md, "NPS".

Whole numbers 0..10; one answer per person and wave, the latest; without waves the latest before the period's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from tests.known_company.oracle.cells import OVERALL, Amount
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, Period
from tests.known_company.records import Answer

MEASURES = ("nps_promoters_minus_detractors", "nps_responses")
WINDOW = timedelta(days=90)


def answers(
    brand: Brand, given: Iterable[Answer], spans: Sequence[tuple[date, date]], *, source: str
) -> Answers:
    """Net promoters and responses of one source per period; feeds are the caller's.

    Args:
        brand: whose periods they are.
        given: all answers of the source, unusable ones included.
        spans: its loaded days.
        source: its id.
    """
    usable = sorted(
        (each for each in given if each.score is not None and 0 <= each.score <= 10 and not each.is_test),
        key=lambda each: each.answered_at,
    )
    in_waves = {}
    for number, each in enumerate(usable):
        who = each.person if each.person is not None else f"#{number}"
        if each.wave is not None:
            in_waves[each.survey, each.wave, who] = each
    running = [(f"#{at}" if each.person is None else each.person, each)
               for at, each in enumerate(usable) if each.wave is None]  # fmt: skip
    first_day = min([*(start for start, _ in spans), *(each.day for each in given)])
    last_day = max([*(end for _, end in spans), *(each.day + WINDOW + ONE_DAY for each in usable)])
    found = Answers()
    for grain in GRAINS:
        for period in brand.calendar.periods(grain, first_day, min(last_day, brand.today)):
            window = Period("window", period.end - WINDOW, period.end)
            newest = {(each.survey, who): each for who, each in running if each.day < period.end}
            counted = [each for each in (*in_waves.values(), *newest.values()) if each.day in window]
            is_loaded = any(start < period.end and end > period.start for start, end in spans)
            if not counted and not is_loaded:
                continue
            scores = [each.score for each in counted if each.score is not None]
            net = sum(score >= 9 for score in scores) - sum(score <= 6 for score in scores)
            is_immature = (period.end - first_day).days < WINDOW.days or period.end > brand.today
            for measure, number in zip(MEASURES, (net, len(scores)), strict=True):
                found.periodic[source, measure, grain, period.start, OVERALL] = Amount(
                    Decimal(number), len(scores), is_immature
                )
    return found
