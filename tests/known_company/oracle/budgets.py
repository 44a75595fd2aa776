"""Plan and spend of channels by month, and what the channels brought; design section 8.

Spend is marketing cost. It is compared with the share of the month that every source of the channel has told; what one
more lead cost and one more unit of money brought is a least-squares line through the whole months of half a year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.known_company.oracle.cells import OVERALL, Cell, CellKey
from tests.known_company.oracle.feeds import Answers, Brand, Feed
from tests.known_company.oracle.money import total
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, Period

MONTHS, FEWEST_MONTHS = 6, 3
LEAST_DIFFERENCE = Fraction(1, 10)
TOLERANCE = Fraction(1, 10)
NO_CHANNEL = "(all)"


@dataclass(frozen=True)
class Pacing:
    """A channel's month; names are those of ``fct_budget_pacing``."""

    period_end: date
    budget: Decimal | None
    spend: Decimal | None
    budget_share_elapsed: float | None
    expected_spend: float | None
    pace: float | None
    projected_spend: float | None
    verdict: str
    leads: int | None
    revenue: Decimal | None
    cost_per_lead: float | None
    return_on_spend: float | None
    marginal_cost_per_lead: float | None
    marginal_return: float | None
    marginal_months: int
    loaded_through: date | None
    status: str


@dataclass(frozen=True)
class _Spent:
    """What is known of a channel's cost in a month; ``to_date`` is what all its sources have told."""

    spend: Decimal | None
    to_date: Decimal | None
    told: date | None
    is_whole: bool
    status: str


@dataclass(frozen=True)
class _Brought:
    """What a channel brought; ``is_whole`` where all days of the month are known."""

    amount: Decimal
    is_whole: bool


def pacing(
    brand: Brand,
    answers: Answers,
    cells: Mapping[CellKey, Cell],
    budgets: Mapping[tuple[str, date], Decimal],
) -> dict[tuple[str, date], Pacing]:
    """Channels by id and first day of the month.

    Args:
        brand: whose months they are.
        answers: costs by day and who tells them.
        cells: rows of the KPI facts; leads and revenue of channels are taken from them.
        budgets: plans by channel and first day of the month.
    """
    costs = _costs(brand, answers)
    feeds = [feed for feed in answers.feeds if feed.measure == "marketing_cost" and feed.loaded(brand.today)]
    known = {key.kpi_id for key in cells if (key.brand_id, key.segment_type) == (brand.brand_id, "channel")}
    found: dict[tuple[str, date], Pacing] = {}
    for channel in sorted(costs.keys() | {name for name, _ in budgets}):
        own = [feed for feed in feeds if feed.source_id in {source for source, _ in costs.get(channel, {})}]
        firsts = [start for name, start in budgets if name == channel]
        firsts += [min(feed.loaded(brand.today)) for feed in own]
        months = list(brand.calendar.periods("month", min(firsts), brand.today))
        spent = [_spent(brand, own, costs.get(channel, {}), month) for month in months]
        leads, revenue = (
            [_brought(brand, cells, kpi, channel, month) if kpi in known else None for month in months]
            for kpi in ("leads", "revenue")
        )
        for at, month in enumerate(months):
            since = max(0, at + 1 - MONTHS)
            window = spent[since : at + 1]
            found[channel, month.start] = _pacing(
                month,
                budgets.get((channel, month.start)),
                spent[at],
                (leads[at], revenue[at]),
                (_points(window, leads[since : at + 1]), _points(window, revenue[since : at + 1])),
            )
    return found


def _costs(brand: Brand, answers: Answers) -> dict[str, dict[tuple[str, date], Decimal | None]]:
    """Amounts by source and day of each channel, of days that the source is asked about."""
    horizon = max(brand.calendar.period(grain, brand.today).end for grain in GRAINS)
    asked = {
        feed.source_id: feed.expected(brand.today, horizon) | feed.loaded(brand.today)
        for feed in answers.feeds
        if feed.measure == "marketing_cost"
    }
    found: dict[str, dict[tuple[str, date], Decimal | None]] = defaultdict(dict)
    for (source, measure, day, (segment_type, channel)), amount in answers.daily.items():
        is_cost = measure == "marketing_cost" and segment_type == "channel"
        if is_cost and day <= brand.today and day in asked.get(source, frozenset()):
            found[channel][source, day] = amount
    return dict(found)


