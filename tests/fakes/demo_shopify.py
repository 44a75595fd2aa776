"""Seeded demo data of Acme for the Shopify server: some five hundred orders in euros, with refunds, tests and cancellations.

Everything is dated: a server that is filled up to the next day differs by what happened on that day.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from random import Random

from tests.fakes.demo_brands import ACME
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.shopify import ShopifyApi
from tests.fakes.shopify_rows import Customer, Line, Order, Refund

CUSTOMERS = 120
_GOODS = (("Anvil, 20 kg", "149.00"), ("Anvil, 50 kg", "329.00"), ("Hammer", "24.90"), ("Gloves", "12.50"))
_UTM = (
    None,
    ("google", "cpc", "acme_autumn"),
    ("google", "organic", None),
    ("hubspot", "email", "October news"),
)


def fill_shopify(api: ShopifyApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with ``days`` days up to ``last_day``, the days of Berlin."""
    happenings = Happenings(last_day, days=days, zone=ACME.time_zone)
    api.now = happenings.end
    for day in happenings.days():
        for place in range(3 + day.toordinal() % 3):
            number = day.toordinal() % 100_000 * 10 + place
            thrown = dice("shopify order", number)
            at = happenings.moment(day, 420 + thrown.randrange(960))
            _plan(api, number, at, thrown, happenings)
    happenings.happen()


def _plan(api: ShopifyApi, number: int, at: datetime, thrown: Random, happenings: Happenings) -> None:
    """An order, and what becomes of it."""
    lines = []
    for place, (title, price) in enumerate(thrown.sample(_GOODS, thrown.randrange(1, 4))):
        quantity = thrown.randrange(1, 3)
        total = Decimal(price) * quantity
        discount = _cents(total / 10) if thrown.random() < 0.15 else Decimal(0)
        tax = _cents((total - discount) * 19 / 119)
        lines.append(
            Line(
                number=number * 10 + place,
                title=title,
                total=str(total),
                discount=str(discount),
                quantity=quantity,
                tax=(str(tax),),
            )
        )
    buyer = thrown.randrange(1, CUSTOMERS) if thrown.random() < 0.8 else None
    address = f"guest{thrown.randrange(300)}@example.com" if buyer is None else f"c{buyer}@example.com"
    order = Order(
        number=number,
        at=at,
        lines=lines,
        test=thrown.random() < 0.02,
        financial_status="PENDING" if thrown.random() < 0.05 else "PAID",
        shipping="4.90",
        customer=buyer,
        email=address,
        country=thrown.choices(("DE", "AT", None), weights=(80, 15, 5))[0],
        utm=thrown.choice(_UTM),
    )
    happenings.plan(at, partial(_place, api, order))
    fate = thrown.random()
    later = at + timedelta(days=thrown.randrange(1, 25), minutes=thrown.randrange(600))
    if order.financial_status == "PENDING":
        return
    if fate < 0.07:
        happenings.plan(later, partial(_give_back, api, number, later, is_whole=fate < 0.03))
    elif fate < 0.09:
        soon = at + timedelta(minutes=50)
        happenings.plan(soon, partial(_cancel, order, soon))


def _place(api: ShopifyApi, order: Order) -> None:
    api.orders[order.number] = order
    if order.customer is not None:
        fresh = Customer(number=order.customer, at=order.at, email=order.email, orders=0)
        known = api.customers.setdefault(order.customer, fresh)
        known.orders, known.updated = known.orders + 1, order.at


def _give_back(api: ShopifyApi, number: int, at: datetime, *, is_whole: bool) -> None:
    order = api.orders[number]
    lines = order.lines if is_whole else order.lines[:1]
    parts = [(str(Decimal(line.total) - Decimal(line.discount)), line.tax[0]) for line in lines]
    money = sum((Decimal(value) for value, _ in parts), Decimal(0))
    status = "REFUNDED" if is_whole else "PARTIALLY_REFUNDED"
    back = Refund(number=number + 1_000_000, at=at, money=str(money), lines=parts)
    api.refund(number, back, status=status)


def _cancel(order: Order, at: datetime) -> None:
    order.cancelled, order.updated, order.financial_status = at, at, "VOIDED"


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
