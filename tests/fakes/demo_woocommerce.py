"""Seeded demo data of Sib for the WooCommerce server: some six hundred orders in tomans, guests among them, with refunds.

Everything is dated: a server that is filled up to the next day differs by what happened on that day. The site's own
dates are Jalali, as a plugin writes them; some orders wait for payment, fail, or have a plugin's status.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from tests.fakes.demo_brands import SIB
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.woocommerce import WooCommerceApi
from tests.fakes.woocommerce_rows import Record, customer, gmt_text, line, order, refund

ACCOUNTS = 90
_GOODS = (("سیب سرخ", 85_000), ("گلابی", 120_000), ("انار دان‌شده", 190_000), ("سبد میوهٔ پاییزی", 640_000))
_UTM = (
    None,
    None,
    ("google", "organic", "(organic)"),
    ("instagram", "social", "پویش پاییزهٔ میوه‌ها"),
    ("newsletter", "email", "خبرنامهٔ هفته‌نامه"),
)


def fill_woocommerce(api: WooCommerceApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with ``days`` days up to ``last_day``, the days of Tehran."""
    happenings = Happenings(last_day, days=days, zone=SIB.time_zone)
    for day in happenings.days():
        slow = day.weekday() in SIB.weekend
        for place in range(2 + day.toordinal() % 3 + (0 if slow else 2)):
            number = day.toordinal() % 100_000 * 10 + place
            thrown = dice("order", number)
            at = happenings.moment(day, 480 + thrown.randrange(900))
            _plan(api, number, at, thrown, happenings)
    happenings.happen()


def _plan(api: WooCommerceApi, number: int, at: datetime, thrown: Random, happenings: Happenings) -> None:
    """An order, and what becomes of it."""
    lines = []
    for place, (name, price) in enumerate(thrown.sample(_GOODS, thrown.randrange(1, 4))):
        quantity = thrown.randrange(1, 6)
        full = price * quantity
        total = full * 9 // 10 if thrown.random() < 0.2 else full
        lines.append(
            line(number * 10 + place, name=name, quantity=quantity, subtotal=str(full), total=str(total))
        )
    account = thrown.randrange(1, ACCOUNTS) if thrown.random() < 0.6 else 0
    fate = thrown.random()
    row = order(
        number,
        at=at,
        lines=lines,
        status="pending" if fate < 0.9 else ("failed" if fate < 0.95 else "pws-packaged"),
        customer_id=account,
        email=f"h{account}@example.com" if account else f"guest{thrown.randrange(400)}@example.com",
        shipping="35000",
        utm=thrown.choice(_UTM),
        jalali=True,
    )
    happenings.plan(at, partial(_place, api, row, at))
    paid = at + timedelta(minutes=thrown.randrange(2, 40))
    if row["status"] != "pending":
        return
    happenings.plan(paid, partial(_pay, api, number, paid))
    if thrown.random() < 0.08:
        back = paid + timedelta(days=thrown.randrange(2, 20), hours=thrown.randrange(8))
        happenings.plan(back, partial(_give_back, api, number, back, lines, is_whole=thrown.random() < 0.4))


def _place(api: WooCommerceApi, row: Record, at: datetime) -> None:
    account = row["customer_id"]
    if account and account not in api.customers:
        api.customers[account] = customer(account, at=at, email=row["billing"]["email"])
    api.orders[row["id"]] = row


def _pay(api: WooCommerceApi, number: int, at: datetime) -> None:
    api.touch(number, at=at, status="processing", date_paid_gmt=gmt_text(at))


def _give_back(
    api: WooCommerceApi, number: int, at: datetime, lines: list[Record], *, is_whole: bool
) -> None:
    row = api.orders[number]
    if is_whole:
        # By the status alone: WooCommerce makes a refund of the whole amount that names no line.
        api.refund(number, refund(number + 1_000_000, at=at, amount=row["total"]), at=at, status="refunded")
        return
    goods = lines[0]["total"]
    api.refund(number, refund(number + 1_000_000, at=at, amount=goods, goods=goods, reason="له شده"), at=at)
