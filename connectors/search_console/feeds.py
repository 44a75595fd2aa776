"""Which question to Search Console fills which stream; days are Pacific, asked for with their newest data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from operator import mul
from typing import TYPE_CHECKING

from connectors.core.api import BrandFacts, Context
from connectors.core.errors import SourceDataError
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
_WINDOW_DAYS, _WINDOW_DAYS_OF_LISTS = 90, 7
_BREAKDOWNS = {QUERIES: "query", PAGES: "page", COUNTRIES: "country", DEVICES: "device"}
_LISTS = frozenset({QUERIES, PAGES})
"""Streams whose days are asked for one by one, since they are long."""
_MEASURES = ("clicks", "impressions", "position")
_WITHOUT_QUERIES = frozenset({"discover", "googleNews"})


def _read_totals(client: SearchConsoleClient, window: DateWindow) -> Iterator[Batch]:
    """One row per day with any impression; a day without has none."""
    seen: Counter[str] = Counter()
    for page in client.rows(TOTALS.id, window, ("date",)):
        days = [row["keys"][0] for row in page]
        seen.update(days)
        yield Batch(TOTALS, {"date": days, "site": [client.config.site] * len(page), **_measures(page)})
    yield _report_days(client, TOTALS, window, seen)


def _read_breakdown(
    stream: Stream, dimension: str, client: SearchConsoleClient, window: DateWindow
) -> Iterator[Batch]:
    """Rows per day and value of ``dimension``."""
    seen: Counter[str] = Counter()
    for part in window.split(1) if stream in _LISTS else [window]:
        ends = {str(day): str(day + timedelta(days=1)) for day in part.days()}
        for page in client.rows(stream.id, part, ("date", dimension)):
            days = [row["keys"][0] for row in page]
            seen.update(days)
            yield Batch(
                stream,
                {
                    "period_start": days,
                    "period_end": [ends.get(day) for day in days],
                    "site": [client.config.site] * len(page),
                    dimension: [row["keys"][1] for row in page],
                    **_measures(page),
                },
            )
    yield _report_days(client, stream, window, seen)


def _read_brand_split(client: SearchConsoleClient, window: DateWindow) -> Iterator[Batch]:
    """Clicks and impressions of queries that name the brand, and of the others.

    The API joins filters by AND only. With terms to exclude, the others are those that no term finds, and
    those that a term and an excluded term find: two questions whose answers are added.
    """
    named = pattern_of(client.brand.search_terms)
    excluded = pattern_of(client.brand.exclude_terms) if client.brand.exclude_terms else None
    brand, others = [[_includes(named)]], [[_excludes(named)]]
    if excluded:
        brand[0].append(_excludes(excluded))
        others.append([_includes(named), _includes(excluded)])
    seen: Counter[str] = Counter()
    for part, questions in (("brand", brand), ("non_brand", others)):
        found = [
            row
            for filters in questions
            for page in client.rows(BRAND_SPLIT.id, window, ("date",), filters)
            for row in page
        ]
        rows = _added(found) if len(questions) > 1 else found
        days = [row["keys"][0] for row in rows]
        seen.update(days)
        yield Batch(
            BRAND_SPLIT,
            {
                "date": days,
                "site": [client.config.site] * len(rows),
                "part": [part] * len(rows),
                **_measures(rows),
            },
        )
    yield _report_days(client, BRAND_SPLIT, window, seen)


def _measures(rows: Sequence[Row]) -> dict[str, list[object]]:
    """Columns of the measures that Google gives; Discover has no position."""
    return {name: [row.get(name) for row in rows] for name in _MEASURES if any(name in row for row in rows)}


def _added(rows: Sequence[Row]) -> list[Row]:
    """One row for each day; positions weigh by impressions. A measure that a row lacks is left out."""
    names = [name for name in _MEASURES if all(name in row for row in rows)]
    days: dict[str, list[Row]] = {}
    for row in rows:
        days.setdefault(row["keys"][0], []).append(row)
    added: list[Row] = []
    for day, parts in days.items():
        weights = [_number(part, "impressions") for part in parts] if "impressions" in names else []
        sums: Row = {"keys": [day]}
        for name in names:
            values = [_number(part, name) for part in parts]
            if name != "position":
                sums[name] = sum(values)
            elif any(weights):
                sums[name] = sum(map(mul, values, weights)) / sum(weights)
        added.append(sums)
    return added


def _number(row: Row, name: str) -> float:
    value = row[name]
    if isinstance(value, int | float):
        return value
    raise SourceDataError(
        f"{BRAND_SPLIT.id} of {row['keys'][0]}: {name} should be a number and is none. Search Console gives "
        "another type than it did: nothing of this answer was stored. Report it with this message.",
        column=name,
    )


def _includes(pattern: str) -> Filter:
    return {"dimension": "query", "operator": "includingRegex", "expression": pattern}


def _excludes(pattern: str) -> Filter:
    return {"dimension": "query", "operator": "excludingRegex", "expression": pattern}


def _report_days(
    client: SearchConsoleClient, stream: Stream, window: DateWindow, rows: Counter[str]
) -> Batch:
    """What is known of the answers about each day of ``window``; ``rows`` are those that came, by day."""
    cap = client.config.day_row_cap
    return Batch.of_rows(
        REPORT_DAYS,
        [
            {
                "date": str(day),
                "report": stream.id,
                "landed_rows": rows[str(day)],
                "truncation": f"the API gives {cap:,} rows of a day at most"
                if rows[str(day)] >= cap
                else None,
                "is_incomplete": client.is_incomplete(day),
            }
            for day in window.days()
        ],
    )


def _asked(config: Config, _: Context) -> str:
    return f"{config.search_type} of {config.site}"


def _asked_of_terms(config: Config, context: Context) -> str:
    terms = (sorted(context.brand.search_terms), sorted(context.brand.exclude_terms))
    return f"{config.search_type} of {config.site}, terms {terms}"


def _has_terms(brand: BrandFacts) -> bool:
    return bool(brand.search_terms)


def _newest(client: SearchConsoleClient, today: date) -> date:
    return client.newest(today)


def feeds(config: Config) -> Sequence[Feed]:
    """What a Search Console source lands; the brand split where the brand has search terms."""
    feed = partial(
        ReportFeed,
        window_days=_WINDOW_DAYS,
        memory_days=_MEMORY_DAYS,
        newest=_newest,
        beside=(REPORT_DAYS,),
        asked=partial(_asked, config),
    )
    every = (
        feed(stream=TOTALS, read=_read_totals),
        *(
            feed(
                stream=stream,
                read=partial(_read_breakdown, stream, name),
                window_days=_WINDOW_DAYS_OF_LISTS if stream in _LISTS else _WINDOW_DAYS,
            )
            for stream, name in _BREAKDOWNS.items()
        ),
        feed(
            stream=BRAND_SPLIT,
            read=_read_brand_split,
            asked=partial(_asked_of_terms, config),
            applies=_has_terms,
        ),
    )
    has_queries = config.search_type not in _WITHOUT_QUERIES
    return [each for each in every if has_queries or each.stream not in {QUERIES, BRAND_SPLIT}]
