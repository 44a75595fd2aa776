"""Seeded demo data of two brands for the GA4 and Search Console servers: Sib in Iran, Acme in Germany.

A day's data depend on brand and day alone, whatever the last day is; only the youngest days are provisional: they
lack a part that is there a day or two later.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from tests.fakes.demo_brands import ACME, BRANDS, SIB, Brand, Origin
from tests.fakes.ga4_data import EventFact, Fact, PageFact, Property, Quality, SessionFact
from tests.fakes.search_console_data import SearchFact, Site

_DEVICES = ("mobile", "desktop", "tablet")
_DEVICE_WEIGHTS = (70, 25, 5)
_WEB_SHARES = {0: 0.7, 1: 0.95}
_SEARCH_SHARES = {0: 0.5, 1: 0.8, 2: 0.95}
_DAYS_RETURNING = 45


def demo_properties(last_day: date, *, days: int = 120) -> dict[str, Property]:
    """GA4 properties by id, with ``days`` days of data up to ``last_day``, the two youngest provisional.

    Sib's answers are sampled while they hold the last day, and Acme's have an ``(other)`` row.
    """
    properties = {}
    for brand in BRANDS:
        data = Property(time_zone=brand.time_zone, currency_code=brand.currency)
        data.state(
            fact
            for day, share in _days(last_day, days, _WEB_SHARES)
            for fact in web_facts(brand, day, share=share)
        )
        properties[brand.property_id] = data
    properties[SIB.property_id].quality_of_day[last_day] = Quality(sampled=(48_000, 60_000))
    properties[ACME.property_id].quality = Quality(has_other_row=True)
    return properties


def demo_sites(last_day: date, *, days: int = 120) -> dict[str, Site]:
    """Search Console sites by address, with ``days`` days of data up to ``last_day``, the youngest provisional."""
    sites = {}
    for brand in BRANDS:
        site = Site()
        site.state(
            fact
            for day, share in _days(last_day, days, _SEARCH_SHARES)
            for fact in search_facts(brand, day, share=share)
        )
        sites[brand.site] = site
    return sites


@dataclass(frozen=True)
class _Visit:
    """One visitor's sessions of a day, from one origin and on one device."""

    user: str
    is_new: bool
    is_active: bool
    origin: Origin
    device: str
    paths: tuple[str, ...]
    seconds: int
    events: tuple[str, ...]
    revenue: float


