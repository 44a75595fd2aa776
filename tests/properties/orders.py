"""Drawn orders of a shop and what they amount to, reckoned in Python from the definitions of the KPIs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from connectors.orders.streams import ORDERS
from tests.properties.drawn import DrawnBrand, Rates, moments, money
from tests.properties.zone import MemoryZone

CUSTOMERS = (*(("id", f"c{number}") for number in range(5)), ("email", "e1"), ("email", "e2"), None)


@dataclass(frozen=True)
class Rules:
    """Rules of the source, as in ``sanjeh.yml``."""

    require_customer: bool = False
    require_positive_price: bool = True
    returns: str = "subtract"
    returns_are_activity: bool = False
    cancellation_prefix: str | None = None
    bad_debt_prefix: str | None = None
    counted_statuses: tuple[str, ...] = ()

    def entry(self) -> dict[str, Any]:
        """The rules in ``sanjeh.yml``."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in vars(self).items()
            if value not in (None, ())
        }


@dataclass(frozen=True)
class Order:
    """One version of an order; moments are UTC without zone."""

    order_id: str
    ordered_at: datetime
    customer: tuple[str, str] | None
    goods: Decimal
    updated_at: datetime | None = None
    discount: Decimal | None = None
    shipping: Decimal | None = None
    total: Decimal | None = None
    refunded: Decimal | None = None
    refunded_at: datetime | None = None
    status: str | None = None
    currency: str | None = None
    campaign: str | None = None
    country: str | None = None
    is_test: bool | None = None
    flags: str | None = None
    is_deleted: bool = False

    def row(self) -> dict[str, Any]:
        """The raw row."""
        kind, value = self.customer or ("id", None)
        return {
            "order_id": self.order_id,
            "ordered_at": self.ordered_at,
            "updated_at": self.updated_at,
            "customer_id": value if kind == "id" else None,
            "customer_email_hmac": value if kind == "email" else None,
            "is_role_customer_email": False if kind == "email" else None,
            "customer_email_flags": self.flags,
            "status": self.status,
            "goods_amount": self.goods,
            "discount_amount": self.discount,
            "shipping_amount": self.shipping,
            "total_amount": self.total,
            "refunded_amount": self.refunded,
            "refunded_at": self.refunded_at,
            "currency_code": self.currency,
            "utm_campaign": self.campaign,
            "country": self.country,
            "is_test": self.is_test,
            "_is_deleted": self.is_deleted,
        }

    @property
    def value(self) -> Decimal:
        """Goods minus discount."""
        return self.goods - (self.discount or 0)

    @property
    def is_fully_refunded(self) -> bool:
        """Nothing is left of it."""
        return self.value > 0 and (self.refunded or 0) >= self.value

    def is_marked(self, rules: Rules) -> bool:
        """A test, of staff, or bad debt."""
        flags = (self.flags or "").split(";")
        is_bad_debt = bool(rules.bad_debt_prefix) and self.order_id.startswith(rules.bad_debt_prefix or "")
        return bool(self.is_test) or "test" in flags or "staff" in flags or is_bad_debt

    def has_counted_status(self, rules: Rules) -> bool:
        """Its status is one that counts."""
        return not rules.counted_statuses or (self.status or "").strip().lower() in rules.counted_statuses

    def counts(self, rules: Rules) -> bool:
        """It counts as an order."""
        is_cancelled = bool(rules.cancellation_prefix) and self.order_id.startswith(
            rules.cancellation_prefix or ""
        )
        return (
            self.has_counted_status(rules)
            and not self.is_marked(rules)
            and not is_cancelled
            and (self.customer is not None or not rules.require_customer)
            and (self.goods > 0 or not rules.require_positive_price)
        )

    def is_activity(self, rules: Rules) -> bool:
        """It makes its customer a buyer."""
        as_return = (
            rules.returns_are_activity and self.has_counted_status(rules) and not self.is_marked(rules)
        )
        return self.customer is not None and (self.counts(rules) or as_return)


