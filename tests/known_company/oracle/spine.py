"""Which rows the KPI facts have, what they hold and which status: design section 6 and decision 0002 in plain Python.

A brand's family modules say what each source told (:class:`Feed`: which days are loaded) and what the measures
amount to (:class:`Answers`); :func:`cells` does the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from tests.known_company.oracle.catalogue import KPIS, MARGIN, MEASURES, Kpi
from tests.known_company.oracle.cells import OVERALL, Amount, Cell, CellKey, Segment, value_of, weigh
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, Calendar, Period, days, local_day

CARRIED_DAYS = 7
_ALL = "(all)"


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

    @cached_property
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
        carried = CARRIED_DAYS if MEASURES[self.measure].additivity == "semi_additive" else 0
        return frozenset(
            day
            for start, end in self.merged
            for day in days(start, min(end + timedelta(days=carried), today + ONE_DAY))
        )

    def expected(self, today: date, horizon: date) -> frozenset[date]:
        """Days that the source should have, from its first loaded day; ``horizon`` is the day after the last."""
        loaded = self.loaded(today)
        if not loaded:
            return frozenset()
        newest = max(min(day, self._source_day(day)) for day in loaded)
        if self.expect == "none":
            return frozenset(day for day in loaded if day <= newest)
        if self.expect == "daily":
            last = horizon - ONE_DAY
        else:
            last = min(max(self.expect_until or newest, newest), horizon - ONE_DAY)
        return frozenset(days(min(loaded), last + ONE_DAY))

    def _source_day(self, day: date) -> date:
        """The newest loaded day at or before ``day``, before any carrying."""
        return max(min(day, end - ONE_DAY) for start, end in self.merged if start <= day)


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
        self, source_id: str, measure: str, day: date, amount: Decimal | int | None, segment: Segment = OVERALL
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


@dataclass(frozen=True)
class _Days:
    """Days of a KPI and scope that are expected, loaded, and overdue."""

    expected: frozenset[date]
    loaded: frozenset[date]
    overdue: frozenset[date]


Scoped = dict[tuple[str, str], dict[Period, dict[Segment, Amount]]]


def cells(brand: Brand, answers: Answers) -> dict[CellKey, Cell]:
    """Every row of the four KPI facts of a brand."""
    found: dict[CellKey, Cell] = {}
    feeds: dict[str, list[Feed]] = defaultdict(list)
    for feed in answers.feeds:
        if feed.loaded(brand.today):
            feeds[feed.measure].append(feed)
    horizon = max(brand.calendar.period(grain, brand.today).end for grain in GRAINS)
    for grain in GRAINS:
        amounts = _scoped_amounts(brand, answers, feeds, grain)
        for kpi_id, kpi in KPIS.items():
            if kpi.measures <= feeds.keys() and not _lacks_margin(brand, kpi):
                for key, cell in _cells_of(brand, kpi_id, kpi, grain, feeds, amounts, horizon):
                    found[key] = cell
    return found


def _lacks_margin(brand: Brand, kpi: Kpi) -> bool:
    return brand.gross_margin is None and any(weight == MARGIN for _, weight in kpi.terms)


def _scoped_amounts(brand: Brand, answers: Answers, feeds: Mapping[str, list[Feed]], grain: str) -> Scoped:
    """Amounts by measure and scope: of all sources together, and of each that tells a measure on its own."""
    by_source: dict[tuple[str | None, str], dict[Period, dict[Segment, list[Amount]]]] = {}

    def put(source: str | None, measure: str, period: Period, segment: Segment, amount: Amount) -> None:
        rows = by_source.setdefault((source, measure), {}).setdefault(period, {})
        rows.setdefault(segment, []).append(amount)

    for (source, measure, day, segment), amount in answers.daily.items():
        if day <= brand.today:
            put(source, measure, brand.calendar.period(grain, day), segment, Amount(amount))
    for (source, measure, of_grain, start, segment), amount in answers.periodic.items():
        if of_grain == grain:
            put(source, measure, brand.calendar.period(grain, start), segment, amount)

    together: dict[tuple[str, str], dict[Period, dict[Segment, list[Amount]]]] = {}
    for (source, measure), periods in by_source.items():
        rule = MEASURES[measure].rule
        for period, rows in periods.items():
            for segment, parts in rows.items():
                meets = (
                    rule == "sum"
                    or (rule == "brand" and source is None)
                    or (rule == "single" and len({feed.source_id for feed in feeds.get(measure, [])}) == 1)
                    or (rule == "never" and segment != OVERALL)
                )
                if meets and segment[0] != "source":
                    scope = together.setdefault((measure, _ALL), {}).setdefault(period, {})
                    scope.setdefault(segment, []).extend(parts)
                if source is not None and segment in (OVERALL, ("source", source)):
                    scope = together.setdefault((measure, source), {}).setdefault(period, {})
                    scope[("source", source)] = parts
    return {
        key: {
            period: {segment: _added(parts) for segment, parts in rows.items()}
            for period, rows in periods.items()
        }
        for key, periods in together.items()
    }


def _added(parts: list[Amount]) -> Amount:
    known = [part.amount for part in parts if part.amount is not None]
    samples = [part.sample_size for part in parts if part.sample_size is not None]
    return Amount(
        sum(known, Decimal(0)) if len(known) == len(parts) else None,
        sum(samples) if samples else None,
        any(part.is_immature for part in parts),
        any(part.is_stale for part in parts),
    )


def _cells_of(
    brand: Brand,
    kpi_id: str,
    kpi: Kpi,
    grain: str,
    feeds: Mapping[str, list[Feed]],
    amounts: Scoped,
    horizon: date,
) -> Iterator[tuple[CellKey, Cell]]:
    sources = sorted({feed.source_id for measure in kpi.measures for feed in feeds[measure]})
    rules = {MEASURES[measure].rule for measure in kpi.measures}
    singles = all(
        len({feed.source_id for feed in feeds[measure]}) == 1
        for measure in kpi.measures
        if MEASURES[measure].rule == "single"
    )
    has_overall = "never" not in rules and singles
    first_day = max(
        min(min(feed.loaded(brand.today)) for feed in feeds[measure]) for measure in kpi.measures
    )
    for scope in [_ALL, *sources]:
        of_scope = {measure: amounts.get((measure, scope), {}) for measure in kpi.measures}
        wanted = _wanted(kpi, of_scope, scope, sources)
        rows: dict[Period, set[Segment]] = defaultdict(set)
        for by_period in of_scope.values():
            for period, segments in by_period.items():
                rows[period] |= {segment for segment in segments if segment[0] in wanted}
        if scope == _ALL and has_overall:
            for period in brand.calendar.periods(grain, first_day, brand.today):
                rows[period].add(OVERALL)
        scope_days = _days_of(brand, kpi, feeds, scope, horizon)
        for period, segments in rows.items():
            in_period = [day for day in period.days() if day in scope_days.expected]
            loaded = [day for day in in_period if day in scope_days.loaded]
            overdue = any(day in scope_days.overdue for day in in_period)
            for segment in segments:
                if not loaded and segment != OVERALL:
                    continue
                found = {
                    measure: by_period[period][segment]
                    for measure, by_period in of_scope.items()
                    if segment in by_period.get(period, {})
                }
                cell = _cell(brand, kpi, period, found, bool(loaded), overdue, feeds)
                if segment != OVERALL:
                    cell = Cell(cell.numerator, cell.denominator, cell.value, None)
                yield CellKey(brand.brand_id, kpi_id, grain, period.start.isoformat(), *segment), cell


def _wanted(
    kpi: Kpi, of_scope: Mapping[str, dict[Period, dict[Segment, Amount]]], scope: str, sources: list[str]
) -> set[str]:
    """Breakdowns that every measure of the KPI has."""
    types = [
        {segment[0] for segments in of_scope[measure].values() for segment in segments}
        for measure in kpi.measures
    ]
    common = set.intersection(*types) - {"overall"}
    if scope == _ALL:
        return common - {"source"}
    return common & {"source"} if len(sources) > 1 else set()


def _days_of(
    brand: Brand, kpi: Kpi, feeds: Mapping[str, list[Feed]], scope: str, horizon: date
) -> _Days:
    """A KPI's day needs every measure; of all sources together also every source that should have it."""
    expected, loaded, overdue = [], [], []
    for measure in kpi.measures:
        wanted: set[date] = set()
        missing: set[date] = set()
        late: set[date] = set()
        for feed in feeds[measure]:
            if scope not in (_ALL, feed.source_id):
                continue
            of_feed = feed.expected(brand.today, horizon)
            lacks = of_feed - feed.loaded(brand.today)
            wanted |= of_feed
            missing |= lacks
            late |= {day for day in lacks if day + timedelta(days=feed.usable_after_days) < brand.today}
        expected.append(wanted)
        loaded.append(wanted - missing)
        overdue.append(late)
    every = frozenset(set.intersection(*expected))
    return _Days(
        every, frozenset(every & set.intersection(*loaded)), frozenset(every & set().union(*overdue))
    )


