"""Shopify's server: the shop of Acme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_shopify import fill_shopify
from tests.fakes.demos import Opened
from tests.fakes.shopify import ACCESS_TOKEN, ShopifyApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One shop; its allowance is large, so that the demo is quick."""
    shop = stack.enter_context(ShopifyApi(points=1_000_000.0))
    fill_shopify(shop, last_day, days=days)
    return Opened(
        apis={"shopify": shop},
        addresses={"http://shopify.local": shop.base_url},
        environment=lambda _: {"DEMO_SHOPIFY_TOKEN": ACCESS_TOKEN},
    )