def web_facts(brand: Brand, day: date, *, share: float = 1.0) -> list[Fact]:
    """What GA4 knows of a day; of a provisional day, ``share`` of its visits."""
    visits = _visits(brand, day)
    visits = visits[: round(len(visits) * share)]
    sessions: dict[tuple[Origin, str, str], list[_Visit]] = defaultdict(list)
    views: dict[str, list[_Visit]] = defaultdict(list)
    fired: dict[str, list[_Visit]] = defaultdict(list)
    for visit in visits:
        sessions[visit.origin, visit.device, visit.paths[0]].append(visit)
        for path in visit.paths:
            views[path].append(visit)
        for event in (*visit.events, "session_start"):
            fired[event].append(visit)
    return [
        *(_session_fact(day, *key, group) for key, group in sessions.items()),
        *(
            PageFact(
                day=day,
                path=path,
                page_views=len(group),
                engagement_seconds=sum(visit.seconds // len(visit.paths) for visit in group),
                users=_users(group),
            )
            for path, group in views.items()
        ),
        *(
            EventFact(day=day, name=name, count=len(group), users=_users(group))
            for name, group in fired.items()
        ),
    ]


def search_facts(brand: Brand, day: date, *, share: float = 1.0) -> Iterator[SearchFact]:
    """What Search Console knows of a day; of a provisional day, ``share`` of its impressions."""
    dice = random.Random(f"search {brand.property_id} {day}")
    for number, (query, impressions, click_share, position, path) in enumerate(brand.terms):
        address = _address(brand, path)
        for device, device_share in (("MOBILE", 0.7), ("DESKTOP", 0.3)):
            country = brand.countries[dice.random() < 0.1]
            shown = round(impressions * device_share * _busyness(brand, day) * dice.uniform(0.7, 1.3) * share)
            if shown == 0:
                continue
            fact = SearchFact(
                day=day,
                query=query or f"rare query {number}",
                page=address,
                country=country,
                device=device,
                clicks=min(shown, round(shown * click_share * dice.uniform(0.6, 1.4))),
                impressions=shown,
                position=round(position * dice.uniform(0.9, 1.2), 2),
                is_anonymised=not query,
            )
            yield fact
            if number == 0:
                yield SearchFact(
                    day=day,
                    query=fact.query,
                    page=_address(brand, brand.paths[-1]),
                    country=country,
                    device=device,
                    impressions=shown // 2 or 1,
                    position=fact.position + 1,
                    is_second_result=True,
                )


def _address(brand: Brand, path: str) -> str:
    """The address of a page, percent-encoded as Google tells it."""
    host = brand.site.removeprefix("sc-domain:").removeprefix("https://").rstrip("/")
    return f"https://{host}{quote(path)}"


def _days(last_day: date, days: int, shares: dict[int, float]) -> Iterator[tuple[date, float]]:
    for age in reversed(range(days)):
        yield last_day - timedelta(days=age), shares.get(age, 1.0)


def _busyness(brand: Brand, day: date) -> float:
    """Fewer visits on weekends, two per cent more each week."""
    weeks = (day - date(2026, 1, 1)).days / 7
    return (0.7 if day.weekday() in brand.weekend else 1.0) * math.pow(1.02, weeks % 52)


def _new_visitors(brand: Brand, day: date) -> int:
    dice = random.Random(f"new {brand.property_id} {day}")
    return max(1, round(brand.new_visitors * _busyness(brand, day) * dice.uniform(0.8, 1.2)))


def _visits(brand: Brand, day: date) -> list[_Visit]:
    dice = random.Random(f"web {brand.property_id} {day}")
    visitors = [(day, number) for number in range(_new_visitors(brand, day))]
    for _ in range(len(visitors)):
        since = day - timedelta(days=dice.randint(1, _DAYS_RETURNING))
        visitors.append((since, dice.randrange(_new_visitors(brand, since))))
    visitors = list(dict.fromkeys(visitors))
    dice.shuffle(visitors)
    return [_visit(brand, day, since, number, dice) for since, number in visitors]


def _visit(brand: Brand, day: date, since: date, number: int, dice: random.Random) -> _Visit:
    is_active = dice.random() < 0.85
    events = tuple(name for name, chance in brand.events.items() if is_active and dice.random() < chance)
    return _Visit(
        user=f"{since.isoformat()} {number}",
        is_new=since == day,
        is_active=is_active,
        origin=dice.choices(list(brand.origins), list(brand.origins.values()))[0],
        device=dice.choices(_DEVICES, _DEVICE_WEIGHTS)[0],
        paths=tuple(dice.choices(brand.paths, (50, 20, 15, 10, 5), k=dice.randint(1, 4))),
        seconds=dice.randint(12, 300) if is_active else 0,
        events=events,
        revenue=round(brand.order_value * dice.uniform(0.5, 1.8), 2) if "purchase" in events else 0.0,
    )


def _session_fact(day: date, origin: Origin, device: str, path: str, visits: list[_Visit]) -> SessionFact:
    channel, source, medium, campaign = origin
    return SessionFact(
        day=day,
        channel=channel,
        source=source,
        medium=medium,
        campaign=campaign,
        landing_page=path,
        device=device,
        sessions=len(visits),
        engaged_sessions=sum(visit.is_active for visit in visits),
        engagement_seconds=sum(visit.seconds for visit in visits),
        page_views=sum(len(visit.paths) for visit in visits),
        key_events=sum(len({"sign_up", "generate_lead", "purchase"} & set(visit.events)) for visit in visits)
        * 0.75,
        revenue=sum(visit.revenue for visit in visits),
        users=_users(visits),
        idle_users=frozenset(visit.user for visit in visits if not visit.is_active),
        new_users=frozenset(visit.user for visit in visits if visit.is_new),
    )


def _users(visits: list[_Visit]) -> frozenset[str]:
    return frozenset(visit.user for visit in visits)
