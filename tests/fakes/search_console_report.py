"""The rows of a Search Console query: facts filtered, grouped, capped and put in order.

In go facts that are old enough and not too old; out come all rows, before paging. Anonymised queries are gone
where the query is grouped or filtered; by property, a second result of one search is no impression.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.fakes.search_console_data import SearchFact
from tests.fakes.search_console_request import Query, attribute

_LISTED = frozenset({"query", "page"})
Keys = tuple[Any, ...]


@dataclass
class _Sums:
    clicks: int = 0
    impressions: int = 0
    weighted: float = 0.0

    def add(self, other: _Sums) -> None:
        self.clicks += other.clicks
        self.impressions += other.impressions
        self.weighted += other.weighted

    def row(self, keys: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {"keys": list(keys)} if keys else {}
        shown = self.impressions or 1
        return {
            **found,
            "clicks": float(self.clicks),
            "impressions": float(self.impressions),
            "ctr": self.clicks / shown,
            "position": self.weighted / shown,
        }


def aggregation_of(query: Query) -> str:
    """How rows are aggregated, where the request leaves it open: by page if pages are grouped or filtered."""
    if query.aggregation != "auto":
        return query.aggregation
    return "byPage" if query.fields & {"page", "searchAppearance"} else "byProperty"


def rows_of(query: Query, facts: Iterable[SearchFact], *, rows_per_day: int) -> list[dict[str, Any]]:
    """All rows that answer ``query``.

    Args:
        query: the request.
        facts: those of the days that may be seen.
        rows_per_day: of a list of queries or pages, only that many are kept of each day, those with most clicks.
    """
    is_by_page = aggregation_of(query) == "byPage"
    hides_anonymised = "query" in query.fields
    lets = query.lets()
    by_day: dict[date, dict[Keys, _Sums]] = {}
    for fact in facts:
        if fact.type != query.type or not query.first <= fact.day <= query.last:
            continue
        if (hides_anonymised and fact.is_anonymised) or not lets(fact):
            continue
        keys = tuple(getattr(fact, attribute(name)) for name in query.dimensions)
        if "searchAppearance" in query.dimensions and not fact.appearance:
            continue
        impressions = fact.impressions if is_by_page or not fact.is_second_result else 0
        by_day.setdefault(fact.day, {}).setdefault(keys, _Sums()).add(
            _Sums(fact.clicks, impressions, impressions * fact.position)
        )
    totals: dict[Keys, _Sums] = {}
    for groups in by_day.values():
        found = sorted(groups.items(), key=_by_clicks)
        for keys, sums in found[:rows_per_day] if _LISTED & set(query.dimensions) else found:
            totals.setdefault(keys, _Sums()).add(sums)
    is_by_date_only = query.dimensions == ("date",)
    ordered = sorted(totals.items(), key=None if is_by_date_only else _by_clicks)
    return [sums.row([_text(key) for key in keys]) for keys, sums in ordered]


def _by_clicks(group: tuple[Keys, _Sums]) -> tuple[int, int, Keys]:
    keys, sums = group
    return -sums.clicks, -sums.impressions, keys


def _text(key: str | date) -> str:
    return key.isoformat() if isinstance(key, date) else key
