"""Rows of Stripe's objects: fields by their path, moments as text, money as it came."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Record = dict[str, Any]

_SUBSCRIPTION = {
    "status": "status",
    "customer_id": "customer",
    "currency": "currency",
    "created": "created",
    "start_date": "start_date",
    "trial_start": "trial_start",
    "trial_end": "trial_end",
    "cancel_at_period_end": "cancel_at_period_end",
    "cancel_at": "cancel_at",
    "canceled_at": "canceled_at",
    "ended_at": "ended_at",
    "pause_behavior": "pause_collection.behavior",
    "pause_resumes_at": "pause_collection.resumes_at",
}
_PRICE = {
    "price_id": "id",
    "product_id": "product",
    "nickname": "nickname",
    "price_currency": "currency",
    "billing_scheme": "billing_scheme",
    "unit_amount_decimal": "unit_amount_decimal",
    "tiers_mode": "tiers_mode",
    "interval": "recurring.interval",
    "interval_count": "recurring.interval_count",
    "usage_type": "recurring.usage_type",
    "package_size": "transform_quantity.divide_by",
    "package_rounding": "transform_quantity.round",
}
_COUPON = {
    "percent_off": "percent_off",
    "amount_off": "amount_off",
    "coupon_currency": "currency",
    "duration": "duration",
}
_DISCOUNT = {"customer_id": "customer", "discount_start": "start", "discount_end": "end"}
_CUSTOMER = {
    "customer_id": "id",
    "email": "email",
    "country": "address.country",
    "currency": "currency",
    "created": "created",
    "is_delinquent": "delinquent",
    "is_live": "livemode",
}
_INVOICE = {
    "invoice_id": "id",
    "customer_id": "customer",
    "subscription_id": "parent.subscription_details.subscription",
    "status": "status",
    "billing_reason": "billing_reason",
    "currency": "currency",
    "created": "created",
    "period_start": "period_start",
    "period_end": "period_end",
    "due_date": "due_date",
    "finalized_at": "status_transitions.finalized_at",
    "paid_at": "status_transitions.paid_at",
    "voided_at": "status_transitions.voided_at",
    "marked_uncollectible_at": "status_transitions.marked_uncollectible_at",
    "subtotal": "subtotal",
    "total": "total",
    "amount_due": "amount_due",
    "amount_paid": "amount_paid",
    "amount_remaining": "amount_remaining",
    "credited_amount": "post_payment_credit_notes_amount",
    "is_live": "livemode",
}
_MOMENTS = frozenset(
    {
        *("created", "start_date", "trial_start", "trial_end", "cancel_at", "canceled_at", "ended_at"),
        *("pause_resumes_at", "current_period_start", "current_period_end", "item_created", "event_created"),
        *("discount_start", "discount_end", "period_start", "period_end", "due_date"),
        *("finalized_at", "paid_at", "voided_at", "marked_uncollectible_at"),
    }
)
_ABSENT = object()


def picked(record: Mapping[str, Any], paths: Mapping[str, str]) -> Record:
    """Columns of ``record`` by their paths; what the API doesn't give is left out, so that it is noticed.

    Null where an object on the way is null: no recurring price has no interval.
    """
    values = {column: _at(record, path) for column, path in paths.items()}
    return {
        column: moment(value) if column in _MOMENTS else value
        for column, value in values.items()
        if value is not _ABSENT
    }


def moment(value: Any) -> Any:
    """Seconds since 1970 as text with a zone; anything else as it is, for the core to refuse."""
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC).isoformat()
    return value


def subscription_row(subscription: Record) -> Record:
    """The fields of a subscription that stand in its own row and in those of its events."""
    items = (subscription.get("items") or {}).get("data") or []
    return {
        **picked(subscription, _SUBSCRIPTION),
        **_ids("discount_ids", subscription.get("discounts", _ABSENT)),
        "item_ids": ";".join(str(item["id"]) for item in items) or None,
    }


def item_row(item: Record, subscription: Record) -> Record:
    """The fields of an item and its price; its period stood on the subscription before 2025."""
    told = {"current_period_start": "current_period_start", "current_period_end": "current_period_end"}
    return {
        **picked(item, {"item_created": "created", "quantity": "quantity"}),
        **picked(item.get("price") or {}, _PRICE),
        **picked({**{name: subscription[name] for name in told if name in subscription}, **item}, told),
        **_ids("item_discount_ids", item.get("discounts", _ABSENT)),
    }


def discount_rows(
    found: Any, *, subscription_id: str | None = None, item_id: str | None = None
) -> Iterator[Record]:
    """Rows of the discounts that are told whole; ids alone tell nothing."""
    for discount in found if isinstance(found, list) else [found]:
        if isinstance(discount, dict):
            yield {
                "discount_id": discount["id"],
                "subscription_id": subscription_id or discount.get("subscription"),
                "item_id": item_id or discount.get("subscription_item"),
                **picked(discount, _DISCOUNT),
                **_coupon_of(discount),
            }


def price_row(price: Record) -> Record:
    """A price whose product and tiers are expanded."""
    product = price.get("product")
    row = picked(price, {**_PRICE, "is_active": "active", "created": "created"})
    if isinstance(product, dict):
        row |= {"product_id": product["id"], **picked(product, {"product_name": "name"})}
    return row | {"pricing_tiers": _tiers(price.get("tiers"))}


def coupon_row(coupon: Record) -> Record:
    """A coupon whose limits are expanded."""
    more = {"coupon_id": "id", "duration_in_months": "duration_in_months", "created": "created"}
    products = (coupon.get("applies_to") or {}).get("products") or []
    return {**picked(coupon, {**_COUPON, **more}), "product_ids": ";".join(map(str, products)) or None}


def customer_row(customer: Record) -> Record:
    """A customer whose discount is expanded."""
    discount = customer.get("discount") or {}
    return {
        **picked(customer, _CUSTOMER),
        "discount_id": discount.get("id"),
        "discount_start": moment(discount.get("start")),
        "discount_end": moment(discount.get("end")),
        **_coupon_of(discount),
    }


def invoice_row(invoice: Record) -> Record:
    """An invoice; what it lists of discounts and taxes is added up."""
    return {
        **picked(invoice, _INVOICE),
        "discount_amount": _sum(invoice.get("total_discount_amounts")),
        "tax_amount": _sum(invoice.get("total_taxes")),
    }


def before(record: Mapping[str, Any], changes: Mapping[str, Any]) -> Record:
    """``record`` as it was before ``changes``: objects are changed within, lists whole."""
    past = dict(record)
    for name, old in changes.items():
        new = past.get(name)
        past[name] = before(new, old) if isinstance(new, dict) and isinstance(old, dict) else old
    return past


def _at(record: Any, path: str) -> Any:
    for name in path.split("."):
        if record is None:
            return None
        if not isinstance(record, dict) or name not in record:
            return _ABSENT
        record = record[name]
    return record


def _ids(column: str, found: Any) -> Record:
    if found is _ABSENT:
        return {}
    ids = [each["id"] if isinstance(each, dict) else str(each) for each in found or []]
    return {column: ";".join(ids) or None}


def _coupon_of(discount: Record) -> Record:
    """The coupon of a discount: since 2025 its source, before a field of its own; an id or whole."""
    source = discount.get("source") or {}
    coupon = source.get("coupon") or discount.get("coupon")
    whole = coupon if isinstance(coupon, dict) else {}
    return {
        "coupon_id": whole.get("id") if whole else coupon,
        **{column: whole.get(path) for column, path in _COUPON.items()},
    }


def _tiers(tiers: Sequence[Record] | None) -> str | None:
    """Tiers in the words of ``subscriptions/items``, amounts as decimal text of minor units."""
    if not tiers:
        return None
    return json.dumps(
        [
            {
                "up_to": tier["up_to"],
                "unit_amount": _text(tier, "unit_amount"),
                "flat_amount": _text(tier, "flat_amount"),
            }
            for tier in tiers
        ]
    )


def _text(tier: Record, name: str) -> str:
    """An amount of a tier; one of its two amounts may be missing, which is none."""
    exact = tier.get(f"{name}_decimal")
    return str(exact if exact is not None else tier.get(name) or 0)


def _sum(parts: Sequence[Record] | None) -> int | None:
    return None if parts is None else sum(part["amount"] for part in parts)