def _cell(
    brand: Brand,
    kpi: Kpi,
    period: Period,
    found: Mapping[str, Amount],
    is_loaded: bool,
    is_overdue: bool,
    feeds: Mapping[str, list[Feed]],
) -> Cell:
    additive = frozenset(measure for measure in kpi.measures if MEASURES[measure].additivity == "additive")
    numerator = denominator = None
    if is_loaded:
        numerator = weigh(kpi.numerator, found, gross_margin=brand.gross_margin, zero=additive)
        if kpi.denominator:
            denominator = weigh(kpi.denominator, found, gross_margin=brand.gross_margin, zero=additive)
    value = value_of(kpi, numerator, denominator)
    needs_all_days = any(MEASURES[measure].additivity != "semi_additive" for measure in kpi.measures)
    is_stale = any(each.is_stale for each in found.values()) or (needs_all_days and is_overdue)
    samples = [each.sample_size for each in found.values() if each.sample_size is not None]
    sample = max(samples, default=None)
    if sample is None and denominator is not None and kpi.denominator:
        units = max(MEASURES[measure].unit for measure, _ in kpi.denominator)
        sample = int(denominator) if units == "count" else None
    status = _status(
        brand,
        kpi,
        period,
        not_loaded=not is_loaded or (numerator is None and not is_stale),
        is_stale=is_stale,
        no_denominator=bool(kpi.denominator) and not denominator,
        low_sample=kpi.minimum_sample is not None and sample is not None and sample < kpi.minimum_sample,
        is_immature=any(each.is_immature for each in found.values()),
        feeds=[feed for measure in kpi.measures for feed in feeds[measure]],
    )
    return Cell(numerator, denominator, value, status)


