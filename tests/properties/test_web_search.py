"""Web traffic and search: breakdowns that don't sum to their total, users asked per period, queries that name a brand."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.ga4.streams import DEVICES, TOTALS, TRAFFIC, USERS
from connectors.search_console.streams import QUERIES
from connectors.search_console.streams import TOTALS as SEARCH_TOTALS
from tests.properties.drawn import PROFILE, DrawnBrand, brands
from tests.properties.families import FIRST, LAST, Daily, build, window, world_of
from tests.properties.invariants import check_facts
from tests.properties.periods import GRAINS, ONE_DAY, periods_of
from tests.properties.zone import MemoryZone

CHANNELS = {"Organic Search": "organic_search", "ایمیل": "email", "Unheard Of": "unheard of"}


@st.composite
def traffic(draw: st.DrawFn, brand: DrawnBrand) -> dict[date, dict[str, Any]]:
    """Per day a total, rows by channel and by device; the total may exceed or undercut its parts."""
    found: dict[date, dict[str, Any]] = {}
    for day in draw(st.lists(st.dates(brand.first_day, brand.today), max_size=6, unique=True)):
        rows = [
            {"channel_group": channel, "campaign": campaign, **counts(draw)}
            for channel in draw(st.sets(st.sampled_from(sorted(CHANNELS))))
            for campaign in draw(st.sampled_from([("spring",), ("spring", "autumn")]))
        ]
        devices = [
            {"device": device, **counts(draw)}
            for device in draw(st.sets(st.sampled_from(["Mobile", "desktop"])))
        ]
        found[day] = {"total": counts(draw), "rows": rows, "devices": devices}
    return found


def counts(draw: st.DrawFn) -> dict[str, Any]:
    sessions = draw(st.integers(0, 100))
    return {
        "sessions": sessions,
        "engaged_sessions": draw(st.integers(0, sessions)),
        "engagement_seconds": float(draw(st.integers(0, 1000))),
        "page_views": draw(st.integers(0, 300)),
    }


MEASURES = ("sessions", "engaged_sessions", "engagement_seconds", "page_views")


@PROFILE
@given(st.data())
def test_breakdowns_and_what_they_miss_sum_to_the_total(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST))
    days = data.draw(traffic(brand))
    users = {
        (grain, start, end): data.draw(st.integers(0, 900))
        for grain in GRAINS[1:]
        for start, end in list(periods_of(brand.calendar_key, grain, brand.first_day, brand.today))[:4]
    }
    zone = MemoryZone(brands={"site": "acme"}, shuffled=9)
    for stream in (TOTALS, TRAFFIC, DEVICES, USERS):
        zone.land(stream, "site", "covered", [], load_id=1, window=window(brand))
    daily = Daily()
    told: dict[str, set[str]] = defaultdict(set)
    for found in days.values():
        told["channel"] |= {CHANNELS[row["channel_group"]] for row in found["rows"]}
        told["device"] |= {row["device"] for row in found["devices"]}
    for day, found in days.items():
        for stream, rows in (
            (TOTALS, [found["total"]]),
            (TRAFFIC, found["rows"]),
            (DEVICES, found["devices"]),
        ):
            zone.land(
                stream,
                "site",
                str(day),
                [{"date": day, "property_id": "1", **row} for row in rows],
                load_id=1,
            )
        for measure in MEASURES:
            total = Decimal(found["total"][measure])
            daily.add(measure, ("overall", "all"), day, total)
            for segment_type, rows in (("channel", found["rows"]), ("device", found["devices"])):
                rest = total
                for row in rows:
                    segment = (
                        CHANNELS[row["channel_group"]] if segment_type == "channel" else row["device"].lower()
                    )
                    daily.add(measure, (segment_type, segment), day, Decimal(row[measure]))
                    rest -= Decimal(row[measure])
                if told[segment_type]:
                    daily.add(measure, (segment_type, "(unreconciled)"), day, rest)
    unknown = set()
    for (grain, start, end), number in users.items():
        row = {
            "grain": grain,
            "period_start": start,
            "period_end": end,
            "property_id": "1",
            "active_users": number,
        }
        rows = [row]
        if data.draw(st.sampled_from([False, False, True])):
            # People of two properties overlap: nobody knows how many there are.
            rows.append({**row, "property_id": "2"})
            unknown.add((grain, start))
        zone.land(USERS, "site", f"{grain}/{start}", rows, load_id=1)
    world = world_of("web")
    build(world, brand, zone, {"site": {"connector": "ga4", "property_id": "1"}})
    # What a vendor's breakdown misses may be less than nothing, and any share of it engaged.
    unbounded = (
        "sessions",
        "page_views",
        "bounce_rate",
        "avg_time_on_page",
        "avg_engagement_time_per_session",
    )
    check_facts(world, reconciled=("channel", "device", "campaign"), unbounded=unbounded)
    daily.check(world, brand, "sessions", "sessions")
    daily.check(world, brand, "page_views", "page_views")
    daily.check(world, brand, "avg_time_on_page", "engagement_seconds", "page_views")
    for segment in {segment for _, segment in daily.amounts}:
        engaged, sessions = (daily.amounts["engaged_sessions", segment], daily.amounts["sessions", segment])
        for day, number in sessions.items():
            daily.add("bounced", segment, day, (number or 0) - (engaged[day] or 0))
    daily.check(world, brand, "bounce_rate", "bounced", "sessions")
    asked = {
        (grain, start): amount
        for grain, start, amount in world.rows(
            "select grain, period_start, numerator from facts where kpi_id = 'active_users' "
            "and segment_type = 'overall' and numerator is not null"
        )
    }
    counted = {(grain, start): number for (grain, start, _), number in users.items()}
    assert asked == {at: number for at, number in counted.items() if at not in unknown}


QUERY_WORDS = {
    "acme": True,
    "ÁCME  shop": True,
    "acmé-jobs": False,
    "shoes": False,
    "اکمی کفش": True,
    "اكمي": True,
    "tacme": True,
}


@PROFILE
@given(st.data())
def test_searches_that_name_the_brand(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST))
    has_terms = data.draw(st.booleans())
    zone = MemoryZone(brands={"search": "acme"}, shuffled=10)
    for stream in (SEARCH_TOTALS, QUERIES):
        zone.land(stream, "search", "covered", [], load_id=1, window=window(brand))
    impressions = Daily()
    for day in data.draw(st.lists(st.dates(brand.first_day, brand.today), max_size=6, unique=True)):
        total = data.draw(st.integers(0, 500))
        clicked = data.draw(st.integers(0, total))
        queries = {
            query: data.draw(st.integers(0, 90))
            for query in data.draw(st.sets(st.sampled_from(sorted(QUERY_WORDS))))
        }
        row = {"site": "s", "clicks": 0, "position": 1.5}
        zone.land(
            SEARCH_TOTALS,
            "search",
            str(day),
            [{**row, "date": day, "impressions": total, "clicks": clicked}],
            load_id=1,
        )
        rows = [
            {**row, "period_start": day, "period_end": day + ONE_DAY, "query": query, "impressions": number}
            for query, number in queries.items()
        ]
        zone.land(QUERIES, "search", str(day), rows, load_id=1)
        overall = ("overall", "all")
        impressions.add("impressions", overall, day, total)
        impressions.add("clicks", overall, day, clicked)
        for query, number in queries.items():
            impressions.add("named", overall, day, number)
            is_known = has_terms or None
            impressions.add("branded", overall, day, is_known and (number if QUERY_WORDS[query] else 0))
    world = world_of("search")
    terms = {"search_terms": ["Acme", "اکمی"], "exclude_terms": ["Jobs"]} if has_terms else {}
    build(
        world,
        brand,
        zone,
        {"search": {"connector": "search_console", "site": "sc-domain:example.com"}},
        **terms,
    )
    check_facts(world)
    impressions.check(world, brand, "search_impressions", "impressions")
    impressions.check(world, brand, "search_ctr", "clicks", "impressions")
    impressions.check(world, brand, "branded_search_volume", "branded")
    impressions.check(world, brand, "branded_search_share", "branded", "named")