def _spent(
    brand: Brand, feeds: Sequence[Feed], costs: Mapping[tuple[str, date], Decimal | None], month: Period
) -> _Spent:
    horizon = max(brand.calendar.period(grain, brand.today).end for grain in GRAINS)
    expected: set[date] = set()
    missing: set[date] = set()
    overdue: set[date] = set()
    for feed in feeds:
        wanted = feed.expected(brand.today, horizon) & frozenset(month.days())
        lacks = wanted - feed.loaded(brand.today)
        expected |= wanted
        missing |= lacks
        overdue |= {day for day in lacks if day + timedelta(days=feed.usable_after_days) < brand.today}
    loaded = expected - missing
    if not loaded:
        return _Spent(None, None, None, False, "not_loaded")
    told = max(loaded)
    of_month = {key: amount for key, amount in costs.items() if key[1] in month}
    spend = total(of_month.values())
    to_date = total(amount for (_, day), amount in of_month.items() if day <= told)
    ends = [feed.expect_until if feed.expect == "until" else None for feed in feeds]
    closed = month.end
    if None not in ends:
        closed = min(closed, max(end for end in ends if end is not None) + ONE_DAY)
    settled = closed + timedelta(days=max(feed.final_after_days for feed in feeds))
    if overdue:
        status = "stale"
    elif spend is None:
        status = "not_loaded"
    elif brand.today < closed or settled >= brand.today:
        status = "provisional"
    else:
        status = "final"
    is_whole = month.end <= brand.today and loaded == expected and spend is not None
    return _Spent(spend, None if spend is None else to_date, told, is_whole, status)


def _brought(
    brand: Brand, cells: Mapping[CellKey, Cell], kpi_id: str, channel: str, month: Period
) -> _Brought | None:
    place = (brand.brand_id, kpi_id, "month", month.start.isoformat())
    whole = cells.get(CellKey(*place, *OVERALL))
    if channel == NO_CHANNEL or whole is None or whole.numerator is None:
        return None
    own = cells.get(CellKey(*place, "channel", channel))
    amount = Decimal(0) if own is None else own.numerator
    if amount is None:
        return None
    return _Brought(amount, whole.days_loaded == whole.days_expected and whole.status != "stale")


def _points(spent: Sequence[_Spent], brought: Sequence[_Brought | None]) -> list[tuple[Fraction, Fraction]]:
    """Spend and what it brought, of months of which all is known."""
    return [
        (Fraction(cost.spend), Fraction(result.amount))
        for cost, result in zip(spent, brought, strict=True)
        if cost.is_whole and cost.spend is not None and result is not None and result.is_whole
    ]


def slope(points: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Least-squares slope; None of fewer than three points and where spend differs by no more than a tenth."""
    places = [x for x, _ in points]
    if len(points) < FEWEST_MONTHS:
        return None
    if max(places) - min(places) <= LEAST_DIFFERENCE * max(abs(x) for x in places):
        return None
    count = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def _pacing(
    month: Period,
    budget: Decimal | None,
    spent: _Spent,
    brought: tuple[_Brought | None, _Brought | None],
    points: tuple[list[tuple[Fraction, Fraction]], list[tuple[Fraction, Fraction]]],
) -> Pacing:
    days = (month.end - month.start).days
    share = None if spent.told is None else Fraction((spent.told - month.start).days + 1, days)
    expected = None if budget is None or share is None else Fraction(budget) * share
    so_far = None if spent.to_date is None else Fraction(spent.to_date)
    leads, revenue = brought
    of_leads, of_revenue = (slope(each) for each in points)
    return Pacing(
        month.end,
        budget,
        spent.spend,
        _float(share),
        _float(expected),
        _ratio(so_far, expected),
        _ratio(so_far, share),
        _verdict(so_far, expected, share),
        None if leads is None else int(leads.amount),
        None if revenue is None else revenue.amount,
        _ratio(spent.spend, None if leads is None else leads.amount),
        _ratio(None if revenue is None else revenue.amount, spent.spend),
        float(1 / of_leads) if of_leads is not None and of_leads > 0 else None,
        _float(of_revenue),
        max(len(each) for each in points),
        spent.told,
        spent.status,
    )


def _verdict(so_far: Fraction | None, expected: Fraction | None, share: Fraction | None) -> str:
    if so_far is None or share is None:
        return "no_data"
    if expected is None:
        return "no_budget"
    if so_far > expected * (1 + TOLERANCE):
        return "over_budget"
    if so_far < expected * (1 - TOLERANCE):
        return "under_budget"
    return "on_budget"


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _ratio(over: Fraction | Decimal | None, under: Fraction | Decimal | None) -> float | None:
    if over is None or not under:
        return None
    return float(Fraction(over) / Fraction(under))
