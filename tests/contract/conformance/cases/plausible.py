"""Plausible: items are campaigns of a day; the label is their source, the amount the visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug import Request

from connectors.plausible.streams import GOALS, PAGES, TOTALS, TRAFFIC
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.plausible import STATS_KEY, PlausibleApi, Site
from tests.fakes.plausible_data import DIRECT, Visits

_SITE = "shop.example"
_VIEWS = 2
"""Of each visit."""


class _Api(Reshaping, PlausibleApi):
    """Plausible that may change its shape."""


class PlausibleCase(NetworkedCase):
    """One site, in the brand's zone."""

    name = "plausible"
    connector = "plausible"
    stream = TRAFFIC
    another_account = ("site_id", "other.example")
    label = "Google"
    nothing = DIRECT
    beside = frozenset({TOTALS.id})
    renews_credentials = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Facts have no moment."""
        del at
        facts = [_visits(item) for item in items if item.amount]
        self.api.sites = {_SITE: Site("Asia/Tehran", facts=facts)}

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """What was seen, counted by hand."""
        days = sorted({item.day for item in items if item.amount})
        by_day = {day: [item for item in items if item.day == day and item.amount] for day in days}
        return {
            TOTALS.id: [
                {
                    "date": day,
                    "visitors": len(found),
                    "visits": sum(item.amount or 0 for item in found),
                    "bounce_rate": 0,
                }
                for day, found in by_day.items()
            ],
            TRAFFIC.id: [
                {
                    "date": item.day,
                    "channel": "Organic Search",
                    "source": item.label or self.nothing,
                    "utm_campaign": item.text,
                    "visitors": 1,
                    "visits": item.amount,
                    "pageviews": _VIEWS * (item.amount or 0),
                }
                for item in items
                if item.amount
            ],
            PAGES.id: [
                {
                    "date": item.day,
                    "page": f"/{item.number}",
                    "visitors": 1,
                    "pageviews": _VIEWS * (item.amount or 0),
                }
                for item in items
                if item.amount
            ],
            GOALS.id: [
                {"date": day, "goal": "ثبت‌نام", "visitors": len(found), "events": len(found)}
                for day, found in by_day.items()
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One site."""
        return {
            "site_id": _SITE,
            "key_env": "SUITE_PLAUSIBLE_KEY",
            "base_url": self.api.base_url,
            "page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The key."""
        return {"SUITE_PLAUSIBLE_KEY": STATS_KEY}

    @property
    def secrets(self) -> Sequence[str]:
        """The key."""
        return (STATS_KEY,)

    def asks_for_stream(self, request: Request) -> bool:
        """Rows of traffic."""
        return "visit:utm_campaign" in (request.get_json(silent=True) or {}).get("dimensions", [])

    def in_front(self, items: Sequence[Item]) -> Item:
        """First by all dimensions."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="A first one", label="A source", amount=9)

    def repeat_pages(self) -> None:
        """Whatever row is asked for, the first ones come."""
        first: dict[str, dict[str, Any]] = {}

        def again(body: dict[str, Any], request: Request) -> dict[str, Any]:
            asked = without(request.get_json(silent=True) or {}, "pagination")
            return first.setdefault(repr(asked), body)

        self.api.lies = True
        self.api.reshape = again

    def drift(self, kind: Drift) -> None:
        """Of the numbers of a row."""
        self.api.lies = True
        self.api.reshape = lambda body, _: _shaped(body, kind)

    def heal(self) -> None:
        """Also of a changed shape."""
        super().heal()
        self.api.reshape = None


def _visits(item: Item) -> Visits:
    amount = item.amount or 0
    return Visits(
        day=item.day,
        visitors=frozenset({item.number}),
        visits=amount,
        channel="Organic Search",
        source=item.label or PlausibleCase.nothing or DIRECT,
        campaign=item.text,
        pages={f"/{item.number}": _VIEWS * amount},
        goals={"ثبت‌نام": 1},
    )


def _shaped(body: dict[str, Any], kind: Drift) -> dict[str, Any]:
    rows = body.get("results", [])
    match kind:
        case Drift.VANISHED:
            rows = [without(row, "metrics") for row in rows]
        case Drift.RENAMED:
            rows = [renamed(row, "metrics", "values") for row in rows]
        case Drift.RETYPED:
            rows = [row | {"metrics": ["many", *row["metrics"][1:]]} for row in rows]
        case Drift.NEW:
            rows = [row | {"comparison": {"change": [1]}} for row in rows]
    return body | {"results": rows}


CASES = (PlausibleCase,)
