"""The shop of ``nava`` by WooCommerce, in tomans (``IRT``) and dollars.

What the shop's API tells otherwise than its exports: countries are codes, customers have numbers (which the wholesale's
files then have, too), a test is one by its way to pay, an order is paid some time after it was placed, money that was given
back are several refunds or a mere amount. It has no line that can't be read and none that is there twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.fakes.woocommerce import CONSUMER_KEY, CONSUMER_SECRET, WooCommerceApi
from tests.fakes.woocommerce_rows import Record, customer, line, order, refund
from tests.known_company.clock import AS_OF, END, RUNS, START
from tests.known_company.nava import lines, orders
from tests.known_company.nava.answers import campaigns, everybody, shop
from tests.known_company.nava.exports import Drop, jalali_month, run_of, tehran, tehran_day
from tests.known_company.nava.orders import Sale
from tests.known_company.nava.story import STAFF
from tests.known_company.nava_apis.reasons import Reason, on, since
from tests.known_company.nava_apis.served import Opened, every_day
from tests.known_company.oracle import loyalty
from tests.known_company.oracle import orders as orders_oracle
from tests.known_company.oracle.feeds import Answers
from tests.known_company.oracle.orders import is_fully_refunded, paid
from tests.known_company.records import Order

INSTEAD_OF = (orders.SOURCE,)
TELLS = (orders.SOURCE, lines.SOURCE)
"""Customers and touches are those of both."""
_USABLE_DAYS, _FINAL_DAYS = 1, 14
_COUNTRIES = {"ایران": "IR"}
_MEASURES = frozenset({*orders_oracle.ADDITIVE, *loyalty.MEASURES})
REASONS = (
    Reason(
        text="WooCommerce's countries are codes, the wholesale's are names",
        measures=frozenset(orders_oracle.ADDITIVE),
        is_row=lambda key: (
            key.segment_type == "country" and key.segment in {*_COUNTRIES, *_COUNTRIES.values()}
        ),
    ),
    Reason(
        text="the day that the shop was closed is not in its files; by API it is a day without orders",
        measures=_MEASURES,
        is_day=on(orders.CLOSED_ON),
    ),
    Reason(
        text="days of orders are final after 14 days and known up to the run",
        measures=_MEASURES,
        is_day=since(tehran_day(AS_OF) - timedelta(days=_FINAL_DAYS + 1)),
    ),
    Reason(
        text="orders are known for some days more, so that buyers had 90 days to come again",
        measures=frozenset({"new_cohort", "new_cohort_repurchased_90d"}),
        is_day=since(END - timedelta(days=loyalty.COHORT_DAYS)),
    ),
)
_STATUSES = {
    orders.PAID: "completed",
    orders.SENT: "processing",
    orders.CANCELLED: "cancelled",
}
_TEST_GATEWAY = "sandbox"
ERASED = 900_001
"""The order that is deleted for good after the first run."""
_ACCOUNT = re.compile(rb",A(\d+),")


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The same in every run."""
    del run
    return {
        orders.SOURCE: {
            "connector": "woocommerce", "consumer_key_env": "KNOWN_NAVA_SHOP_KEY",
            "consumer_secret_env": "KNOWN_NAVA_SHOP_SECRET", "start": START, "base_url": addresses["woocommerce"],
            "calls_per_minute": 6_000, "address_flags": STAFF, "customer_ids": "shop",
            "test_patterns": {"payment_method": _TEST_GATEWAY},
        }
    }  # fmt: skip


@dataclass
class Shop:
    """What the shop holds, by the numbers of orders and customers."""

    orders: dict[int, Record] = field(default_factory=dict)
    refunds: dict[int, list[Record]] = field(default_factory=dict)
    customers: dict[int, Record] = field(default_factory=dict)


def shop_at(run: int) -> Shop:
    """The shop as it stands at a run."""
    found = Shop()
    known = [sale for sale in orders.sales() if sale.first_run <= run]
    for sale in known:
        row = _order(sale, run)
        found.orders[row["id"]] = row
        if _gave_back(sale.order, run):
            found.refunds[row["id"]] = _refunds(sale.order)
        if sale.order.customer_id is not None:
            number = _number(sale.order.customer_id)
            account = customer(number, at=sale.order.ordered_at, email=_email(sale.order))
            found.customers.setdefault(number, account)
    if run == 0:
        same = next(sale for sale in known if jalali_month(tehran_day(sale.order.ordered_at)) == "1404-06")
        found.orders[ERASED] = {**_order(same, run), "id": ERASED, "number": str(ERASED)}
    return found


def open_server(run: int, home: Path, servers: ExitStack) -> Opened:
    """The shop at a run."""
    del home
    api = servers.enter_context(WooCommerceApi())
    # The connectors' own tests hold requests and answers to the contract.
    api.checks_contract = False
    found = shop_at(run)
    api.orders, api.refunds, api.customers = found.orders, found.refunds, found.customers
    return Opened(
        {"woocommerce": api.base_url},
        {"KNOWN_NAVA_SHOP_KEY": CONSUMER_KEY, "KNOWN_NAVA_SHOP_SECRET": CONSUMER_SECRET},
    )


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """Files of the wholesale, customers by their numbers."""
    return tuple(
        replace(drop, content=None if drop.content is None else _ACCOUNT.sub(rb",\1,", drop.content))
        for drop in lines.drops(run)
    )


