"""What a brand's families tell the spine: settings, which days each source has told, and amounts of measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from tests.known_company.oracle.catalogue import MEASURES
from tests.known_company.oracle.cells import OVERALL, Amount, Segment
from tests.known_company.oracle.periods import ONE_DAY, Calendar, days, local_day

CARRIED_DAYS = 7


@dataclass(frozen=True)
class Brand:
    """A brand's settings; ``as_of`` is the clock of the run that published."""

    brand_id: str
    timezone: str
    currency: str
    calendar: Calendar
    as_of: datetime
    gross_margin: Decimal | None = None

    @property
    def today(self) -> date:
        """The brand's day at ``as_of``."""
        return local_day(self.as_of, self.timezone)


@dataclass(frozen=True)
class Feed:
    """One source of one measure.

    Attributes:
        spans: half-open spans of loaded days.
        expect: ``daily``, ``none`` or ``until``.
        expect_until: last day that is expected; with ``until`` only.
        usable_after_days, final_after_days: of the slowest stream behind it.
    """

    source_id: str
    measure: str
    spans: tuple[tuple[date, date], ...]
    expect: str = "daily"
    expect_until: date | None = None
    usable_after_days: int = 0
    final_after_days: int = 0

    @property
    def merged(self) -> list[tuple[date, date]]:
        """Spans that neither overlap nor touch, in order."""
        found: list[tuple[date, date]] = []
        for start, end in sorted(span for span in self.spans if span[0] < span[1]):
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def loaded(self, today: date) -> frozenset[date]:
        """Loaded days up to today; counts taken at a moment hold for at most 7 days more."""
        return _loaded(self, today)

    def expected(self, today: date, horizon: date) -> frozenset[date]:
        """Days that the source should have, from its first loaded day; ``horizon`` is the day after the last."""
        return _expected(self, today, horizon)


@cache
def _loaded(feed: Feed, today: date) -> frozenset[date]:
    carried = CARRIED_DAYS if MEASURES[feed.measure].additivity == "semi_additive" else 0
    return frozenset(
        day
        for start, end in feed.merged
        for day in days(start, min(end + timedelta(days=carried), today + ONE_DAY))
    )


@cache
def _expected(feed: Feed, today: date, horizon: date) -> frozenset[date]:
    loaded = feed.loaded(today)
    if not loaded:
        return frozenset()
    # Told by the source itself; a carried day is not.
    newest = max(min(end - ONE_DAY, today) for start, end in feed.merged if start <= today)
    if feed.expect == "none":
        return frozenset(day for day in loaded if day <= newest)
    if feed.expect == "daily":
        last = horizon - ONE_DAY
    else:
        last = min(max(feed.expect_until or newest, newest), horizon - ONE_DAY)
    return frozenset(days(min(loaded), last + ONE_DAY))


@dataclass
class Answers:
    """What a brand's measures amount to.

    Attributes:
        feeds: every source of every measure; a measure without one does not exist.
        daily: by source, measure, day and segment; overall rows are segment ``OVERALL``.
        periodic: by source (None: across sources), measure, grain, start of the period and segment.
    """

    feeds: list[Feed] = field(default_factory=list)
    daily: dict[tuple[str, str, date, Segment], Decimal | None] = field(default_factory=dict)
    periodic: dict[tuple[str | None, str, str, date, Segment], Amount] = field(default_factory=dict)

    def add(
        self,
        source_id: str,
        measure: str,
        day: date,
        amount: Decimal | int | None,
        segment: Segment = OVERALL,
    ) -> None:
        """Add to a day's amount; once unknown it stays unknown."""
        key = (source_id, measure, day, segment)
        known = self.daily.get(key, Decimal(0))
        self.daily[key] = None if known is None or amount is None else known + amount

    def merge(self, other: Answers) -> None:
        """Take over another family's answers."""
        self.feeds += other.feeds
        for key, amount in other.daily.items():
            self.add(key[0], key[1], key[2], amount, key[3])
        if clash := self.periodic.keys() & other.periodic.keys():
            raise ValueError(f"two families answer {sorted(map(str, clash))[0]}")
        self.periodic |= other.periodic