rules = st.builds(
    Rules,
    require_customer=st.booleans(),
    require_positive_price=st.booleans(),
    returns=st.sampled_from(["subtract", "subtract", "ignore"]),
    returns_are_activity=st.booleans(),
    cancellation_prefix=st.sampled_from([None, "C"]),
    bad_debt_prefix=st.sampled_from([None, "A"]),
    counted_statuses=st.sampled_from([(), ("paid", "shipped")]),
)


@st.composite
def orders(draw: st.DrawFn, brand: DrawnBrand, *, most: int = 16) -> list[list[Order]]:
    """Loads of order versions; a later one replaces an earlier, deletes it or refunds it."""
    maybe = lambda strategy: st.one_of(st.none(), strategy)  # noqa: E731
    loads: list[list[Order]] = [[], [], []]
    for number in range(draw(st.integers(0, most))):
        order = Order(
            order_id=draw(st.sampled_from(["", "", "", "C", "A"])) + str(number),
            ordered_at=draw(moments(brand)),
            customer=draw(st.sampled_from(CUSTOMERS)),
            goods=draw(money),
            shipping=draw(maybe(money)),
            total=draw(maybe(money)),
            status=draw(st.sampled_from([None, "Paid", "shipped ", "cancelled"])),
            currency=draw(st.sampled_from([None, "EUR", "EUR", "usd", "IRR"])),
            campaign=draw(st.sampled_from([None, "spring", "autumn"])),
            country=draw(st.sampled_from([None, "IR", "DE"])),
            is_test=draw(st.sampled_from([None, False, False, False, True])),
            flags=draw(st.sampled_from([None, None, None, "vip", "vip;staff", "test"])),
        )
        order = replace(
            order, discount=draw(st.sampled_from([None, Decimal(0), order.goods / 4, order.goods]))
        )
        order = replace(order, discount=order.discount and order.discount.quantize(Decimal("0.000001")))
        load = draw(st.integers(0, 2))
        loads[load].append(order)
        change = draw(st.sampled_from(["none", "none", "refund", "full refund", "correct", "delete"]))
        later = min(2, load + draw(st.integers(0, 2)))
        if change == "none":
            continue
        if change in {"refund", "full refund"}:
            refunded = order.value if change == "full refund" else draw(money)
            order = replace(order, refunded=refunded, refunded_at=draw(maybe(moments(brand))))
        elif change == "correct":
            order = replace(
                order, goods=draw(money), discount=None, customer=draw(st.sampled_from(CUSTOMERS))
            )
        else:
            order = replace(order, is_deleted=True)
        if later == load:
            loads[load][-1] = order
        else:
            loads[later].append(replace(order, updated_at=draw(maybe(moments(brand)))))
    return loads


def land(
    zone: MemoryZone, source: str, loads: Sequence[Sequence[Order]], windows: Sequence[tuple[date, date]]
) -> None:
    """Land each load as a slice of its own; the windows are covered by slices without rows."""
    for number, window in enumerate(windows):
        zone.land(ORDERS, source, f"covered-{number}", [], load_id=1, window=window)
    for load_id, versions in enumerate(loads, start=1):
        zone.land(ORDERS, source, f"{load_id}.csv", [order.row() for order in versions], load_id=load_id)


def newest(loads: Sequence[Sequence[Order]]) -> list[Order]:
    """The orders that stand after all loads."""
    standing: dict[str, Order] = {}
    for versions in loads:
        standing.update({order.order_id: order for order in versions})
    return [order for order in standing.values() if not order.is_deleted]


