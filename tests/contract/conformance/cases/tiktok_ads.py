"""TikTok Ads: items are a campaign's day; the label is the objective, the amount the claimed conversions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug import Request

from connectors.tiktok_ads.streams import CAMPAIGN_PERFORMANCE, CONVERSIONS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.tiktok_ads import TOKEN, Advertiser, Result, TikTokAdsApi

_ADVERTISER = "7012345678901234567"


class _Api(Reshaping, TikTokAdsApi):
    """TikTok that may change its shape."""


class TikTokAdsCase(NetworkedCase):
    """One advertiser in Berlin."""

    name = "tiktok_ads"
    connector = "tiktok_ads"
    stream = CAMPAIGN_PERFORMANCE
    another_account = ("advertiser_id", "7012345678901234568")
    label = "TRAFFIC"
    beside = frozenset({CONVERSIONS.id})
    renews_credentials = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Numbers of a day have no moment; the newest campaign comes first."""
        del at
        results = [_result(item) for item in sorted(items, key=lambda item: -item.number)]
        self.api.advertisers = {_ADVERTISER: Advertiser("تبلیغ‌دهنده", results=results)}

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """A row per item, and one where it has conversions."""
        common = [
            {
                "date": item.day,
                "account_id": _ADVERTISER,
                "campaign_id": str(item.number),
                "campaign_name": item.text,
                "currency_code": "EUR",
                "conversion_goal": "conversion",
                "conversions": item.amount,
            }
            for item in items
        ]
        return {
            CAMPAIGN_PERFORMANCE.id: [
                {
                    **row,
                    "impressions": 1000 + item.number,
                    "clicks": item.number,
                    "cost": item.number + 0.3,
                    "campaign_type": item.label,
                }
                for item, row in zip(items, common, strict=True)
            ],
            CONVERSIONS.id: [
                {**row, "attribution_window": "total"} for row in common if row["conversions"] is not None
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One advertiser."""
        return {
            "advertiser_id": _ADVERTISER,
            "token_env": "SUITE_TIKTOK_TOKEN",
            "base_url": self.api.base_url,
            "page_size": PAGE,
            "window_days": 7,
        }

    def environment(self) -> dict[str, str]:
        """The token."""
        return {"SUITE_TIKTOK_TOKEN": TOKEN}

    @property
    def secrets(self) -> Sequence[str]:
        """The token."""
        return (TOKEN,)

    def asks_for_stream(self, request: Request) -> bool:
        """A page of a report with what only the case's stream asks for."""
        return request.path.endswith("/report/integrated/get/") and "spend" in request.args.get("metrics", "")

    def in_front(self, items: Sequence[Item]) -> Item:
        """The newest campaign."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label, amount=3)

    def repeat_pages(self) -> None:
        """The first page, whichever is asked for."""
        self.api.repeats_page = True

    def drift(self, kind: Drift) -> None:
        """Of the clicks."""
        self.api.lies = True
        self.api.reshape = lambda body, _: _shaped(body, kind)

    def heal(self) -> None:
        """Also of a changed shape and of repeated pages."""
        super().heal()
        self.api.reshape = None
        self.api.repeats_page = False


def _result(item: Item) -> Result:
    metrics = {
        "campaign_name": item.text,
        "objective_type": item.label or "-",
        "spend": f"{item.number}.30",
        "impressions": str(1000 + item.number),
        "clicks": str(item.number),
        "conversion": "-" if item.amount is None else str(item.amount),
    }
    return Result(day=item.day, campaign_id=str(item.number), metrics=metrics)


def _shaped(body: dict[str, Any], kind: Drift) -> dict[str, Any]:
    data = body.get("data", {})
    if "page_info" not in data:
        return body
    rows = []
    for row in data["list"]:
        metrics = row["metrics"]
        match kind:
            case Drift.VANISHED:
                metrics = without(metrics, "clicks")
            case Drift.RENAMED:
                metrics = renamed(metrics, "clicks", "destination_clicks")
            case Drift.RETYPED:
                metrics = metrics | {"clicks": "many"}
            case Drift.NEW:
                metrics = metrics | {"reach": "3"}
        rows.append(row | {"metrics": metrics})
    return body | {"data": data | {"list": rows}}


CASES = (TikTokAdsCase,)