def _status(
    brand: Brand,
    kpi: Kpi,
    period: Period,
    *,
    not_loaded: bool,
    is_stale: bool,
    no_denominator: bool,
    low_sample: bool,
    is_immature: bool,
    feeds: Iterable[Feed],
) -> str:
    """The first that holds."""
    if not_loaded:
        return "not_loaded"
    if is_stale:
        return "stale"
    if no_denominator:
        return "no_denominator"
    if low_sample:
        return "low_sample"
    if is_immature or period.end + timedelta(days=kpi.cohort_days) > brand.today:
        # Without a cohort a period that is not over is provisional, not immature.
        if is_immature or kpi.cohort_days:
            return "immature"
    feeds = list(feeds)
    ends = [_expected_end(kpi, measure, feeds) for measure in kpi.measures]
    closed = min([period.end, *(end + ONE_DAY for end in ends if end is not None)])
    settles = max(feed.final_after_days for feed in feeds)
    if brand.today < closed or closed + timedelta(days=settles) >= brand.today:
        return "provisional"
    return "final"


def _expected_end(kpi: Kpi, measure: str, feeds: list[Feed]) -> date | None:
    """The last day that is expected of a measure; None while one of its sources goes on."""
    ends = [feed.expect_until if feed.expect == "until" else None for feed in feeds if feed.measure == measure]
    return None if None in ends else max(end for end in ends if end is not None)
