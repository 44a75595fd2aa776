"""Stripe's objects in the form in which Stripe writes them, for tests and demo data.

Which fields an object has follows the example objects of github.com/stripe/openapi (MIT); the values are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

Record = dict[str, Any]
MONTH = timedelta(days=30)


def seconds(at: datetime | None) -> int | None:
    """``at`` as Stripe writes moments: whole seconds since 1970."""
    if at is not None and at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return None if at is None else int(at.timestamp())


def product(number: int, name: str) -> Record:
    """A product."""
    return {"id": f"prod_{number:04}", "object": "product", "active": True, "name": name, "livemode": True}


def price(
    number: int,
    amount: str | None,
    *,
    at: datetime,
    of: Record,
    currency: str = "eur",
    interval: str = "month",
    interval_count: int = 1,
    usage_type: str = "licensed",
    nickname: str | None = None,
    tiers: Sequence[Record] | None = None,
    tiers_mode: str | None = None,
    package: Record | None = None,
    **fields: Any,
) -> Record:
    """A recurring price: ``amount`` in minor units as decimal text, none where it has ``tiers``."""
    whole = None if amount is None or "." in amount else int(amount)
    return {
        "id": f"price_{number:04}",
        "object": "price",
        "active": True,
        "billing_scheme": "tiered" if tiers else "per_unit",
        "created": seconds(at),
        "currency": currency,
        "livemode": True,
        "lookup_key": None,
        "metadata": {},
        "nickname": nickname,
        "product": of,
        "recurring": {
            "interval": interval,
            "interval_count": interval_count,
            "meter": None,
            "trial_period_days": None,
            "usage_type": usage_type,
        },
        "tax_behavior": "unspecified",
        "tiers": list(tiers) if tiers else None,
        "tiers_mode": tiers_mode,
        "transform_quantity": package,
        "type": "recurring",
        "unit_amount": whole,
        "unit_amount_decimal": amount,
        **fields,
    }


def tier(up_to: int | None, unit: int | None, flat: int | None = None) -> Record:
    """A tier of a price; one of its amounts may be missing."""
    return {
        "up_to": up_to,
        "unit_amount": unit,
        "unit_amount_decimal": None if unit is None else str(unit),
        "flat_amount": flat,
        "flat_amount_decimal": None if flat is None else str(flat),
    }


def coupon(
    number: int,
    *,
    at: datetime,
    percent: float | None = None,
    amount: int | None = None,
    currency: str | None = None,
    duration: str = "forever",
    months: int | None = None,
    products: Sequence[str] = (),
) -> Record:
    """A coupon."""
    return {
        "id": f"coupon_{number:04}",
        "object": "coupon",
        "amount_off": amount,
        "applies_to": {"products": list(products)} if products else None,
        "created": seconds(at),
        "currency": currency,
        "duration": duration,
        "duration_in_months": months,
        "livemode": True,
        "name": None,
        "percent_off": percent,
        "valid": True,
    }


def discount(number: int, of: Record, *, at: datetime, end: datetime | None = None, **fields: Any) -> Record:
    """A discount that ``of``, a coupon, gave."""
    return {
        "id": f"di_{number:04}",
        "object": "discount",
        "checkout_session": None,
        "customer": None,
        "end": seconds(end),
        "invoice": None,
        "invoice_item": None,
        "promotion_code": None,
        "source": {"coupon": of, "type": "coupon"},
        "start": seconds(at),
        "subscription": None,
        "subscription_item": None,
        **fields,
    }


def item(number: int, of: Record, *, at: datetime, quantity: int | None = 1, **fields: Any) -> Record:
    """An item of a subscription at the price ``of``."""
    return {
        "id": f"si_{number:04}",
        "object": "subscription_item",
        "created": seconds(at),
        "current_period_start": seconds(at),
        "current_period_end": seconds(at + MONTH),
        "discounts": [],
        "metadata": {},
        "price": of,
        "quantity": quantity,
        "tax_rates": [],
        **fields,
    }


def subscription(
    number: int,
    items: Sequence[Record],
    *,
    at: datetime,
    customer: str,
    status: str | None = "active",
    **fields: Any,
) -> Record:
    """A subscription with all its items; the server shortens the list as Stripe does."""
    subscription_id = f"sub_{number:04}"
    return {
        "id": subscription_id,
        "object": "subscription",
        "billing_cycle_anchor": seconds(at),
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": seconds(at),
        "currency": items[0]["price"]["currency"],
        "customer": customer,
        "description": None,
        "discounts": [],
        "ended_at": None,
        "items": [{**each, "subscription": subscription_id} for each in items],
        "latest_invoice": None,
        "livemode": True,
        "metadata": {},
        "pause_collection": None,
        "schedule": None,
        "start_date": seconds(at),
        "status": status,
        "test_clock": None,
        "trial_end": None,
        "trial_start": None,
        **fields,
    }


def customer(number: int, email: str | None, *, at: datetime, **fields: Any) -> Record:
    """A customer."""
    return {
        "id": f"cus_{number:04}",
        "object": "customer",
        "address": {
            "city": "Berlin",
            "country": "DE",
            "line1": None,
            "line2": None,
            "postal_code": None,
            "state": None,
        },
        "balance": 0,
        "created": seconds(at),
        "currency": "eur",
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": email,
        "livemode": True,
        "metadata": {},
        "name": None,
        "phone": None,
        **fields,
    }


def invoice(
    number: int,
    total: int,
    *,
    at: datetime,
    customer: str,
    subscription: str | None = None,
    currency: str = "eur",
    status: str = "paid",
    **fields: Any,
) -> Record:
    """An invoice over ``total`` minor units."""
    paid = total if status == "paid" else 0
    details = {"metadata": {}, "subscription": subscription}
    return {
        "id": f"in_{number:05}",
        "object": "invoice",
        "amount_due": total,
        "amount_paid": paid,
        "amount_remaining": total - paid,
        "billing_reason": "subscription_cycle" if subscription else "manual",
        "created": seconds(at),
        "currency": currency,
        "customer": customer,
        "customer_email": None,
        "due_date": None,
        "lines": {
            "object": "list",
            "data": [],
            "has_more": False,
            "url": f"/v1/invoices/in_{number:05}/lines",
        },
        "livemode": True,
        "parent": {"quote_details": None, "subscription_details": details, "type": "subscription_details"}
        if subscription
        else None,
        "period_end": seconds(at),
        "period_start": seconds(at - MONTH),
        "post_payment_credit_notes_amount": 0,
        "status": status,
        "status_transitions": {
            "finalized_at": None if status == "draft" else seconds(at),
            "marked_uncollectible_at": None,
            "paid_at": seconds(at) if status == "paid" else None,
            "voided_at": None,
        },
        "subtotal": total,
        "total": total,
        "total_discount_amounts": [],
        "total_taxes": None,
        **fields,
    }
