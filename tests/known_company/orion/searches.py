"""What Search Console knows of Orion's site, by day (Pacific) and query, as each run finds it.

Planted: rare queries that are anonymised, so that queries don't sum to the property; second results that are
impressions of a page and not of the property; brand names with accents, in Persian and misspelt; an excluded namesake;
the whole source fails at the last run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tests.fakes.search_console_data import SearchFact, Site
from tests.known_company.clock import RUNS
from tests.known_company.oracle.periods import days, local_day
from tests.known_company.orion.dice import dice

SITE = "https://www.orion.example/"
START = date(2024, 7, 1)
"""Google remembers 16 months; the first run is 15 months later."""
PACIFIC = "America/Los_Angeles"
TERMS = ("orion", "اوریون", "oriön app")
EXCLUDED = ("orion nebula",)
_SHARES = {0: 0.5, 1: 0.8, 2: 0.95}
# Query, impressions a day, clicks per impression; an empty query is rare and anonymised.
_QUERIES = (
    ("orion", 22, 0.3),
    ("ORION pricing", 7, 0.2),
    ("اوريون", 3, 0.2),
    ("orion app", 4, 0.25),
    ("orion nebula", 9, 0.0),
    ("workflow automation", 30, 0.05),
    ("automation software", 18, 0.04),
    ("crm anbinden", 6, 0.06),
    ("", 8, 0.05),
)
_DEVICES = (("DESKTOP", 0.6), ("MOBILE", 0.4))


@dataclass(frozen=True, slots=True)
class Search:
    """Impressions and clicks of a day, query and device."""

    day: date
    query: str
    device: str
    country: str
    impressions: int
    clicks: int
    is_rare: bool = False
    is_second: bool = False


@cache
def searches(day: date) -> tuple[Search, ...]:
    """All searches of a day once Google has settled."""
    thrown = dice("search", day)
    found: list[Search] = []
    for number, (query, daily, rate) in enumerate(_QUERIES):
        for device, share in _DEVICES:
            shown = round(daily * share * thrown.uniform(0.5, 1.5))
            clicks = min(shown, round(shown * rate * thrown.uniform(0.4, 1.6)))
            country = "deu" if thrown.random() < 0.85 else "aut"
            if shown:
                found.append(
                    Search(day, query or f"rare {number}", device, country, shown, clicks, is_rare=not query)
                )
            if shown > 2 and number == 0:
                found.append(Search(day, query, device, country, shown // 3, 0, is_second=True))
    return tuple(found)


def today_at(run: int) -> date:
    """The Pacific day of a run."""
    return local_day(RUNS[run], PACIFIC)


def searches_at(run: int) -> Iterator[Search]:
    """Searches as Google tells them at a run; of its youngest days a part."""
    last = today_at(run) - timedelta(days=1)
    for day in days(START, last + timedelta(days=1)):
        share = _SHARES.get((last - day).days, 1.0)
        for each in searches(day):
            shown = round(each.impressions * share)
            if shown:
                yield Search(
                    day,
                    each.query,
                    each.device,
                    each.country,
                    shown,
                    min(each.clicks, shown),
                    each.is_rare,
                    each.is_second,
                )


def site_at(run: int) -> Site:
    """The site as it stands at a run."""
    site = Site()
    site.state(
        SearchFact(
            day=each.day,
            query=each.query,
            page=SITE if not each.is_second else f"{SITE}pricing",
            country=each.country,
            device=each.device,
            impressions=each.impressions,
            clicks=each.clicks,
            position=2.0,
            is_anonymised=each.is_rare,
            is_second_result=each.is_second,
        )
        for each in searches_at(run)
    )
    return site
