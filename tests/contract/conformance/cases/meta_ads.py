"""Meta Ads: items are campaigns on a day; the label is the action type, the amount the impressions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from werkzeug import Request

from connectors.meta_ads.streams import AD_PERFORMANCE, CAMPAIGN_PERFORMANCE, CONVERSIONS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import TODAY
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.meta_ads import ACCESS_TOKEN, MetaAdsApi
from tests.fakes.meta_ads_data import AdAccount, AdDay

_ACCOUNT = "1018"
_GOAL = "lead"
_FIELD = "impressions"


class _Api(Reshaping, MetaAdsApi):
    """Meta that may change its shape."""


class MetaAdsCase(NetworkedCase):
    """One ad account; its ads are asked for as jobs, its campaigns at once."""

    name = "meta_ads"
    connector = "meta_ads"
    stream = CAMPAIGN_PERFORMANCE
    another_account = ("account_id", "1019")
    label = _GOAL
    beside = frozenset({AD_PERFORMANCE.id})
    renews_credentials = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api(today=TODAY))

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Facts have no moment."""
        del at
        days = [_day(item) for item in items]
        self.api.accounts = {
            _ACCOUNT: AdAccount(name="سیب", currency="USD", timezone="Asia/Dubai", days=days)
        }

    def set_time(self, at: datetime) -> None:
        """Of the 37 months."""
        super().set_time(at)
        self.api.today = at.date()

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Campaigns, their actions in each window, and ads."""
        performance = [
            {
                "date": item.day,
                "account_id": _ACCOUNT,
                "campaign_name": item.text,
                "impressions": item.amount or 0,
                "clicks": 3 if item.amount else 0,
                "cost": _spend(item),
                "conversions": 5 if item.label == _GOAL else 0,
                "conversion_goal": _GOAL,
                "currency_code": "USD",
            }
            for item in items
        ]
        return {
            CAMPAIGN_PERFORMANCE.id: performance,
            AD_PERFORMANCE.id: [
                {**row, "ad_id": f"7{item.number}"} for row, item in zip(performance, items, strict=True)
            ],
            CONVERSIONS.id: [
                {
                    "date": item.day,
                    "campaign_id": str(item.number),
                    "action_type": item.label,
                    "attribution_window": window,
                    "conversions": count,
                    "conversion_value": value,
                }
                for item in items
                if item.label is not None
                for window, count, value in (("total", 5, 12.5), ("7d_click", 4, 12.5), ("1d_view", 1, None))
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One account, with leads as its conversions."""
        return {
            "account_id": _ACCOUNT,
            "token_env": "SUITE_META_TOKEN",
            "conversion_action": _GOAL,
            "base_url": self.api.base_url,
            "page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The token."""
        return {"SUITE_META_TOKEN": ACCESS_TOKEN}

    @property
    def secrets(self) -> Sequence[str]:
        """The token."""
        return (ACCESS_TOKEN,)

    def asks_for_stream(self, request: Request) -> bool:
        """A page of campaigns with their spend."""
        return request.args.get("level") == "campaign" and "spend" in request.args.get("fields", "")

    def in_front(self, items: Sequence[Item]) -> Item:
        """The most expensive first."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="dear", label=self.label, amount=9_999)

    def repeat_pages(self) -> None:
        """Every cursor is that of the same page."""
        self.api.repeats_cursor = True
        self.api.lies = True

    def drift(self, kind: Drift) -> None:
        """Of the impressions."""
        self.api.lies = True
        self.api.reshape = lambda body, _: _shaped(body, kind)

    def heal(self) -> None:
        """Also of repeated pages and a changed shape."""
        super().heal()
        self.api.repeats_cursor = False
        self.api.reshape = None


def _day(item: Item) -> AdDay:
    actions = {item.label: {"7d_click": 4, "1d_view": 1}} if item.label is not None else {}
    values = {item.label: {"7d_click": Decimal("12.50")}} if item.label is not None else {}
    return AdDay(
        day=item.day,
        campaign=(str(item.number), item.text),
        adset=(f"5{item.number}", "همه"),
        ad=(f"7{item.number}", f"ad of {item.text}"),
        spend=_spend(item),
        impressions=item.amount or 0,
        reach=item.amount or 0,
        clicks=4 if item.amount else 0,
        link_clicks=3 if item.amount else 0,
        actions=actions,
        values=values,
    )


def _spend(item: Item) -> Decimal:
    return Decimal(item.amount or 0) / 100


def _shaped(body: dict[str, Any], kind: Drift) -> dict[str, Any]:
    rows = body.get("data")
    if not rows:
        return body
    match kind:
        case Drift.VANISHED:
            rows = [without(row, _FIELD) for row in rows]
        case Drift.RENAMED:
            rows = [renamed(row, _FIELD, "views") for row in rows]
        case Drift.RETYPED:
            rows = [row | {_FIELD: "many"} for row in rows]
        case Drift.NEW:
            rows = [row | {"mood": "شاد"} for row in rows]
    return body | {"data": rows}


CASES = (MetaAdsCase,)
