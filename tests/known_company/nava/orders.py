"""Orders of ``nava``: monthly files of the shop system, and files of what changed since.

Traps: midnight, Nowruz and Yalda, a day without orders, refunds in later months, full refunds, orders cancelled before
payment, pending ones that are paid later, tests, staff, replacements for nothing, gifts at a full discount, dollars on
a day without a rate, late rows, an order erased by a corrected file, a corrected amount, a file dropped twice.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.customers import Buyer, new_buyer
from tests.known_company.nava.exports import (
    Drop,
    days_from,
    jalali_moment,
    jalali_month,
    persian,
    run_of,
    span_of,
    table,
    tehran,
    tehran_day,
)
from tests.known_company.nava.rates import GAP
from tests.known_company.records import NO_UTM, NOTHING, Order, Utm

SOURCE = "nava_orders"
PAID, SENT, CANCELLED, WAITING = "تکمیل‌شده", "ارسال‌شده", "لغوشده", "در انتظار پرداخت"
CLOSED_ON = date(2025, 3, 21)
"""1 Farvardin 1404, a day without orders."""
HEADER = (
    *(
        "شماره سفارش",
        "تاریخ سفارش",
        "آخرین تغییر",
        "کد مشتری",
        "ایمیل",
        "وضعیت",
        "مبلغ کالا (تومان)",
        "تخفیف (تومان)",
    ),
    *(
        "هزینه ارسال (تومان)",
        "مالیات (تومان)",
        "مبلغ پرداختی (تومان)",
        "مبلغ مرجوعی (تومان)",
        "تاریخ مرجوعی",
        "ارز",
    ),
    *("utm_source", "utm_medium", "utm_campaign", "کشور", "Test"),
)
CHANNELS = {
    NO_UTM: "direct",
    Utm(source="google", medium="cpc", campaign="Nowruz-1403"): "paid_search",
    Utm(source="Google", medium="CPC", campaign="nowruz-1403"): "paid_search",
    Utm(source="google", medium="organic"): "organic_search",
    Utm(source="instagram", medium="social", campaign="stories"): "organic_social",
    Utm(source="Instagram", medium="Social", campaign=" Stories "): "organic_social",
    Utm(source="telegram", medium="social"): "organic_social",
    Utm(source="newsletter", medium="email", campaign="yalda_1403"): "email",
    Utm(source="Newsletter", medium="E-mail", campaign="Yalda_1403"): "email",
    Utm(source="weblog.example", medium="referral"): "referral",
    Utm(source="facebook", medium="paid_social", campaign="retargeting"): "paid_social",
    Utm(source="LinkedIn", medium="newthing", campaign="b2b"): "organic_social",
    Utm(source="partnerx", medium="newthing", campaign="b2b"): "unassigned",
}
"""What an order says about its visit, and the channel that GA4's rules give it."""
TOUCHES = (*(NO_UTM,) * 6, *CHANNELS)


@dataclass(frozen=True)
class Sale:
    """An order with what its exports say besides.

    Attributes:
        order: as it is in the end, amounts in tomans or dollars.
        waits: it is pending in the first export.
        late: it is missing from the file of its month and comes with the next changes.
        wrong: amount of goods that the first file has.
    """

    order: Order
    status: str
    is_test: bool = False
    waits: bool = False
    late: bool = False
    wrong: Decimal | None = None

    @property
    def first_run(self) -> int:
        """The first run whose files hold it."""
        return min(run_of(self.order.ordered_at) + self.late, len(RUNS) - 1)

    @property
    def changed_in(self) -> set[int]:
        """Later runs whose files say something new about it."""
        runs = set()
        if self.order.refunded_at is not None:
            runs.add(run_of(self.order.refunded_at))
        if self.waits:
            runs.add(self.first_run + 1)
        return {run for run in runs if run > self.first_run}


@cache
def sales() -> tuple[Sale, ...]:
    """Every order that was ever exported but for the erased one."""
    rng = random.Random("nava orders")
    buyers: list[Buyer] = []
    found: list[Sale] = []
    for day in days_from(START, END):
        if day == CLOSED_ON:
            continue
        for _ in range(_orders_on(rng, day)):
            if not buyers or rng.random() < 0.22:
                buyers.append(new_buyer(rng, len(buyers) + 1, buyers))
                buyer = buyers[-1]
            else:
                buyer = rng.choice(buyers[-250:])
            found.append(_sale(rng, 1000 + len(found), day, buyer))
    return tuple(_with_set_pieces(found))


