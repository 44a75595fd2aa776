"""An ad account with a campaign of two ads on two days, its server, and a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.contract.desk import NOW, Desk, zone_in
from tests.fakes.meta_ads import ACCESS_TOKEN, MetaAdsApi
from tests.fakes.meta_ads_data import AdAccount, AdDay
from tests.fakes.server import Seen

ACCOUNT = "1018"
FIRST = date(2026, 11, 2)
SECOND = date(2026, 11, 3)
DAY = timedelta(days=1)
CAMPAIGN = ("120301", "پاییزه ۱۴۰۵")


def ad_day(day: date, ad: int = 1, **facts: Any) -> AdDay:
    """A day of one ad; the campaign and the ad set are the same for all."""
    told = {"spend": Decimal("12.34"), "impressions": 1000, "reach": 800, "clicks": 40, "link_clicks": 31}
    return AdDay(
        day=day,
        campaign=CAMPAIGN,
        adset=("120302", "همه"),
        ad=(f"12030{ad}9", f"ad {ad}"),
        **{**told, **facts},
    )


@dataclass(kw_only=True)
class MetaDesk(Desk):
    """A desk with its server.

    Attributes:
        api: the server.
    """

    api: MetaAdsApi

    @property
    def account(self) -> AdAccount:
        """The source's ad account at the vendor's."""
        return self.api.accounts[ACCOUNT]

    def asked(self, method: str, path: str) -> list[Seen]:
        """Requests whose path ends so, in order."""
        return [seen for seen in self.api.seen if seen.method == method and seen.path.endswith(path)]

    def questions(self) -> list[tuple[str, str, str]]:
        """Way, first and last day of every question for insights, pages left out."""
        found = []
        for seen in self.asked("GET", f"act_{ACCOUNT}/insights") + self.asked(
            "POST", f"act_{ACCOUNT}/insights"
        ):
            asked = seen.body if seen.method == "POST" else seen.query
            if "after" not in asked and "time_increment" in asked:
                days = asked["time_range"].split('"')
                found.append(("job" if seen.method == "POST" else "page", days[3], days[7]))
        return found


@pytest.fixture
def api() -> Iterator[MetaAdsApi]:
    """The server; what breaks Meta's contract fails the test."""
    lead = {"lead": {"7d_click": 4, "1d_view": 1}}
    with MetaAdsApi(today=NOW.date()) as server:
        server.accounts[ACCOUNT] = AdAccount(
            name="Acme",
            days=[
                ad_day(FIRST, 1, actions=lead, values={"lead": {"7d_click": Decimal("99.999999")}}),
                ad_day(FIRST, 2, spend=Decimal("0.01"), impressions=7, reach=7, clicks=0, link_clicks=0),
                ad_day(SECOND, 1, actions={"link_click": {"7d_click": 31}}),
            ],
        )
        yield server
    assert server.violations == []


@pytest.fixture
def make_desk(api: MetaAdsApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes desks over one server, each with a zone of its own; streams by name."""
    monkeypatch.setenv("META_TOKEN", ACCESS_TOKEN)
    numbers = count(1)

    def make(*only: str, **keys: Any) -> MetaDesk:
        common = {
            "account_id": ACCOUNT,
            "token_env": "META_TOKEN",
            "start": FIRST,
            "base_url": api.base_url,
            **keys,
        }
        return MetaDesk(
            word="meta_ads",
            keys=common,
            zone=zone_in(tmp_path / str(next(numbers))),
            only=tuple(f"meta_ads/{name}" for name in only),
            api=api,
        )

    return make
