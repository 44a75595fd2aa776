"""Orders, refunds and customers in the form in which WooCommerce writes them, for tests and demo data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import jdatetime

Record = dict[str, Any]


def gmt_text(at: datetime | None) -> str | None:
    """``at`` as a ``_gmt`` twin: UTC in whole seconds, without a zone."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def site_text(at: datetime | None, *, zone: str = "Asia/Tehran", jalali: bool = False) -> str | None:
    """``at`` on the site's clock, without a zone; in the Jalali calendar where a plugin does that."""
    if at is None:
        return None
    local = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if not jalali:
        return local.isoformat(timespec="seconds")
    return str(jdatetime.datetime.fromgregorian(datetime=local).strftime("%Y-%m-%dT%H:%M:%S"))


def line(
    number: int,
    *,
    total: str,
    subtotal: str | None = None,
    quantity: int = 1,
    name: str = "سیب سرخ",
    tax: str = "0",
    sku: str = "",
) -> Record:
    """A line; without ``subtotal`` it has no discount."""
    return {
        "id": number,
        "name": name,
        "product_id": 93,
        "variation_id": 0,
        "quantity": quantity,
        "tax_class": "",
        "subtotal": subtotal or total,
        "subtotal_tax": tax,
        "total": total,
        "total_tax": tax,
        "taxes": [],
        "meta_data": [],
        "sku": sku,
        "price": float(Decimal(total) / max(quantity, 1)),
    }


def order(
    number: int,
    *,
    at: datetime,
    lines: Sequence[Record],
    status: str = "completed",
    paid: datetime | None = None,
    modified: datetime | None = None,
    customer_id: int = 0,
    email: str = "",
    currency: str = "IRT",
    shipping: str = "0",
    tax: str = "0",
    utm: tuple[str, str, str] | None = None,
    jalali: bool = False,
    **fields: object,
) -> Record:
    """An order placed at the moment ``at``; ``fields`` go over the rest, in WooCommerce's names."""
    goods = sum((Decimal(each["total"]) for each in lines), Decimal(0))
    discount = sum((Decimal(each["subtotal"]) for each in lines), Decimal(0)) - goods
    moments = {"created": at, "modified": modified or at, "paid": paid, "completed": None}
    dates = {}
    for name, moment in moments.items():
        dates[f"date_{name}"] = site_text(moment, jalali=jalali)
        dates[f"date_{name}_gmt"] = gmt_text(moment)
    meta = [
        {"id": 1, "key": "_billing_city_code", "value": "021"},
        {"id": 2, "key": "_wc_order_attribution_device_type", "value": "Mobile"},
    ]
    for place, (name, value) in enumerate(
        zip(("source", "medium", "campaign"), utm or (), strict=False), start=3
    ):
        meta.append({"id": place, "key": f"_wc_order_attribution_utm_{name}", "value": value})
    row = {
        "id": number,
        "parent_id": 0,
        "number": str(number),
        "status": status,
        "currency": currency,
        "version": "10.3.0",
        "prices_include_tax": False,
        **dates,
        "discount_total": str(discount),
        "discount_tax": "0",
        "shipping_total": shipping,
        "shipping_tax": "0",
        "cart_tax": tax,
        "total": str(goods + Decimal(shipping) + Decimal(tax)),
        "total_tax": tax,
        "customer_id": customer_id,
        "customer_note": "به مینا احمدی بدهید",
        "billing": {
            "first_name": "مینا",
            "last_name": "احمدی",
            "address_1": "خیابان ولیعصر ۱۲",
            "city": "تهران",
            "country": "IR",
            "email": email,
            "phone": f"0912000{number % 10_000:04d}",
        },
        "payment_method": "zarinpal",
        "created_via": "checkout",
        "line_items": [dict(each) for each in lines],
        "shipping_lines": [],
        "fee_lines": [],
        "refunds": [],
        "meta_data": meta,
    }
    return row | fields


def refund(
    number: int,
    *,
    at: datetime,
    amount: str,
    goods: str | None = None,
    shipping: str | None = None,
    fee: str | None = None,
    reason: str = "",
) -> Record:
    """A refund of goods, shipping and fees, or of a mere amount where none of them is given."""

    def part(name: str, value: str | None) -> list[Record]:
        return (
            []
            if value is None
            else [{"id": number * 10, "name": name, "total": f"-{value}", "total_tax": "0"}]
        )

    return {
        "id": number,
        "date_created": site_text(at),
        "date_created_gmt": gmt_text(at),
        "amount": amount,
        "reason": reason,
        "refunded_by": 1,
        "refunded_payment": False,
        "line_items": part("سیب سرخ", goods),
        "shipping_lines": part("پست", shipping),
        "fee_lines": part("بسته‌بندی", fee),
        "meta_data": [],
    }


def customer(number: int, *, at: datetime, email: str, role: str = "customer") -> Record:
    """An account made at the moment ``at``."""
    return {
        "id": number,
        "date_created": site_text(at),
        "date_created_gmt": gmt_text(at),
        "date_modified": site_text(at),
        "date_modified_gmt": gmt_text(at),
        "email": email,
        "first_name": "مینا",
        "last_name": "احمدی",
        "role": role,
        "username": email.partition("@")[0],
        "billing": {"phone": "09120000000"},
        "is_paying_customer": True,
        "avatar_url": "https://avatars.example.com/0",
    }
