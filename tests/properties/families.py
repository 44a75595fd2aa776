"""What the tests of all families share: a world per family, and building a drawn brand in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from tests.properties.drawn import DrawnBrand
from tests.properties.engine import World, settings_of
from tests.properties.invariants import KPI_FACTS, check_amounts, summed
from tests.properties.periods import CALENDAR_KEYS, ONE_DAY
from tests.properties.zone import MemoryZone

FIRST, LAST = date(2026, 2, 20), date(2026, 7, 25)
"""Span of the drawn clocks; daylight saving changes and Nowruz lie within."""
CALENDAR_FROM = date(2024, 10, 1)
"""Before the first day of any quarter that holds a day of the longest history (400 days before the first clock)."""


@cache
def world_of(*families: str, also: tuple[str, ...] = ()) -> World:
    """The world of the KPI facts and the models ``also``, for examples that feed ``families``."""
    return World(
        (*KPI_FACTS, *also),
        families=families,
        first=CALENDAR_FROM,
        last=date(2026, 12, 31),
        calendar_keys=CALENDAR_KEYS,
    )


def build(
    world: World,
    brand: DrawnBrand,
    zone: MemoryZone,
    sources: Mapping[str, Mapping[str, Any]],
    **of_brand: Any,
) -> None:
    """Build brand ``acme`` with ``sources`` as in ``sanjeh.yml``."""
    settings = settings_of(
        {
            "project": {"name": "Acme", "currency": "EUR"},
            "brands": {"acme": {**brand.entry(), **of_brand}},
            "sources": {name: {"brand": "acme", **source} for name, source in sources.items()},
        }
    )
    world.build(settings, zone, as_of=brand.as_of, load_id=9)


def window(brand: DrawnBrand) -> tuple[date, date]:
    """All days of the brand's history."""
    return brand.first_day, brand.today + ONE_DAY


class Daily:
    """Daily amounts by segment; what isn't known makes its day unknown."""

    def __init__(self) -> None:
        self.amounts: dict[tuple[str, tuple[str, str]], dict[date, Decimal | None]] = defaultdict(dict)

    def add(self, measure: str, segment: tuple[str, str], day: date, amount: Decimal | int | None) -> None:
        """Add an amount; None is unknown."""
        by_day = self.amounts[measure, segment]
        before = by_day.get(day, Decimal(0))
        by_day[day] = None if before is None or amount is None else before + amount

    def check(
        self, world: World, brand: DrawnBrand, kpi: str, numerator: str, denominator: str | None = None
    ) -> None:
        """See that a KPI is made of these measures, overall and by segment, where all days are loaded.

        A ratio is broken down only where both of its sides are.
        """
        first, end = window(brand)
        loaded = {first + n * ONE_DAY for n in range((end - first).days)}
        sides = {"numerator": numerator, **({"denominator": denominator} if denominator else {})}
        types = [
            {segment[0] for name, segment in self.amounts if name == measure} for measure in sides.values()
        ]
        broken_down = set.intersection(*types)
        for side, measure in sides.items():
            segments = {segment for name, segment in self.amounts if name == measure}
            for segment in {("overall", "all"), *segments}:
                if segment[0] == "overall" or segment[0] in broken_down:
                    by_day = self.amounts.get((measure, segment), {})
                    expected = summed(by_day, brand.calendar_key, loaded, first, brand.today)
                    check_amounts(world, kpi, side, expected, segment=segment)
