"""Meta's server: the ad account of Acme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_meta_ads import fill_meta_ads
from tests.fakes.demos import Opened, clock_after
from tests.fakes.meta_ads import ACCESS_TOKEN, MetaAdsApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One ad account, whose jobs are done at once."""
    ads = stack.enter_context(MetaAdsApi(today=clock_after(last_day).date()))
    ads.polls = 0
    used = {"app_id_util_pct": 12.5, "acc_id_util_pct": 40, "ads_api_access_tier": "standard_access"}
    ads.usage = {"X-FB-Ads-Insights-Throttle": used}
    fill_meta_ads(ads, last_day, days=days)
    return Opened(
        apis={"meta_ads": ads},
        addresses={"http://meta-ads.local": ads.base_url},
        environment=lambda _: {"DEMO_META_ADS_TOKEN": ACCESS_TOKEN},
    )