def records() -> list[Order]:
    """What is true after the last run, in rials and dollars."""
    return [_in_rials(sale.order) for sale in sales()]


def _in_rials(order: Order) -> Order:
    if order.currency != "IRR":
        return order
    amounts = ("goods", "discount", "shipping", "tax", "refunded")
    return replace(
        order,
        total=None if order.total is None else order.total * 10,
        **{name: getattr(order, name) * 10 for name in amounts},
    )


def _orders_on(rng: random.Random, day: date) -> int:
    season = 1.0
    if (3, 1) <= (day.month, day.day) <= (3, 19):
        season = 2.2
    elif (3, 20) <= (day.month, day.day) <= (4, 2):
        season = 0.4
    elif (12, 13) <= (day.month, day.day) <= (12, 20):
        season = 1.9
    return max(0, round(season * rng.choice((2, 3, 3, 4, 4, 5, 6))))


def _moment(rng: random.Random, day: date) -> datetime:
    if rng.random() < 0.06:
        return tehran(day, *rng.choice(((0, 0, 0), (23, 59, 59), (0, 0, 1), (3, 29, 59), (3, 30, 0))))
    return tehran(day, rng.randint(7, 23), rng.randint(0, 59), rng.randint(0, 59))


def _sale(rng: random.Random, number: int, day: date, buyer: Buyer) -> Sale:
    ordered_at = _moment(rng, day)
    is_foreign = rng.random() < 0.03
    goods = Decimal(rng.randint(1500, 30000)) / 100 if is_foreign else Decimal(rng.randint(80, 4800)) * 1000
    discount = NOTHING
    if rng.random() < 0.3:
        discount = (goods * rng.randint(5, 40) / 100).quantize(Decimal("0.01" if is_foreign else "0.5"))
    shipping = rng.choice((NOTHING, Decimal(45_000), Decimal(62_500)))
    if is_foreign:
        shipping /= 10_000
    tax = ((goods - discount) * Decimal("0.1")).quantize(Decimal("0.01" if is_foreign else "0.1"))
    total = goods - discount + shipping + tax if rng.random() < 0.85 else None
    order = Order(
        source=SOURCE,
        order_id=str(number),
        ordered_at=ordered_at,
        customer_id=buyer.account,
        email=buyer.email,
        goods=goods,
        discount=discount,
        shipping=shipping,
        tax=tax,
        total=total,
        currency="USD" if is_foreign else "IRR",
        utm=rng.choice(TOUCHES),
        country=rng.choice(("AE", "TR")) if is_foreign else rng.choice(("ایران", "ایران", "ایران", None)),
    )
    return _fated(rng, day, order)


def _fated(rng: random.Random, day: date, order: Order) -> Sale:
    """What becomes of an order."""
    weights = {
        "cancelled": 30,
        "test": 10,
        "staff": 10,
        "replacement": 10,
        "gift": 5,
        "refunded": 75,
        "kept": 860,
    }
    fate = rng.choices(list(weights), weights=list(weights.values()))[0]
    out = replace(order, counts=False)
    sales_by_fate = {
        "cancelled": Sale(out, CANCELLED),
        "test": Sale(out, PAID, is_test=True),
        "staff": Sale(replace(out, email="clerk@nava.example", customer_id=None), PAID),
        "replacement": Sale(
            replace(out, goods=NOTHING, discount=NOTHING, tax=NOTHING, total=order.shipping), SENT
        ),
        "gift": Sale(replace(order, discount=order.goods, tax=NOTHING, total=order.shipping), PAID),
    }
    if fate in sales_by_fate:
        return sales_by_fate[fate]
    if fate == "refunded":
        share = rng.choice((Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(1)))
        later = timedelta(days=rng.choice((0, 2, 9, 30, 44, 75)), minutes=rng.randint(1, 900))
        if order.ordered_at + later < tehran(END, 23):
            back = (order.goods - order.discount) * share
            return Sale(replace(order, refunded=back, refunded_at=order.ordered_at + later), SENT)
    waits = run_of(order.ordered_at) == 0 and day >= date(2025, 9, 30)
    return Sale(order, rng.choice((PAID, SENT)), waits=waits)


