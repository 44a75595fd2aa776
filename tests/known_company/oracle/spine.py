"""Which rows the KPI facts have, what they hold and which status: design section 6 and decision 0002 in plain Python.

A brand's families say which days each source told and what the measures amount to (``feeds.py``);
:func:`cells` does the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from tests.known_company.oracle.catalogue import KPIS, MARGIN, MEASURES, Kpi
from tests.known_company.oracle.cells import OVERALL, Amount, Cell, CellKey, Segment, value_of, weigh
from tests.known_company.oracle.feeds import Answers, Brand, Feed
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, Period

__all__ = ["Answers", "Brand", "Feed", "cells"]

_ALL = "(all)"


@dataclass(frozen=True)
class _Told:
    """A brand with the sources of each measure; ``horizon`` is the day after the last that is expected."""

    brand: Brand
    feeds: Mapping[str, list[Feed]]
    horizon: date

    def sources(self, measure: str) -> set[str]:
        """Sources that tell a measure."""
        return {feed.source_id for feed in self.feeds.get(measure, [])}

    def has_parts(self, kpi: Kpi) -> bool:
        """Whether every part of the KPI is told."""
        needs_margin = any(weight == MARGIN for _, weight in kpi.terms)
        return kpi.measures <= self.feeds.keys() and not (needs_margin and self.brand.gross_margin is None)


@dataclass(frozen=True)
class _Days:
    """Days of a KPI and scope that are expected, loaded, and overdue."""

    expected: frozenset[date]
    loaded: frozenset[date]
    overdue: frozenset[date]

    @property
    def sets(self) -> tuple[frozenset[date], ...]:
        """All three."""
        return self.expected, self.loaded, self.overdue


Scoped = dict[tuple[str, str], dict[Period, dict[Segment, Amount]]]


def cells(brand: Brand, answers: Answers) -> dict[CellKey, Cell]:
    """Every row of the four KPI facts of a brand."""
    feeds: dict[str, list[Feed]] = defaultdict(list)
    for feed in answers.feeds:
        if feed.loaded(brand.today):
            feeds[feed.measure].append(feed)
    horizon = max(brand.calendar.period(grain, brand.today).end for grain in GRAINS)
    told = _Told(brand, dict(feeds), horizon)
    found: dict[CellKey, Cell] = {}
    for grain in GRAINS:
        amounts = _scoped_amounts(told, answers, grain)
        for kpi_id, kpi in KPIS.items():
            if told.has_parts(kpi):
                found.update(_cells_of(told, kpi_id, grain, amounts))
    return {key: _beside(brand, key, cell, found) for key, cell in found.items()}


def _beside(brand: Brand, key: CellKey, cell: Cell, found: Mapping[CellKey, Cell]) -> Cell:
    """The cell with the values of the period before and of a year before, by the calendar and not by row."""
    period = brand.calendar.period(key.grain, date.fromisoformat(key.period_start))
    starts = (brand.calendar.before(period).start, brand.calendar.year_ago(period))
    values = [
        other.value if start and (other := found.get(replace(key, period_start=start.isoformat()))) else None
        for start in starts
    ]
    return replace(cell, previous=values[0], year_ago=values[1])


def _scoped_amounts(told: _Told, answers: Answers, grain: str) -> Scoped:
    """Amounts by measure and scope: of all sources together, and of each that tells a measure on its own."""
    brand = told.brand
    by_source: dict[tuple[str | None, str], dict[Period, dict[Segment, list[Amount]]]] = {}

    def put(source: str | None, measure: str, period: Period, segment: Segment, amount: Amount) -> None:
        rows = by_source.setdefault((source, measure), {}).setdefault(period, {})
        rows.setdefault(segment, []).append(amount)

    asked = {
        (feed.source_id, measure): feed.expected(brand.today, told.horizon) | feed.loaded(brand.today)
        for measure, feeds in told.feeds.items()
        for feed in feeds
    }
    for (source, measure, day, segment), amount in answers.daily.items():
        if day <= brand.today and day in asked.get((source, measure), frozenset()):
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
                    or (rule == "single" and len(told.sources(measure)) == 1)
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


def _cells_of(told: _Told, kpi_id: str, grain: str, amounts: Scoped) -> Iterator[tuple[CellKey, Cell]]:
    kpi, brand = KPIS[kpi_id], told.brand
    sources = sorted(set().union(*(told.sources(measure) for measure in kpi.measures)))
    has_overall = all(
        MEASURES[measure].rule in {"sum", "brand"}
        or (MEASURES[measure].rule == "single" and len(told.sources(measure)) == 1)
        for measure in kpi.measures
    )
    first_day = max(
        min(min(feed.loaded(brand.today)) for feed in told.feeds[measure]) for measure in kpi.measures
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
        scope_days = _days_of(told, kpi, scope)
        for period, segments in rows.items():
            within = _Days(*(frozenset(period.days()) & each for each in scope_days.sets))
            for segment in segments:
                if not within.loaded and segment != OVERALL:
                    continue
                found = {
                    measure: by_period[period][segment]
                    for measure, by_period in of_scope.items()
                    if segment in by_period.get(period, {})
                }
                through = _told_through(told, kpi, scope, max(within.loaded, default=None))
                cell = replace(_cell(told, kpi, period, found, within), loaded_through=through)
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


def _days_of(told: _Told, kpi: Kpi, scope: str) -> _Days:
    """A KPI's day needs every measure; of all sources together also every source that should have it."""
    today = told.brand.today
    expected, loaded, overdue = [], [], []
    for measure in kpi.measures:
        wanted: set[date] = set()
        missing: set[date] = set()
        late: set[date] = set()
        for feed in told.feeds[measure]:
            if scope not in (_ALL, feed.source_id):
                continue
            of_feed = feed.expected(today, told.horizon)
            lacks = of_feed - feed.loaded(today)
            wanted |= of_feed
            missing |= lacks
            late |= {day for day in lacks if day + timedelta(days=feed.usable_after_days) < today}
        expected.append(wanted)
        loaded.append(wanted - missing)
        overdue.append(late)
    every = frozenset(set.intersection(*expected))
    return _Days(
        every, frozenset(every & set.intersection(*loaded)), frozenset(every & set().union(*overdue))
    )


