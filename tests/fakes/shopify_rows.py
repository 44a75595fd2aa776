"""Orders, refunds and customers as the local Shopify holds them, for tests and demo data; the schema shapes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal


def instant_text(at: datetime) -> str:
    """``at`` as Shopify writes it: UTC in whole seconds with a Z."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(kw_only=True)
class Line:
    """A line of an order.

    Attributes:
        total: before discounts. discount: of the line itself. tax: one amount per tax line.
    """

    number: int
    title: str
    total: str
    discount: str = "0.0"
    quantity: int = 1
    current_quantity: int | None = None
    sku: str | None = None
    tax: Sequence[str] = ()


@dataclass(kw_only=True)
class Refund:
    """A refund.

    Attributes:
        lines: value and tax of each line that it names.
        shipping: value and tax of each line of shipping that it gives back.
        money: what is given back.
    """

    number: int
    at: datetime
    money: str
    lines: Sequence[tuple[str, str]] = ()
    shipping: Sequence[tuple[str, str]] = ()


@dataclass(kw_only=True)
class Customer:
    """A customer of the shop."""

    number: int
    at: datetime
    email: str | None
    updated: datetime | None = None
    state: str = "ENABLED"
    orders: int = 1


@dataclass(kw_only=True)
class Order:
    """An order, placed at the moment ``at``.

    Attributes:
        at: when it was placed. created: when Shopify got it, if later. updated: its last change.
        order_discount: of the whole order, beside those of its lines.
        utm: source, medium and campaign of the last visit; None where Shopify knows no visit.
    """

    number: int
    at: datetime
    lines: Sequence[Line]
    created: datetime | None = None
    updated: datetime | None = None
    cancelled: datetime | None = None
    test: bool = False
    financial_status: str | None = "PAID"
    currency: str = "EUR"
    taxes_included: bool = True
    order_discount: str = "0.0"
    shipping: str = "0.0"
    customer: int | None = None
    email: str | None = None
    country: str | None = "DE"
    source_name: str | None = "web"
    utm: tuple[str | None, str | None, str | None] | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def discounts(self) -> Decimal:
        """All discounts."""
        return sum((Decimal(line.discount) for line in self.lines), Decimal(self.order_discount))

    @property
    def subtotal(self) -> Decimal:
        """Lines after all discounts."""
        return sum((Decimal(line.total) for line in self.lines), Decimal(0)) - self.discounts

    @property
    def tax(self) -> Decimal:
        """Tax of all lines."""
        return sum((Decimal(tax) for line in self.lines for tax in line.tax), Decimal(0))

    @property
    def total(self) -> Decimal:
        """What the customer pays, before returns."""
        return self.subtotal + Decimal(self.shipping) + (Decimal(0) if self.taxes_included else self.tax)

    @property
    def refunded(self) -> Decimal:
        """Money given back so far."""
        return sum((Decimal(refund.money) for refund in self.refunds), Decimal(0))
