"""Meta Ads of ``nava`` by API: an account in rials.

What Meta's API can't tell as the export told it: amounts have one unit, a campaign whose results are not known has none,
and a day of which an export has no row is a day without ads.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.fakes.meta_ads import ACCESS_TOKEN, MetaAdsApi
from tests.fakes.meta_ads_data import AdAccount
from tests.fakes.meta_ads_data import AdDay as Shown
from tests.known_company.clock import RUNS, START
from tests.known_company.nava import ads, rates
from tests.known_company.nava.answers import AD_DAYS, BRAND
from tests.known_company.nava.exports import Drop, tehran_day
from tests.known_company.nava_apis.reasons import Reason, of_source
from tests.known_company.nava_apis.served import Opened, every_day
from tests.known_company.oracle import ads as ads_oracle
from tests.known_company.oracle.feeding import feeds
from tests.known_company.oracle.feeds import Answers
from tests.known_company.records import AdDay

INSTEAD_OF = TELLS = (ads.META,)
_ACCOUNT = "301004599"
_RIALS_OF_TOMAN = 10
REASONS = (
    Reason(
        text="a day of which Meta's export has no row is one without ads",
        measures=frozenset(ads_oracle.MEASURES),
        is_row=of_source(ads.META),
    ),
)


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The same in every run."""
    del run
    return {
        ads.META: {
            "connector": "meta_ads", "account_id": _ACCOUNT, "token_env": "KNOWN_NAVA_META_TOKEN", "start": START,
            "conversion_action": "purchase", "base_url": addresses["meta_ads"], "calls_per_minute": 6_000,
        }
    }  # fmt: skip


def open_server(run: int, home: Path, servers: ExitStack) -> Opened:
    """The account up to the day before the run."""
    del home
    api = servers.enter_context(MetaAdsApi(today=tehran_day(RUNS[run])))
    api.checks_contract = False
    api.polls = 0
    days = [_shown(day) for day in ads.meta_days() if day.day < RUNS[run].date()]
    api.accounts[_ACCOUNT] = AdAccount(name="nava", currency="IRR", timezone="Asia/Tehran", days=days)
    return Opened({"meta_ads": api.base_url}, {"KNOWN_NAVA_META_TOKEN": ACCESS_TOKEN})


def drops(run: int) -> tuple[Drop, ...]:
    """None."""
    del run
    return ()


def records() -> list[AdDay]:
    """What the API tells of ``nava``'s days after the last run."""
    return [
        replace(each, conversions=each.conversions or Decimal(0))
        for each in ads.records()
        if each.source == ads.META
    ]


def answers() -> Answers:
    """Reckoned as of the exports."""
    found = ads_oracle.answers(BRAND, records(), (), rates.rates())
    found.feeds = feeds(
        ads.META, ads_oracle.MEASURES, every_day(), usable_after_days=1, final_after_days=AD_DAYS[ads.META]
    )
    return found


def _shown(day: ads.Day) -> Shown:
    number = ads.hash_of(day.campaign)
    actions: dict[str, dict[str, Decimal | int]] = {}
    if day.clicks:
        actions["link_click"] = {"7d_click": day.clicks}
    if day.conversions:
        actions["purchase"] = {"7d_click": day.conversions}
    return Shown(
        day=day.day,
        campaign=(str(number), day.campaign),
        adset=(f"{number}1", day.campaign),
        ad=(f"{number}2", day.campaign),
        spend=day.cost * _RIALS_OF_TOMAN,
        impressions=day.impressions,
        reach=day.impressions - 1,
        clicks=day.clicks * 2,
        link_clicks=day.clicks,
        actions=actions,
    )