def _told_through(told: _Told, kpi: Kpi, scope: str, day: date | None) -> date | None:
    """The newest day that a source has told of by a loaded ``day``; a count of a moment is carried."""
    if day is None:
        return None
    return max(
        min(day, end - ONE_DAY)
        for measure in kpi.measures
        for feed in told.feeds[measure]
        if scope in (_ALL, feed.source_id) and day in feed.loaded(told.brand.today)
        for start, end in feed.merged
        if start <= day
    )


def _cell(told: _Told, kpi: Kpi, period: Period, found: Mapping[str, Amount], within: _Days) -> Cell:
    margin = told.brand.gross_margin
    additive = frozenset(measure for measure in kpi.measures if MEASURES[measure].additivity == "additive")
    numerator = denominator = None
    if within.loaded:
        numerator = weigh(kpi.numerator, found, gross_margin=margin, zero=additive)
        if kpi.denominator:
            denominator = weigh(kpi.denominator, found, gross_margin=margin, zero=additive)
    value = value_of(kpi, numerator, denominator)
    needs_all_days = any(MEASURES[measure].additivity != "semi_additive" for measure in kpi.measures)
    is_stale = any(each.is_stale for each in found.values()) or bool(needs_all_days and within.overdue)
    samples = [each.sample_size for each in found.values() if each.sample_size is not None]
    sample = max(samples, default=None)
    if sample is None and denominator is not None and kpi.denominator:
        units = max(MEASURES[measure].unit for measure, _ in kpi.denominator)
        sample = int(denominator) if units == "count" else None
    waits = kpi.cohort_days > 0 and period.end + timedelta(days=kpi.cohort_days) > told.brand.today
    first_that_holds = (
        (not within.loaded or (numerator is None and not is_stale), "not_loaded"),
        (is_stale, "stale"),
        (bool(kpi.denominator) and not denominator, "no_denominator"),
        (None not in (kpi.minimum_sample, sample) and sample < kpi.minimum_sample, "low_sample"),
        (waits or any(each.is_immature for each in found.values()), "immature"),
        (_is_provisional(told, kpi, period), "provisional"),
        (True, "final"),
    )
    status = next(status for holds, status in first_that_holds if holds)
    return Cell(numerator, denominator, value, status, len(within.loaded), len(within.expected))


def _is_provisional(told: _Told, kpi: Kpi, period: Period) -> bool:
    """Not over yet, or within the finality of the slowest stream behind it."""
    feeds = [feed for measure in kpi.measures for feed in told.feeds[measure]]
    ends = [_expected_end(told.feeds[measure]) for measure in kpi.measures]
    closed = min([period.end, *(end + ONE_DAY for end in ends if end is not None)])
    settles = timedelta(days=max(feed.final_after_days for feed in feeds))
    return told.brand.today < closed or closed + settles >= told.brand.today


def _expected_end(feeds: list[Feed]) -> date | None:
    """The last day that is expected of a measure; None while one of its sources goes on."""
    ends = [feed.expect_until if feed.expect == "until" else None for feed in feeds]
    return None if None in ends else max(end for end in ends if end is not None)
