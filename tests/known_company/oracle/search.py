"""Search by Search Console: impressions and clicks of the property, and of queries that name the brand.

The property's total is never built from queries: rare ones are anonymised, and a second result of one search is an
impression of its page only. Queries that name the brand are known where the query is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.known_company.oracle.cells import OVERALL
from tests.known_company.oracle.feeds import Answers, Feed
from tests.known_company.oracle.periods import ONE_DAY
from tests.known_company.oracle.text import folded

FINAL_AFTER = 4
USABLE_AFTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """Impressions and clicks of a day and query; ``query`` is None where Google withholds it."""

    day: date
    query: str | None
    country: str
    device: str
    impressions: int
    clicks: int


def names_brand(query: str, terms: Iterable[str], excluded: Iterable[str]) -> bool:
    """The query holds a term and no excluded one."""
    said = folded(query)
    return any(folded(term) in said for term in terms) and not any(folded(term) in said for term in excluded)


def performance(
    source: str,
    rows: Iterable[SearchRow],
    loaded: tuple[date, date],
    *,
    terms: tuple[str, ...],
    excluded: tuple[str, ...],
) -> Answers:
    """Measures of one site; second results of a search are not among ``rows``, they are no impressions."""
    answers = Answers()
    for row in rows:
        is_named = row.query is not None
        is_brand = is_named and names_brand(row.query or "", terms, excluded)
        part = "(anonymised)" if not is_named else "brand" if is_brand else "non_brand"
        for segment in (OVERALL, ("country", row.country), ("device", row.device), ("brand", part)):
            answers.add(source, "search_impressions", row.day, row.impressions, segment)
            answers.add(source, "search_clicks", row.day, row.clicks, segment)
        if is_named:
            answers.add(source, "named_query_impressions", row.day, row.impressions)
            shown = row.impressions if is_brand else 0
            answers.add(source, "branded_search_impressions", row.day, shown)
    answers.feeds += [
        Feed(
            source_id=source,
            measure=measure,
            spans=((loaded[0], loaded[1] + ONE_DAY),),
            usable_after_days=USABLE_AFTER,
            final_after_days=FINAL_AFTER,
        )
        for measure in (
            "search_impressions",
            "search_clicks",
            "named_query_impressions",
            "branded_search_impressions",
        )
    ]
    return answers
