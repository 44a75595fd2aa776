"""Followers are carried a week and never summed over days; shares are what counters grew by, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.social.streams import FOLLOWERS, POSTS
from tests.properties.drawn import PROFILE, DrawnBrand, brands, moments
from tests.properties.families import FIRST, LAST, Daily, build, window, world_of
from tests.properties.invariants import check_amounts, check_facts
from tests.properties.periods import GRAINS, ONE_DAY, period_of, periods_of
from tests.properties.zone import MemoryZone

CARRIED = timedelta(days=7)
Counts = dict[tuple[str, str], dict[date, int]]


@st.composite
def counts(draw: st.DrawFn, brand: DrawnBrand) -> Counts:
    """Followers by account and day, with gaps of a day to a fortnight."""
    found: Counts = {}
    for account in (("a", "Instagram"), ("a", "telegram"), ("b", "telegram"))[: draw(st.integers(1, 3))]:
        day = brand.first_day + timedelta(days=draw(st.integers(0, 40)))
        by_day: dict[date, int] = {}
        while day <= brand.today and len(by_day) < 14:
            by_day[day] = draw(st.integers(0, 5000))
            day += timedelta(days=draw(st.sampled_from([1, 1, 6, 7, 8, 9, 15])))
        if by_day:
            found[account] = by_day
    return found


def held(by_day: dict[date, int], day: date) -> int | None:
    """The count at the end of ``day``: the newest of that day and the seven before it."""
    known = [at for at in by_day if day - CARRIED <= at <= day]
    return by_day[max(known)] if known else None


def followers(found: Counts, brand: DrawnBrand, start: date, end: date) -> tuple[int | None, int | None]:
    """Followers at the end of the period, and how many more than at its start."""
    last = min(end - ONE_DAY, brand.today)
    ends: list[int | None] = []
    growth: list[int | None] = []
    for by_day in found.values():
        if min(by_day) > last or max(by_day) + CARRIED < start:
            continue
        at_end = held(by_day, last)
        at_start = by_day[min(by_day)] if min(by_day) >= start else held(by_day, start - ONE_DAY)
        ends.append(at_end)
        growth.append(None if at_end is None or at_start is None else at_end - at_start)
    return (
        None if not ends or None in ends else sum(each or 0 for each in ends),
        None if not growth or None in growth else sum(each or 0 for each in growth),
    )


@PROFILE
@given(st.data())
def test_followers_are_the_last_count_of_a_week_at_most(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(45, 100)))
    found = data.draw(counts(brand))
    zone = MemoryZone(brands={"social": "acme"}, shuffled=4)
    by_day: dict[date, list[dict[str, Any]]] = {}
    for (account, platform), counted in found.items():
        for day, number in counted.items():
            by_day.setdefault(day, []).append(
                {"date": day, "platform": platform, "account": account, "followers": number}
            )
    for day, rows in by_day.items():
        zone.land(FOLLOWERS, "social", str(day), rows, load_id=1, window=(day, day + ONE_DAY))
    world = world_of("social")
    build(world, brand, zone, {"social": {"connector": "social_followers_file", "path": "f.csv"}})
    check_facts(world)
    if not found:
        return
    total: dict[tuple[str, date], Decimal | None] = {}
    growth: dict[tuple[str, date], Decimal | None] = {}
    for grain in GRAINS:
        for start, end in periods_of(brand.calendar_key, grain, min(by_day), brand.today):
            pair = followers(found, brand, start, end)
            total[grain, start], growth[grain, start] = (
                None if each is None else Decimal(each) for each in pair
            )
    check_amounts(world, "social_followers", "numerator", total)
    check_amounts(world, "net_new_followers", "numerator", growth)


@st.composite
def posts(draw: st.DrawFn, brand: DrawnBrand) -> list[list[dict[str, Any]]]:
    """Loads of captures of post counters."""
    loads: list[list[dict[str, Any]]] = [[], []]
    for number in range(draw(st.integers(0, 4))):
        published = draw(moments(brand))
        for _ in range(draw(st.integers(1, 4))):
            captured = draw(moments(brand, first=brand.day(published)))
            reach = draw(st.sampled_from([None, 100, 2000]))
            row = {
                "platform": draw(st.sampled_from(["Instagram", "instagram"])),
                "account": "a",
                "post_id": f"p{number}",
                "published_at": published,
                "captured_at": max(captured, published),
                "reach": reach,
                "likes": draw(st.integers(0, 50)),
                "comments": draw(st.sampled_from([None, 3])),
                "shares": draw(st.integers(0, 50)),
            }
            loads[draw(st.integers(0, 1))].append(row)
        if draw(st.sampled_from([False, False, False, True])):
            loads[1].append({**row, "_is_deleted": True})
    return loads


@PROFILE
@given(st.data())
def test_posts_count_by_publishing_and_shares_by_the_day_they_grew(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST))
    loads = data.draw(posts(brand))
    zone = MemoryZone(brands={"social": "acme"}, shuffled=5)
    zone.land(POSTS, "social", "covered", [], load_id=1, window=window(brand))
    captures: dict[tuple[str, Any], dict[str, Any]] = {}
    gone = {row["post_id"] for row in loads[1] if row.get("_is_deleted")}
    for load_id, load in enumerate(loads, start=1):
        zone.land(POSTS, "social", f"{load_id}.csv", load, load_id=load_id)
        captures.update(
            {(row["post_id"], row["captured_at"]): row for row in load if row["post_id"] not in gone}
        )
    world = world_of("social")
    build(world, brand, zone, {"social": {"connector": "social_posts_file", "path": "p.csv"}})
    check_facts(world, reconciled=("platform",), unbounded=("social_engagement_rate",))
    daily = Daily()
    segments = (("overall", "all"), ("platform", "instagram"))
    for post in {post_id for post_id, _ in captures}:
        rows = sorted(
            (row for key, row in captures.items() if key[0] == post), key=lambda row: row["captured_at"]
        )
        newest = rows[-1]
        day = brand.day(newest["published_at"])
        of_day: dict[date, dict[str, Any]] = {brand.day(row["captured_at"]): row for row in rows}
        before = None
        for captured, row in of_day.items():
            for segment in segments:
                share_day = day if before is None else captured
                daily.add("shares", segment, share_day, row["shares"] - (before or 0))
            before = row["shares"]
        for segment in segments:
            daily.add("likes", segment, day, newest["likes"])
            if newest["reach"] is not None:
                interactions = newest["likes"] + (newest["comments"] or 0) + newest["shares"]
                daily.add("interactions", segment, day, interactions)
                daily.add("reach", segment, day, newest["reach"])
    daily.check(world, brand, "social_likes", "likes")
    daily.check(world, brand, "content_shares", "shares")
    daily.check(world, brand, "social_engagement_rate", "interactions", "reach")


def test_carrying_ends_after_a_week_at_both_ends() -> None:
    """The reference itself: eight days are one too many."""
    by_day = {date(2026, 3, 1): 5}
    assert held(by_day, date(2026, 3, 8)) == 5
    assert held(by_day, date(2026, 3, 9)) is None
    assert period_of("gregorian-monday-1", "week", date(2026, 3, 1)) == (date(2026, 2, 23), date(2026, 3, 2))
