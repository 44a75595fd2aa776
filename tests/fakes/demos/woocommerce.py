"""WooCommerce's server: the shop of Sib."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_woocommerce import fill_woocommerce
from tests.fakes.demos import Opened
from tests.fakes.woocommerce import CONSUMER_KEY, CONSUMER_SECRET, WooCommerceApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One shop."""
    shop = stack.enter_context(WooCommerceApi())
    fill_woocommerce(shop, last_day, days=days)
    return Opened(
        apis={"woocommerce": shop},
        addresses={"http://woocommerce.local": shop.base_url},
        environment=lambda _: {
            "DEMO_WOOCOMMERCE_KEY": CONSUMER_KEY,
            "DEMO_WOOCOMMERCE_SECRET": CONSUMER_SECRET,
        },
    )