def _with_set_pieces(found: list[Sale]) -> list[Sale]:
    """Some orders made special by hand."""
    in_gap = next(
        at for at, sale in enumerate(found) if tehran_day(sale.order.ordered_at) == GAP[1] - timedelta(days=2)
    )
    found[in_gap] = Sale(
        replace(
            found[in_gap].order, goods=Decimal("120.40"), discount=NOTHING, tax=NOTHING, shipping=NOTHING,
            total=Decimal("120.40"), currency="USD", refunded=NOTHING, refunded_at=None, counts=True,
        ),
        PAID,
    )  # fmt: skip
    plain = [
        at for at, sale in enumerate(found) if sale.order.counts and sale.status == PAID and not sale.waits
    ]

    def after(day: date) -> int:
        """The first plain order since a day."""
        return next(at for at in plain if tehran_day(found[at].order.ordered_at) >= day)

    for day in (date(2025, 8, 30), date(2025, 9, 27), date(2025, 11, 20)):
        found[after(day)] = replace(found[after(day)], late=True)
    wrong = after(date(2025, 9, 6))
    found[wrong] = replace(found[wrong], wrong=found[wrong].order.goods * 10)
    return found


def _row(sale: Sale, run: int, *, corrected: bool = True) -> list[object]:
    order = sale.order
    refunded_at = order.refunded_at if order.refunded_at and run_of(order.refunded_at) <= run else None
    status = WAITING if sale.waits and run == sale.first_run else sale.status
    goods = order.goods if corrected or sale.wrong is None else sale.wrong
    changed_at = refunded_at or (order.ordered_at + timedelta(hours=5) if status != WAITING else None)
    return [
        order.order_id, jalali_moment(order.ordered_at), jalali_moment(changed_at), order.customer_id, order.email,
        status, persian(goods), persian(order.discount) if order.discount else None, persian(order.shipping),
        persian(order.tax), persian(order.total), persian(order.refunded) if refunded_at else None,
        jalali_moment(refunded_at), order.currency, order.utm.source, order.utm.medium, order.utm.campaign,
        order.country, "بله" if sale.is_test else None,
    ]  # fmt: skip


def _file(name: str, rows: list[list[object]], days: list[date]) -> Drop:
    return Drop(f"orders/{name}.csv", table(HEADER, rows, delimiter=";"), span_of(days))


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """Files of new months, one of changes, and in the second run a corrected one and one dropped twice."""
    months: dict[str, list[Sale]] = defaultdict(list)
    changes: list[Sale] = []
    for sale in sales():
        if sale.first_run == run and not sale.late:
            months[jalali_month(tehran_day(sale.order.ordered_at))].append(sale)
        elif (sale.first_run == run and sale.late) or run in sale.changed_in:
            changes.append(sale)
    files = [
        _month_file(month, of_month, run, suffix=f"-{run}" if run else "")
        for month, of_month in months.items()
    ]
    if changes:
        rows = [_row(sale, run) for sale in changes]
        files.append(_file(f"changes-{run}", rows, [tehran_day(sale.order.ordered_at) for sale in changes]))
    if run == 1:
        first = {drop.name: drop for drop in drops(0)}
        files.append(replace(first["orders/1403-05.csv"], name="orders/1403-05 copy.csv"))
        of_month = [
            sale
            for sale in sales()
            if sale.first_run == 0
            and not sale.late
            and jalali_month(tehran_day(sale.order.ordered_at)) == "1404-06"
        ]
        files.append(_month_file("1404-06", of_month, run, suffix="", corrected=True))
    return tuple(files)


def _month_file(month: str, of_month: list[Sale], run: int, *, suffix: str, corrected: bool = False) -> Drop:
    rows = [_row(sale, run, corrected=corrected or run > 0) for sale in of_month]
    if month == "1404-06" and not corrected:
        rows.append(["ERASED", *rows[0][1:]])
    return _file(month + suffix, rows, [tehran_day(sale.order.ordered_at) for sale in of_month])
