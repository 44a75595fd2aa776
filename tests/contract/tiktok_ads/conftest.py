"""An advertiser in Dubai with two campaigns over four days, its server, and a workbench with its token."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.core.raw_zone import RawZone
from tests.contract.landed import Workbench
from tests.fakes.tiktok_ads import TOKEN, Advertiser, Result, TikTokAdsApi

ADVERTISER = "7000000000000000001"
FIRST = date(2026, 11, 1)
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def result(day: date, number: int, **metrics: str) -> Result:
    """A campaign's day."""
    ordinary = {
        "campaign_name": f"پویش {number}",
        "objective_type": "TRAFFIC",
        "spend": "1.00",
        "impressions": "100",
        "clicks": str(number),
        "conversion": "0",
    }
    return Result(day=day, campaign_id=str(number), metrics=ordinary | metrics)


@pytest.fixture
def advertiser() -> Advertiser:
    """Campaigns 7 and 8; each has a row of each day."""
    return Advertiser(
        "فروشگاه سیب",
        timezone="Asia/Dubai",
        currency="USD",
        results=[result(FIRST + DAY * day, number) for day in range(4) for number in (7, 8)],
    )


@pytest.fixture
def api(advertiser: Advertiser) -> Iterator[TikTokAdsApi]:
    """The server; its contract must not be broken."""
    with TikTokAdsApi({ADVERTISER: advertiser}) as server:
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: TikTokAdsApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A source of the advertiser from the first of November on."""
    monkeypatch.setenv("ADS_TOKEN", TOKEN)
    keys = {
        "connector": "tiktok_ads",
        "advertiser_id": ADVERTISER,
        "token_env": "ADS_TOKEN",
        "base_url": api.base_url,
        "start": FIRST,
    }
    return Workbench(zone, keys)
