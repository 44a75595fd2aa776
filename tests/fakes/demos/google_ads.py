"""Google Ads' server: an account of each brand; Sib's is read by a user through a manager account."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from tests.fakes.demo_google_ads import demo_accounts
from tests.fakes.demos import Opened
from tests.fakes.google_ads import DEVELOPER_TOKEN, GoogleAdsApi
from tests.fakes.google_auth import CLIENT_ID, CLIENT_SECRET, service_account_info

_REFRESH_TOKEN = "1//refresh-token-of-the-demo"  # noqa: S105 - of a server on loopback


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """Two accounts and a manager."""
    ads = stack.enter_context(
        GoogleAdsApi(demo_accounts(last_day, days=days), today=last_day + timedelta(days=1))
    )
    ads.tokens.refresh_tokens[_REFRESH_TOKEN] = ads.scope

    def environment(home: Path) -> Mapping[str, str]:
        key = home / "google-ads-key.json"
        key.write_text(json.dumps(service_account_info(ads.token_uri)), encoding="utf-8")
        return {
            "DEMO_GOOGLE_ADS_TOKEN": DEVELOPER_TOKEN,
            "DEMO_GOOGLE_ADS_KEY": str(key.absolute()),
            "DEMO_GOOGLE_ADS_CLIENT": CLIENT_ID,
            "DEMO_GOOGLE_ADS_SECRET": CLIENT_SECRET,
            "DEMO_GOOGLE_ADS_REFRESH": _REFRESH_TOKEN,
        }

    return Opened(
        apis={"google_ads": ads},
        addresses={"http://google-ads.local": ads.base_url, "http://google-ads.local/token": ads.token_uri},
        environment=environment,
    )
