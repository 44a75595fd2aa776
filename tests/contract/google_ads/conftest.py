"""An account with a few days of ads, its manager, its server, and a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conformance.google_key import write_key
from tests.contract.desk import NOW, Desk, zone_in
from tests.fakes.google_ads import DEVELOPER_TOKEN, GoogleAdsApi
from tests.fakes.google_ads_data import Action, Ad, AdAccount, AdFact, AdGroup, Campaign, Claim

CUSTOMER, MANAGER, OTHER = "1234567890", "9876543210", "5550001111"
FIRST, SECOND = date(2026, 11, 2), date(2026, 11, 3)
SEARCH, PMAX = 22, 33
PURCHASE, LEAD = 71, 72


@dataclass(kw_only=True)
class AdsDesk(Desk):
    """A desk with its server and the server's account."""

    api: GoogleAdsApi
    account: AdAccount

    def queries(self, resource: str) -> list[str]:
        """Questions about a resource, in order."""
        asked = [seen.body["query"] for seen in self.api.seen if seen.path.endswith("searchStream")]
        return [query for query in asked if f" FROM {resource}" in f"{query} "]


@pytest.fixture
def account() -> AdAccount:
    """A search campaign with an ad, and a Performance Max campaign, which has none."""
    return AdAccount(
        id=CUSTOMER,
        name="فروشگاه سیب",
        currency_code="IRR",
        time_zone="Asia/Tehran",
        managers=frozenset({MANAGER}),
        campaigns={
            SEARCH: Campaign(name="نام‌تجاری"),
            PMAX: Campaign(name="PMax", type="PERFORMANCE_MAX"),
        },
        ad_groups={5: AdGroup(name="برند")},
        ads={6: Ad(name="آگهی ۱")},
        actions={
            PURCHASE: Action(name="خرید"),
            LEAD: Action(name="Lead", category="SUBMIT_LEAD_FORM", is_primary=False, click_window_days=90),
        },
        facts=[
            AdFact(
                day=FIRST,
                campaign=SEARCH,
                ad_group=5,
                ad=6,
                impressions=1200,
                clicks=40,
                cost_micros=12_340_001,
            ),
            AdFact(day=FIRST, campaign=PMAX, impressions=10, clicks=0, cost_micros=9_007_199_254_740_993),
            AdFact(day=SECOND, campaign=SEARCH, ad_group=5, ad=6, impressions=3),
        ],
        claims=[
            Claim(
                day=FIRST,
                campaign=SEARCH,
                ad_group=5,
                ad=6,
                action=PURCHASE,
                conversions=Decimal("2.333333"),
                value=Decimal("150000.1"),
            ),
            Claim(day=FIRST, campaign=SEARCH, ad_group=5, ad=6, action=LEAD),
            Claim(day=FIRST, campaign=PMAX, action=PURCHASE, conversions=Decimal("0.5"), value=Decimal(7)),
        ],
    )


@pytest.fixture
def api(account: AdAccount) -> Iterator[GoogleAdsApi]:
    """The server; what breaks Google's contract fails the test."""
    manager = AdAccount(
        id=MANAGER,
        name="Agency",
        currency_code="AED",
        time_zone="Asia/Dubai",
        is_manager=True,
        clients=(account,),
    )
    with GoogleAdsApi([account, manager], today=NOW.date()) as server:
        yield server
    assert server.violations == []


@pytest.fixture
def make_desk(api: GoogleAdsApi, account: AdAccount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes desks over one server; streams by name."""
    key_file, _ = write_key(tmp_path, api.token_uri)
    monkeypatch.setenv("ADS_KEY", key_file)
    monkeypatch.setenv("ADS_TOKEN", DEVELOPER_TOKEN)

    def make(*only: str) -> AdsDesk:
        keys = {
            "customer_id": CUSTOMER,
            "developer_token_env": "ADS_TOKEN",
            "credentials_file_env": "ADS_KEY",
            "start": FIRST,
            "base_url": api.base_url,
        }
        return AdsDesk(
            word="google_ads",
            keys=keys,
            zone=zone_in(tmp_path),
            only=tuple(f"google_ads/{name}" for name in only),
            api=api,
            account=account,
        )

    return make
