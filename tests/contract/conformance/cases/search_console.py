"""Search Console: items are queries of a day; the label is the country, the amount the clicks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug import Request

from connectors.search_console.streams import BRAND_SPLIT, COUNTRIES, DEVICES, PAGES, QUERIES, TOTALS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.google_key import write_key
from tests.contract.conformance.moments import TODAY
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.search_console import SearchConsoleApi
from tests.fakes.search_console_data import SearchFact, Site

_SITE = "sc-domain:example.com"
_KEY = "SUITE_SEARCH_CONSOLE_KEY"


class _Api(Reshaping, SearchConsoleApi):
    """Search Console that may change its shape."""


class SearchConsoleCase(NetworkedCase):
    """One property."""

    name = "search_console"
    connector = "search_console"
    stream = QUERIES
    another_account = ("site", "sc-domain:other.example")
    label = "irn"
    nothing = "zzz"
    beside = frozenset({TOTALS.id})

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._site = Site()
        self.api: _Api = self._open.enter_context(_Api({_SITE: self._site}, today=TODAY))
        self._key_file, self._private_key = write_key(folder, self.api.token_uri)

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Facts have no moment."""
        del at
        self._site = Site()
        self._site.state(_fact(item, self.nothing) for item in items)
        self.api.sites = {_SITE: self._site}

    def set_time(self, at: datetime) -> None:
        """Days are Pacific; at noon UTC they are the same."""
        super().set_time(at)
        self.api.today = at.date()

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Clicks of each breakdown, summed by hand."""
        shown = [
            {
                "date": item.day,
                "period_start": item.day,
                "query": item.text,
                "page": _page(item),
                "country": item.label or self.nothing,
                "device": "MOBILE",
                "part": "non_brand",
                "clicks": item.amount or 0,
            }
            for item in items
        ]
        return {
            TOTALS.id: _summed(shown, "date"),
            QUERIES.id: _summed(shown, "period_start", "query"),
            PAGES.id: _summed(shown, "period_start", "page"),
            COUNTRIES.id: _summed(shown, "period_start", "country"),
            DEVICES.id: _summed(shown, "period_start", "device"),
            BRAND_SPLIT.id: _summed(shown, "date", "part"),
        }

    def keys(self) -> dict[str, Any]:
        """One property, read by a service account."""
        return {
            "site": _SITE,
            "credentials_file_env": _KEY,
            "base_url": self.api.base_url,
            "page_rows": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """Where the key is."""
        return {_KEY: self._key_file}

    @property
    def secrets(self) -> Sequence[str]:
        """The private key, and its middle."""
        return self._private_key

    def asks_for_stream(self, request: Request) -> bool:
        """Rows of queries."""
        return (request.get_json(silent=True) or {}).get("dimensions") == ["date", "query"]

    def in_front(self, items: Sequence[Item]) -> Item:
        """Most clicks first."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="first of all", label=self.label, amount=9_999)

    def repeat_pages(self) -> None:
        """Whatever row is asked for, the first ones come."""
        first: dict[str, dict[str, Any]] = {}

        def again(body: dict[str, Any], request: Request) -> dict[str, Any]:
            asked = {
                name: value
                for name, value in (request.get_json(silent=True) or {}).items()
                if name != "startRow"
            }
            return first.setdefault(repr(asked), body) if body.get("rows") else body

        self.api.lies = True
        self.api.reshape = again

    def drift(self, kind: Drift) -> None:
        """Of the clicks."""
        self.api.lies = True
        self.api.reshape = lambda body, _: _shaped(body, kind)

    def heal(self) -> None:
        """Also of a changed shape."""
        super().heal()
        self.api.reshape = None


def _fact(item: Item, nothing: str) -> SearchFact:
    clicks = item.amount or 0
    return SearchFact(
        day=item.day,
        query=item.text,
        page=_page(item),
        country=item.label or nothing,
        clicks=clicks,
        impressions=10 * clicks + 1,
        position=2.5,
    )


def _page(item: Item) -> str:
    return f"https://www.example.com/{item.number}"


def _summed(shown: Sequence[Row], *names: str) -> list[Row]:
    sums: Counter[tuple[Any, ...]] = Counter()
    for row in shown:
        sums[tuple(row[name] for name in names)] += row["clicks"]
    return [{**dict(zip(names, key, strict=True)), "clicks": clicks} for key, clicks in sums.items()]


def _shaped(body: dict[str, Any], kind: Drift) -> dict[str, Any]:
    rows = body.get("rows", [])
    match kind:
        case Drift.VANISHED:
            rows = [without(row, "clicks") for row in rows]
        case Drift.RENAMED:
            rows = [renamed(row, "clicks", "clickCount") for row in rows]
        case Drift.RETYPED:
            rows = [row | {"clicks": "many"} for row in rows]
        case Drift.NEW:
            rows = [row | {"conversions": 3.0} for row in rows]
    return body | ({"rows": rows} if rows else {})


CASES = (SearchConsoleCase,)
