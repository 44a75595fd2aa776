"""Which question to Search Console fills which stream; days are Pacific, asked for with their newest data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from connectors.core.api import BrandFacts, Context
from connectors.core.feed import Batch, Feed, ReportFeed
from connectors.core.stream import Stream
from connectors.core.window import DateWindow
from connectors.quality.streams import REPORT_DAYS
from connectors.search_console.brand_terms import pattern_of
from connectors.search_console.config import Config
from connectors.search_console.streams import BRAND_SPLIT, COUNTRIES, DEVICES, PAGES, QUERIES, TOTALS

if TYPE_CHECKING:
    from connectors.search_console.client import Filter, Row, SearchConsoleClient

_MEMORY_DAYS = 480
"""16 months, as long as Google keeps the data."""
_MANY_ROWS = (QUERIES, PAGES)
"""Streams whose days are asked for one by one, so that the row cap of a day is not shared by several."""
_ROW_CAP = "row cap of a day"


def _newest(client: SearchConsoleClient, today: date) -> date:
    return client.newest(today)


def _measures(row: Row) -> dict[str, object]:
    return {name: row[name] for name in ("clicks", "impressions", "position")}


def _quality(
    client: SearchConsoleClient, stream: Stream, window: DateWindow, rows: Mapping[date, int]
) -> Batch:
    """What is known of the answers about the days of ``window``."""
    cap = client.row_cap
    return Batch.of_rows(
        REPORT_DAYS,
        [
            {
                "date": str(day),
                "report": stream.id,
                "landed_rows": rows.get(day, 0),
                "is_incomplete": client.is_incomplete(day),
                "truncation": _ROW_CAP if rows.get(day, 0) >= cap else None,
            }
            for day in window.days()
        ],
    )


def _read_totals(client: SearchConsoleClient, window: DateWindow) -> Iterator[Batch]:
    """One row per day with any impression; a day without is zero."""
    seen: Counter[date] = Counter()
    for page in client.rows(window, ("date",)):
        seen.update(date.fromisoformat(row["keys"][0]) for row in page)
        rows = [{"date": row["keys"][0], "site": client.config.site, **_measures(row)} for row in page]
        yield Batch.of_rows(TOTALS, rows)
    yield _quality(client, TOTALS, window, seen)


def _read_breakdown(
    stream: Stream, dimension: str, client: SearchConsoleClient, window: DateWindow
) -> Iterator[Batch]:
    """Rows per day and value of ``dimension``."""
    seen: Counter[date] = Counter()
    for part in window.split(1) if stream in _MANY_ROWS else [window]:
        for page in client.rows(part, ("date", dimension)):
            rows = []
            for row in page:
                day = date.fromisoformat(row["keys"][0])
                seen[day] += 1
                rows.append(
                    {
                        "period_start": str(day),
                        "period_end": str(day + timedelta(days=1)),
                        "site": client.config.site,
                        dimension: row["keys"][1],
                        **_measures(row),
                    }
                )
            yield Batch.of_rows(stream, rows)
    yield _quality(client, stream, window, seen)


def _read_brand_split(client: SearchConsoleClient, window: DateWindow) -> Iterator[Batch]:
    """Clicks and impressions of queries that name the brand, and of the others.

    The API joins filters by AND only. With terms to exclude, the others are those that no term finds, and
    those that a term and an excluded term find: two questions whose answers are added.
    """
    brand = client.context.brand
    named, excluded = pattern_of(brand.search_terms), brand.exclude_terms
    parts: list[tuple[str, list[Filter]]] = [
        ("brand", [_includes(named), *([_excludes(pattern_of(excluded))] if excluded else [])]),
        ("non_brand", [_excludes(named)]),
    ]
    if excluded:
        parts.append(("non_brand", [_includes(named), _includes(pattern_of(excluded))]))
    sums: dict[tuple[str, str], list[float]] = {}
    for part, filters in parts:
        for page in client.rows(window, ("date",), filters):
            for row in page:
                known = sums.setdefault((row["keys"][0], part), [0.0, 0.0, 0.0])
                known[0] += row["clicks"]
                known[1] += row["impressions"]
                known[2] += row["position"] * row["impressions"]
    rows = [
        {
            "date": day,
            "site": client.config.site,
            "part": part,
            "clicks": clicks,
            "impressions": impressions,
            "position": positions / impressions if impressions else None,
        }
        for (day, part), (clicks, impressions, positions) in sums.items()
    ]
    yield Batch.of_rows(BRAND_SPLIT, rows)


def _includes(pattern: str) -> Filter:
    return {"dimension": "query", "operator": "includingRegex", "expression": pattern}


def _excludes(pattern: str) -> Filter:
    return {"dimension": "query", "operator": "excludingRegex", "expression": pattern}


def _terms(context: Context) -> str:
    return repr((context.brand.search_terms, context.brand.exclude_terms))


def _has_terms(brand: BrandFacts) -> bool:
    return bool(brand.search_terms)


def feeds(config: Config) -> Sequence[Feed]:
    """What a Search Console source lands; the brand split where the brand has search terms."""
    del config
    breakdowns = ((QUERIES, "query"), (PAGES, "page"), (COUNTRIES, "country"), (DEVICES, "device"))
    return (
        ReportFeed(
            stream=TOTALS,
            read=_read_totals,
            window_days=90,
            memory_days=_MEMORY_DAYS,
            newest=_newest,
            beside=(REPORT_DAYS,),
        ),
        *(
            ReportFeed(
                stream=stream,
                read=partial(_read_breakdown, stream, dimension),
                window_days=7 if stream in _MANY_ROWS else 90,
                memory_days=_MEMORY_DAYS,
                newest=_newest,
                beside=(REPORT_DAYS,),
            )
            for stream, dimension in breakdowns
        ),
        ReportFeed(
            stream=BRAND_SPLIT,
            read=_read_brand_split,
            window_days=90,
            memory_days=_MEMORY_DAYS,
            newest=_newest,
            asked=_terms,
            applies=_has_terms,
        ),
    )
