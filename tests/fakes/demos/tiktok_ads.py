"""TikTok's server: the advertiser of Acme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_ads import TIKTOK_ADVERTISER, demo_advertiser
from tests.fakes.demos import Opened
from tests.fakes.tiktok_ads import TOKEN, TikTokAdsApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One advertiser."""
    ads = stack.enter_context(TikTokAdsApi({TIKTOK_ADVERTISER: demo_advertiser(last_day, days=days)}))
    return Opened(
        apis={"tiktok_ads": ads},
        addresses={"http://tiktok-ads.local": ads.base_url},
        environment=lambda _: {"DEMO_TIKTOK_ADS_TOKEN": TOKEN},
    )
