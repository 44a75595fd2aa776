"""Prices, and subscriptions to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.stripe import StripeApi
from tests.fakes.stripe_rows import Record, customer, item, price, product, subscription

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOOLS = product(1, "ابزار")
TEAM = price(1, "2000", at=NOON - 90 * DAY, of=TOOLS, nickname="Team")


def subscribe(
    api: StripeApi, number: int, *, at: datetime, of: Record = TEAM, quantity: int | None = 1, **fields: Any
) -> Record:
    """Let customer ``number`` subscribe to one price."""
    who = customer(number, f"payer{number}@people.example", at=at, name="Mina Ahmadi", phone="+49301234567")
    api.customers[who["id"]] = who
    held = subscription(
        number, [item(number, of, at=at, quantity=quantity)], at=at, customer=who["id"], **fields
    )
    return api.subscribe(held, at=at)


def repriced(held: Record, of: Record, *, quantity: int = 1) -> list[Record]:
    """The items of a subscription with its first one at another price."""
    first, *others = held["items"]
    return [{**first, "price": of, "quantity": quantity}, *others]
