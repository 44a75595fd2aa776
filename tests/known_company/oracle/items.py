"""Recurring revenue from histories of subscription items; contracts.md, section 3, and kpi-formulas.md, "MRR".

What an item is worth at the end of a local day is reckoned in fractions and rounded half up once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.money import Rates
from tests.known_company.oracle.periods import days, local_day
from tests.known_company.oracle.snapshots import Balances, Moment, from_moments

PAYING = frozenset({"active", "past_due"})
_MONTHS = {"day": Fraction(365, 12), "week": Fraction(52, 12), "month": Fraction(1), "year": Fraction(1, 12)}


@dataclass(frozen=True, slots=True)
class Tier:
    """Units up to a bound (None: all others), a price of each, a fee once it is reached."""

    up_to: int | None
    unit: Decimal
    flat: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemState:
    """What an item is from ``effective_at`` until its next state."""

    item: str
    subscription: str
    subscriber: str
    effective_at: datetime
    status: str = "active"
    is_paused: bool = False
    quantity: Decimal = Decimal(1)
    unit_amount: Decimal | None = None
    currency: str = "EUR"
    interval: str = "month"
    interval_count: int = 1
    is_metered: bool = False
    tiers: tuple[Tier, ...] = ()
    is_volume: bool = False
    percent: Decimal | None = None
    amount_off: Decimal | None = None
    duration: str | None = None
    discount_ends_at: datetime | None = None
    cancels_at_period_end: bool = False
    period_end: datetime | None = None
    is_deleted: bool = False

    @property
    def months(self) -> Fraction:
        """Months' worth of one billing period's price."""
        return _MONTHS[self.interval] / self.interval_count

    @property
    def price(self) -> Decimal:
        """Of a billing period, before discounts."""
        if not self.tiers:
            return (self.unit_amount or Decimal(0)) * self.quantity
        total, below = Decimal(0), Decimal(0)
        for tier in self.tiers:
            bound = self.quantity if tier.up_to is None else Decimal(tier.up_to)
            if self.quantity > below:
                if self.is_volume:
                    total = self.quantity * tier.unit + tier.flat
                else:
                    total += (min(self.quantity, bound) - below) * tier.unit + tier.flat
            below = bound
        return total


def answers(
    brand: Brand, source: str, states: Iterable[ItemState], rates: Rates, *, first: date, end: date
) -> Answers:
    """Measures of one source whose state is known from ``first`` until before ``end``."""
    histories: dict[str, list[tuple[date, ItemState]]] = defaultdict(list)
    for state in sorted(states, key=lambda each: each.effective_at):
        histories[state.item].append((local_day(state.effective_at, brand.timezone), state))
    moments = {
        day: Moment(day, balances(brand, histories.values(), day))
        for day in days(first, end)
        if day <= brand.today
    }
    return from_moments(brand, source, moments, rates)


def balances(brand: Brand, histories: Iterable[list[tuple[date, ItemState]]], day: date) -> Balances:
    """Monthly amounts by subscriber and currency at the end of a local day."""
    counted: dict[tuple[str, str], list[tuple[ItemState, Fraction]]] = defaultdict(list)
    for history in histories:
        state = next((state for since, state in reversed(history) if since <= day), None)
        if state is not None and _counts(brand, state, day):
            gross = Fraction(state.price) * state.months
            if _is_discounted(brand, state, day) and state.percent:
                gross *= 1 - Fraction(state.percent) / 100
            counted[state.subscription, state.currency].append((state, gross))
    found: Balances = defaultdict(Decimal)
    for items in counted.values():
        together = sum((gross for _, gross in items), Fraction(0))
        for state, gross in items:
            left = Fraction(1)
            if _is_discounted(brand, state, day) and state.amount_off and together:
                left = max(Fraction(0), 1 - Fraction(state.amount_off) * state.months / together)
            amount = _rounded(gross * left)
            if amount > 0:
                found[state.subscriber, state.currency] += amount
    return dict(found)


def _counts(brand: Brand, state: ItemState, day: date) -> bool:
    if state.status not in PAYING or state.is_paused or state.is_metered or state.is_deleted:
        return False
    ended = (
        state.cancels_at_period_end
        and state.period_end is not None
        and local_day(state.period_end, brand.timezone) <= day
    )
    return state.price > 0 and not ended


def _is_discounted(brand: Brand, state: ItemState, day: date) -> bool:
    """Forever, or repeating and not over; ``once`` reduces nothing."""
    if state.duration == "once":
        return False
    if state.duration == "forever" or state.discount_ends_at is None:
        return True
    return local_day(state.discount_ends_at, brand.timezone) > day


def _rounded(amount: Fraction) -> Decimal:
    scaled = amount * 1_000_000
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-6).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