@dataclass
class Reckoned:
    """Daily amounts of additive measures by segment, and who bought on which days."""

    daily: dict[tuple[str, tuple[str, str]], dict[date, Decimal | None]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    active_days: dict[tuple[str, str], set[date]] = field(default_factory=lambda: defaultdict(set))
    order_days: dict[tuple[str, str], list[date]] = field(default_factory=lambda: defaultdict(list))


def reckon(found: Iterable[Order], rules: Rules, brand: DrawnBrand, rates: Rates) -> Reckoned:
    """What the orders amount to."""
    reckoned = Reckoned()
    found = list(found)
    # Where an order says where its buyer came from, the others are known not to.
    has_touches = any(order.campaign and order.counts(rules) for order in found)
    nowhere = "(not set)" if has_touches else "(none)"

    def add(measure: str, order: Order, day: date, amount: Decimal, *, is_money: bool = True) -> None:
        currency = (order.currency or brand.currency).upper()
        converted = rates.convert(amount, currency, day) if is_money else amount
        for segment in (
            ("overall", "all"),
            ("campaign", order.campaign or nowhere),
            ("country", order.country or "(none)"),
        ):
            by_day = reckoned.daily[measure, segment]
            before = by_day.get(day, Decimal(0))
            by_day[day] = None if before is None or converted is None else before + converted

    for order in found:
        day = brand.day(order.ordered_at)
        if order.is_activity(rules):
            assert order.customer is not None
            reckoned.active_days[order.customer].add(day)
        if not order.counts(rules):
            continue
        add("orders", order, day, Decimal(1), is_money=False)
        add("order_value", order, day, order.value)
        add("aov_order_value", order, day, order.value)
        paid = order.total if order.total is not None else order.value + (order.shipping or 0)
        add("paid_value", order, day, paid)
        if (order.refunded or 0) > 0 and rules.returns == "subtract":
            at = order.refunded_at or order.updated_at or order.ordered_at
            # What can't be converted is unknown whichever its sign.
            add("order_value", order, brand.day(at), -(order.refunded or Decimal(0)))
        if order.customer is not None and not order.is_fully_refunded:
            reckoned.order_days[order.customer].append(day)
    return reckoned


def loyalty(
    reckoned: Reckoned, start: date, end: date, before: date | None, *, has_before: bool
) -> dict[tuple[str, str], int | None]:
    """Numerators and denominators of the loyalty KPIs for the period ``[start, end)``.

    ``before`` is the first day of the period before; ``has_before`` says that the orders reach back before the period.
    """

    def buyers(first: date | None, last: date) -> set[tuple[str, str]]:
        return {
            customer
            for customer, days in reckoned.active_days.items()
            if first is not None and any(first <= day < last for day in days)
        }

    now, earlier = buyers(start, end), buyers(before, start)
    first_days = {customer: min(days) for customer, days in reckoned.order_days.items()}
    window = [
        [day for day in days if end - timedelta(days=365) <= day < end]
        for days in reckoned.order_days.values()
    ]
    trailing = [days for days in window if days]
    cohort = [customer for customer, first in first_days.items() if start <= first < end]
    repurchased = [
        customer
        for customer in cohort
        if any(0 < (day - first_days[customer]).days <= 90 for day in reckoned.order_days[customer])
    ]
    return {
        ("customers", "numerator"): len(now),
        ("customer_retention_rate", "numerator"): len(now & earlier) if has_before else None,
        ("customer_retention_rate", "denominator"): len(earlier) if has_before else None,
        ("returning_customer_rate", "numerator"): len(
            [customer for customer in now if first_days.get(customer, end) < start]
        ),
        ("returning_customer_rate", "denominator"): len(now),
        ("repeat_purchase_rate", "numerator"): len([days for days in trailing if len(days) > 1]),
        ("repeat_purchase_rate", "denominator"): len(trailing),
        ("purchase_frequency", "numerator"): sum(len(days) for days in trailing),
        ("new_customer_repurchase_rate_90d", "numerator"): len(repurchased),
        ("new_customer_repurchase_rate_90d", "denominator"): len(cohort),
    }


def outside(found: Iterable[Order], days: Collection[date], brand: DrawnBrand) -> set[str]:
    """Ids of orders with a moment on none of ``days``."""
    return {
        order.order_id
        for order in found
        for at in (order.ordered_at, order.updated_at, order.refunded_at)
        if at is not None and brand.day(at) not in days
    }
