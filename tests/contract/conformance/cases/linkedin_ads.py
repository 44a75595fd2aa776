"""LinkedIn Ads: items are a campaign's day; the label is the campaign's type, the amount its claimed conversions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug import Request

from connectors.linkedin_ads.streams import CAMPAIGN_PERFORMANCE, CONVERSIONS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.linkedin_ads import TOKEN, AdAccount, Delivery, LinkedInAdsApi, campaign

_ACCOUNT = 507404993
_GOAL = "externalWebsiteConversions"
_CAP = 14
"""More than the items of any one day, fewer than those of the first window: its days are asked for in halves."""


class _Api(Reshaping, LinkedInAdsApi):
    """LinkedIn that may change its shape."""


class LinkedInAdsCase(NetworkedCase):
    """One ad account."""

    name = "linkedin_ads"
    connector = "linkedin_ads"
    stream = CAMPAIGN_PERFORMANCE
    another_account = ("account_id", 507404994)
    label = "SPONSORED_UPDATES"
    beside = frozenset({CONVERSIONS.id})
    renews_credentials = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())
        self.api.element_cap = _CAP

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Numbers of a day have no moment; the newest campaign is listed first."""
        del at
        newest_first = sorted(items, key=lambda item: -item.number)
        self.api.accounts = {
            _ACCOUNT: AdAccount(
                "حساب تبلیغات",
                campaigns=[
                    campaign(item.number, item.text, account_id=_ACCOUNT, kind=item.label)
                    for item in newest_first
                ],
                deliveries=[_delivery(item) for item in newest_first],
            )
        }

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """A row per item, and one per goal that has a number."""
        common = [
            {
                "date": item.day,
                "account_id": str(_ACCOUNT),
                "campaign_id": str(item.number),
                "campaign_name": item.text,
                "currency_code": "EUR",
                "conversion_goal": _GOAL,
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
                    "cost": item.number + 0.25,
                    "campaign_type": item.label,
                }
                for item, row in zip(items, common, strict=True)
            ],
            CONVERSIONS.id: [
                {**row, **counted}
                for row in common
                if row["conversions"] is not None
                for counted in (
                    {"attribution_window": "total"},
                    {"attribution_window": "post_click", "conversions": 1},
                    {"attribution_window": "post_view", "conversions": 0},
                    {"attribution_window": "total", "conversion_goal": "oneClickLeads", "conversions": 2},
                )
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One account, by its token."""
        return {
            "account_id": _ACCOUNT,
            "token_env": "SUITE_LINKEDIN_TOKEN",
            "base_url": self.api.base_url,
            "page_size": PAGE,
            "element_cap": _CAP,
            "window_days": 7,
        }

    def environment(self) -> dict[str, str]:
        """The token."""
        return {"SUITE_LINKEDIN_TOKEN": TOKEN}

    @property
    def secrets(self) -> Sequence[str]:
        """The token."""
        return (TOKEN,)

    def asks_for_stream(self, request: Request) -> bool:
        """A report with what only the case's stream asks for."""
        return request.path == "/rest/adAnalytics" and "costInLocalCurrency" in request.args.get("fields", "")

    def in_front(self, items: Sequence[Item]) -> Item:
        """The newest campaign."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label, amount=3)

    def repeat_pages(self) -> None:
        """Reports have no pages; those of the campaigns, which tell the names, all name the same next one."""
        self.api.repeats_token = True
        self.api.lies = True

    def drift(self, kind: Drift) -> None:
        """Of the clicks."""
        self.api.lies = True
        self.api.reshape = lambda body, request: (
            _shaped(body, kind) if request.path == "/rest/adAnalytics" else body
        )

    def heal(self) -> None:
        """Also of a changed shape and of repeated pages."""
        super().heal()
        self.api.reshape = None
        self.api.repeats_token = False


def _delivery(item: Item) -> Delivery:
    metrics: dict[str, object] = {
        "impressions": 1000 + item.number,
        "clicks": item.number,
        "costInLocalCurrency": f"{item.number}.25",
    }
    if item.amount is not None:
        metrics |= {
            _GOAL: item.amount,
            "conversionValueInLocalCurrency": f"{item.amount}.5",
            "externalWebsitePostClickConversions": 1,
            "externalWebsitePostViewConversions": 0,
            "oneClickLeads": 2,
        }
    return Delivery(day=item.day, campaign_id=item.number, metrics=metrics)


def _shaped(body: dict[str, Any], kind: Drift) -> dict[str, Any]:
    elements = body["elements"]
    match kind:
        case Drift.VANISHED:
            elements = [without(each, "clicks") for each in elements]
        case Drift.RENAMED:
            elements = [renamed(each, "clicks", "chargeableClicks") for each in elements]
        case Drift.RETYPED:
            elements = [each | {"clicks": "many"} for each in elements]
        case Drift.NEW:
            elements = [each | {"approximateUniqueImpressions": 3} for each in elements]
    return body | {"elements": elements}


CASES = (LinkedInAdsCase,)
