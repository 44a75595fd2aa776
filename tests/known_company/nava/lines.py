"""Wholesale invoices of ``nava`` as lines, under the shop's own customer numbers: a file a quarter and run.

Traps: goods that come back under the invoice's number in a later month, all of them or some, and under a number of their
own; postage that is no article; gifts; bad debts; lines that are there twice; test articles; an invoice of postage only.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from tests.known_company.clock import END, START
from tests.known_company.nava.exports import (
    Drop,
    days_from,
    jalali_moment,
    persian,
    run_of,
    span_of,
    table,
    tehran,
    tehran_day,
)
from tests.known_company.records import NO_UTM, NOTHING, Order, Return, Utm

SOURCE = "nava_wholesale"
HEADER = ("شماره فاکتور", "ردیف", "کد کالا", "شرح کالا", "تعداد", "قیمت واحد (تومان)", "تخفیف (تومان)", "تاریخ فاکتور",
          "کد مشتری", "utm_source", "utm_medium", "utm_campaign", "کشور")  # fmt: skip
UTMS = (
    NO_UTM,
    NO_UTM,
    Utm(source="newsletter", medium="email", campaign="yalda_1403"),
    Utm(source="telegram", medium="social"),
)


@dataclass(frozen=True)
class Line:
    """A line; amounts in tomans. ``counts`` is False where the line is no part of an order's value."""

    number: str
    sku: str
    name: str
    quantity: int
    price: Decimal
    discount: Decimal
    at: datetime
    account: str
    utm: Utm
    counts: bool = True

    @property
    def amount(self) -> Decimal:
        """Its worth; a returned line gives its discount back."""
        return self.quantity * self.price - (self.discount if self.quantity > 0 else -self.discount)


@cache
def lines() -> tuple[Line, ...]:
    """Every line, repeated ones once."""
    rng = random.Random("nava lines")
    found: list[Line] = []
    for day in days_from(START, END):
        if rng.random() < 0.3:
            found += _invoice(rng, f"W{100 + len(found)}", tehran(day, rng.choice((0, 10, 23)), 59, 59))
    return tuple(line for line in found if line.at <= tehran(END, 23, 59, 59))


def _invoice(rng: random.Random, number: str, at: datetime) -> list[Line]:
    account, utm = f"A{rng.randint(1, 120)}", rng.choice(UTMS)

    def line(sku: str, name: str, quantity: int, price: int, **other: object) -> Line:
        values = {"number": number, "discount": NOTHING, "at": at, "account": account, "utm": utm} | other
        return Line(sku=sku, name=name, quantity=quantity, price=Decimal(price), **values)  # type: ignore[arg-type]

    if rng.random() < 0.04:
        return [line("K-1", "مطالبات سوخته", 1, 900_000, number=f"B{number}", counts=False)]
    if rng.random() < 0.04:
        return [line("POST", "کرایه", 1, 90_000, counts=False)]
    if rng.random() < 0.04:
        return [line("K-9", "تست چاپگر", 1, 10_000, counts=False)]
    goods = [
        line(
            f"K-{rng.randint(10, 99)}",
            "قهوه",
            rng.randint(1, 40),
            rng.randint(90, 2500) * 1000,
            discount=Decimal(rng.choice((0, 0, 5_000, 12_500))),
        )
        for _ in range(rng.randint(1, 4))
    ]
    found = [*goods, line("GIFT-1", "هدیه", 1, 0, counts=False)] if rng.random() < 0.2 else goods
    if rng.random() < 0.4:
        found = [*found, line("POST", "کرایه", 1, 90_000, counts=False)]
    later = at + timedelta(days=rng.choice((1, 20, 50)), minutes=-30)
    fate = rng.random()
    if fate < 0.12:
        back = goods if fate < 0.05 else goods[:1]
        found = [*found, *(_returned(each, number, later) for each in back)]
    elif fate < 0.2:
        found = [*found, _returned(goods[0], f"C{number}", later)]
    return found


def _returned(sold: Line, number: str, at: datetime) -> Line:
    return Line(
        number=number, sku=sold.sku, name=sold.name, quantity=-sold.quantity, price=sold.price, discount=sold.discount,
        at=at, account=sold.account, utm=sold.utm, counts=False,
    )  # fmt: skip


@cache
def _invoices() -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines():
        found[line.number].append(line)
    return found


def records() -> list[Order]:
    """Invoices with any article, in rials."""
    found = []
    for number, of_invoice in _invoices().items():
        counted = [line for line in of_invoice if line.counts]
        if counted:
            goods = sum((line.amount for line in counted), NOTHING)
            postage = sum((line.amount for line in of_invoice if line.sku == "POST"), NOTHING)
            returned = -sum((line.amount for line in of_invoice if line.quantity < 0), NOTHING)
            found.append(
                Order(
                    source=SOURCE, order_id=number, ordered_at=counted[0].at, customer_id=counted[0].account,
                    goods=goods * 10, total=(goods + postage) * 10, currency="IRR", utm=counted[0].utm, country="ایران",
                    given_back=returned >= goods,
                )
            )  # fmt: skip
    return found


def returns() -> list[Return]:
    """Goods that came back, by invoice number and day, in rials."""
    sums: dict[tuple[str, datetime], Decimal] = defaultdict(Decimal)
    for line in lines():
        if line.quantity < 0:
            sums[line.number, line.at] -= line.amount * 10
    return [
        Return(source=SOURCE, order_id=number, returned_at=at, amount=amount, currency="IRR", country="ایران")
        for (number, at), amount in sums.items()
    ]


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """Lines since the last run, a file a quarter; every tenth line stands there twice."""
    of_file: dict[str, list[Line]] = defaultdict(list)
    for line in lines():
        if run_of(line.at) == run:
            day = tehran_day(line.at)
            of_file[f"{day.year}-{(day.month - 1) // 3}"].append(line)
    files = []
    for name, of_one in of_file.items():
        rows: list[tuple[object, ...]] = []
        for at, line in enumerate(of_one):
            row = (
                line.number, at + 1, line.sku, line.name, persian(line.quantity), persian(line.price),
                persian(line.discount) if line.discount else None, jalali_moment(line.at), line.account,
                line.utm.source, line.utm.medium, line.utm.campaign, "ایران",
            )  # fmt: skip
            rows += [row, row] if at % 10 == 3 else [row]
        files.append(
            Drop(
                f"wholesale/{name}-{run}.csv",
                table(HEADER, rows),
                span_of(tehran_day(line.at) for line in of_one),
            )
        )
    return tuple(files)
