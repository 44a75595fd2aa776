"""The TikTok server: whatever is wrong has status 200, and arrays are JSON text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import requests

from tests.fakes.tiktok_ads import TOKEN, Advertiser, Result, TikTokAdsApi

_ASKED = {
    "advertiser_id": "7",
    "report_type": "BASIC",
    "data_level": "AUCTION_CAMPAIGN",
    "dimensions": '["campaign_id","stat_time_day"]',
    "metrics": '["spend","clicks"]',
    "start_date": "2026-11-01",
    "end_date": "2026-11-30",
}


@pytest.fixture
def api() -> Iterator[TikTokAdsApi]:
    """Advertiser 7 with a campaign that ran on three days."""
    results = [
        Result(day=date(2026, 11, day), campaign_id="1", metrics={"spend": "0.50", "clicks": str(day)})
        for day in (1, 2, 3)
    ]
    with TikTokAdsApi({"7": Advertiser("یک", results=results)}) as server:
        yield server


def _report(api: TikTokAdsApi, *, token: str = TOKEN, **changes: str) -> dict[str, Any]:
    answer = requests.get(
        f"{api.base_url}/open_api/v1.3/report/integrated/get/",
        params=_ASKED | changes,
        headers={"Access-Token": token},
        timeout=30,
    )
    assert answer.status_code == 200
    return dict(answer.json())


def test_pages_count_themselves(api: TikTokAdsApi) -> None:
    last = _report(api, page="2", page_size="2")["data"]
    assert last["list"] == [
        {
            "dimensions": {"campaign_id": "1", "stat_time_day": "2026-11-03 00:00:00"},
            "metrics": {"spend": "0.50", "clicks": "3"},
        }
    ]
    assert last["page_info"] == {"page": 2, "page_size": 2, "total_number": 3, "total_page": 2}
    assert api.violations == []


def test_nothing_is_an_empty_list(api: TikTokAdsApi) -> None:
    nothing = _report(api, start_date="2026-10-01", end_date="2026-10-02")
    assert (nothing["code"], nothing["data"]["list"], nothing["data"]["page_info"]["total_page"]) == (
        0,
        [],
        0,
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start_date": "2026-10-31"}, 40002),
        ({"page_size": "1001"}, 40002),
        ({"dimensions": "campaign_id"}, 40002),
        ({"metrics": '["no_such_metric"]'}, 40002),
        ({"start_date": "yesterday"}, 40002),
        ({"report_type": "AUDIENCE"}, 40002),
        ({"advertiser_id": "8"}, 40001),
        ({"token": "another"}, 40105),
    ],
)
def test_refusals_have_status_200(api: TikTokAdsApi, changes: dict[str, str], code: int) -> None:
    # The judge can't read text that is no JSON at all.
    api.checks_contract = False
    refused = _report(api, **changes)
    assert (refused["code"], refused["data"]) == (code, {})
    assert refused["message"]
