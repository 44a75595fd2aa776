"""LinkedIn's server: the ad account of Acme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_ads import LINKEDIN_ACCOUNT, demo_ad_account
from tests.fakes.demos import Opened
from tests.fakes.linkedin_ads import TOKEN, LinkedInAdsApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One account."""
    ads = stack.enter_context(LinkedInAdsApi({LINKEDIN_ACCOUNT: demo_ad_account(last_day, days=days)}))
    return Opened(
        apis={"linkedin_ads": ads},
        addresses={"http://linkedin-ads.local": ads.base_url},
        environment=lambda _: {"DEMO_LINKEDIN_ADS_TOKEN": TOKEN},
    )
