"""An ad account with two campaigns over four days, its server, and a workbench with its token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.fakes.linkedin_ads import TOKEN, AdAccount, Delivery, LinkedInAdsApi, campaign

ACCOUNT = 12345
FIRST = date(2026, 11, 1)
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def delivery(day: date, number: int, *, clicks: int = 1, cost: str = "1.00", **more: object) -> Delivery:
    """A campaign's day, with nothing claimed but what is said."""
    metrics = {
        "impressions": 100,
        "clicks": clicks,
        "costInLocalCurrency": cost,
        "externalWebsiteConversions": 0,
        "externalWebsitePostClickConversions": 0,
        "externalWebsitePostViewConversions": 0,
        "conversionValueInLocalCurrency": "0",
        "oneClickLeads": 0,
    }
    return Delivery(day=day, campaign_id=number, metrics=metrics | more)


def days(last: date, *, of: int = 4) -> list[date]:
    """``of`` days up to ``last``."""
    return [last - DAY * back for back in reversed(range(of))]


@pytest.fixture
def account() -> AdAccount:
    """Campaigns 7 and 8; each has a row of each day."""
    return AdAccount(
        "حساب سیب",
        campaigns=[
            campaign(7, "پویش پاییزهٔ میوه‌ها", account_id=ACCOUNT),
            campaign(8, "Brand", account_id=ACCOUNT, kind=None),
        ],
        deliveries=[
            delivery(day, number, clicks=number) for day in days(FIRST + 3 * DAY) for number in (7, 8)
        ],
    )


@pytest.fixture
def api(account: AdAccount) -> Iterator[LinkedInAdsApi]:
    """The server; its contract must not be broken."""
    with LinkedInAdsApi({ACCOUNT: account}) as server:
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: LinkedInAdsApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the account from the first of November on."""
    monkeypatch.setenv("ADS_TOKEN", TOKEN)
    keys = {
        "connector": "linkedin_ads",
        "account_id": ACCOUNT,
        "token_env": "ADS_TOKEN",
        "base_url": api.base_url,
        "start": FIRST,
    }
    return Workbench(zone, keys)