def records() -> list[Order]:
    """What the API tells of ``nava``'s orders after the last run."""
    return [
        replace(each, country=_COUNTRIES.get(each.country or "", each.country)) for each in orders.records()
    ]


def answers() -> Answers:
    """Reckoned as of the exports."""
    return shop(
        everybody(),
        campaigns(),
        records(),
        every_day(),
        usable_after_days=_USABLE_DAYS,
        final_after_days=_FINAL_DAYS,
    )


def _order(sale: Sale, run: int) -> Record:
    """An order as it stands at a run; one that was paid was placed some minutes before."""
    sold = sale.order
    is_paid = sale.status != orders.CANCELLED and not (sale.waits and run == sale.first_run)
    placed_at = max(sold.ordered_at - timedelta(minutes=20), tehran(START, 0)) if is_paid else sold.ordered_at
    row = order(
        int(sold.order_id),
        at=placed_at,
        paid=sold.ordered_at if is_paid else None,
        modified=_changed_at(sale, run),
        status=_status(sale, run, is_paid=is_paid),
        lines=_lines(sale, run),
        customer_id=0 if sold.customer_id is None else _number(sold.customer_id),
        email=_email(sold),
        currency="IRT" if sold.currency == "IRR" else sold.currency,
        shipping=str(sold.shipping),
        tax=str(sold.tax),
        total=str(paid(sold)),
        payment_method=_TEST_GATEWAY if sale.is_test else "zarinpal",
    )
    row["billing"]["country"] = _COUNTRIES.get(sold.country or "", sold.country or "")
    utm = {"source": sold.utm.source, "medium": sold.utm.medium, "campaign": sold.utm.campaign}
    row["meta_data"] += [
        {"id": number, "key": f"_wc_order_attribution_utm_{name}", "value": value}
        for number, (name, value) in enumerate(utm.items(), start=3)
        if value is not None
    ]
    return row


def _status(sale: Sale, run: int, *, is_paid: bool) -> str:
    """A full refund moves the order; some of those that were cancelled are thrown away later."""
    if is_paid and _gave_back(sale.order, run) and is_fully_refunded(sale.order):
        return "refunded"
    if sale.status == orders.CANCELLED:
        return "trash" if run > sale.first_run and int(sale.order.order_id) % 3 == 0 else "cancelled"
    return _STATUSES[sale.status] if is_paid else "pending"


def _lines(sale: Sale, run: int) -> list[Record]:
    """One article, or two, of which the second bears the discount."""
    sold = sale.order
    number = int(sold.order_id) * 10
    goods = sale.wrong if sale.wrong is not None and run == sale.first_run else sold.goods
    first = goods / 4
    if sold.currency != "IRR" or not goods or sold.discount > goods - first:
        return [line(number, subtotal=str(goods), total=str(goods - sold.discount))]
    rest = goods - first
    return [
        line(number, total=str(first)),
        line(number + 1, subtotal=str(rest), total=str(rest - sold.discount), quantity=3),
    ]


def _refunds(sold: Order) -> list[Record]:
    """Some goods in two refunds at once; all of them line by line, or all that was paid as a mere amount."""
    number, at = int(sold.order_id) * 10 + 5_000_000, _moment_of(sold)
    if not is_fully_refunded(sold):
        half = (sold.refunded / 2).quantize(Decimal("0.01"))
        parts = (half, sold.refunded - half)
        return [
            refund(number + place, at=at, amount=str(part), goods=str(part))
            for place, part in enumerate(parts)
        ]
    if int(sold.order_id) % 2:
        return [refund(number, at=at, amount=str(paid(sold)))]
    return [refund(number, at=at, amount=str(sold.refunded), goods=str(sold.refunded))]


def _gave_back(sold: Order, run: int) -> bool:
    return sold.refunded_at is not None and run_of(sold.refunded_at) <= run


def _moment_of(sold: Order) -> datetime:
    if sold.refunded_at is None:
        raise ValueError(f"order {sold.order_id} was not given back")
    return sold.refunded_at


def _changed_at(sale: Sale, run: int) -> datetime:
    """The last change before a run: given back, paid or put right since the last run, or sent."""
    if _gave_back(sale.order, run):
        return _moment_of(sale.order)
    if run > sale.first_run and (sale.waits or sale.wrong is not None or sale.status == orders.CANCELLED):
        return RUNS[sale.first_run] + timedelta(days=1)
    if sale.late:
        return RUNS[sale.first_run] - timedelta(days=1)
    return min(sale.order.ordered_at + timedelta(hours=5), RUNS[run])


def _number(account: str) -> int:
    return int(account.removeprefix("A"))


def _email(sold: Order) -> str:
    return (sold.email or "").strip()
