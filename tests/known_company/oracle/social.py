"""Followers at the end of periods and posts by publish date; kpi-formulas.md, "Followers" and "Shares".

A count is carried at most seven days; then the sum is not known (stale). An account grows from its first count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from tests.known_company.oracle.cells import OVERALL, Amount, Segment
from tests.known_company.oracle.feeds import CARRIED_DAYS, Answers, Brand
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, Period, local_day
from tests.known_company.records import FollowerCount, PostCapture

FOLLOWER_MEASURES = ("followers", "net_new_followers")
POST_MEASURES = ("social_likes", "social_interactions", "social_reach", "social_shares")
Account = tuple[str, str, str]


def followers(brand: Brand, counts: Iterable[FollowerCount]) -> Answers:
    """Counts per period and their growth; feeds are the caller's."""
    accounts: dict[Account, dict[date, int]] = defaultdict(dict)
    for count in counts:
        accounts[count.source, count.platform, count.account][count.day] = count.followers
    found = Answers()
    first_day = min(min(days) for days in accounts.values())
    sources = {source for source, _, _ in accounts}
    for grain in GRAINS:
        for period in brand.calendar.periods(grain, first_day, brand.today):
            groups: dict[Segment, list[tuple[str, int | None, int | None]]] = defaultdict(list)
            fresh: set[Segment] = set()
            for (source, platform, _), days in accounts.items():
                begun = min(days) < period.end
                gone = max(days) + timedelta(days=CARRIED_DAYS) < period.start
                if begun and not gone:
                    end, start, is_seen = _ends(brand, period, days)
                    for segment in (OVERALL, ("source", source), ("platform", platform)):
                        groups[segment].append((source, end, start))
                        if is_seen:
                            fresh.add(segment)
            for segment in fresh:
                _answer(found, period, segment, groups[segment], sources)
    return found


def _ends(brand: Brand, period: Period, days: dict[date, int]) -> tuple[int | None, int | None, bool]:
    """Followers at the end and at the start, and whether any count is near; a running period ends today."""
    after = min(period.end, brand.today + ONE_DAY)
    end = _carried(days, after)
    first = min(days)
    start = days[first] if first >= period.start else _carried(days, period.start)
    near = any(period.start - timedelta(days=CARRIED_DAYS) <= day < after for day in days)
    return end, start, near


def _carried(days: dict[date, int], before: date) -> int | None:
    """The last count before a day, of the day before it or at most seven days earlier."""
    for back in range(1, CARRIED_DAYS + 2):
        if before - timedelta(days=back) in days:
            return days[before - timedelta(days=back)]
    return None


def _answer(
    found: Answers,
    period: Period,
    segment: Segment,
    accounts: list[tuple[str, int | None, int | None]],
    sources: set[str],
) -> None:
    of_segment = {source for source, _, _ in accounts}
    source = of_segment.pop() if len(of_segment) == 1 else None
    ends = [end for _, end, _ in accounts]
    growths = [None if end is None or start is None else end - start for _, end, start in accounts]
    for measure, amounts in (("followers", ends), ("net_new_followers", growths)):
        known = [amount for amount in amounts if amount is not None]
        is_stale = len(known) < len(amounts)
        found.periodic[source, measure, period.grain, period.start, segment] = Amount(
            None if is_stale else Decimal(sum(known)), len(known), is_stale=is_stale
        )


def posts(brand: Brand, captures: Iterable[PostCapture]) -> Answers:
    """Newest counters by publish day; shares by the day on which they grew. Feeds are the caller's."""
    by_post: dict[tuple[str, str, str, str], list[PostCapture]] = defaultdict(list)
    for capture in captures:
        by_post[capture.source, capture.platform, capture.account, capture.post_id].append(capture)
    found = Answers()
    for (source, platform, _, _), readings in by_post.items():
        readings.sort(key=lambda reading: reading.captured_at)
        newest, before = readings[-1], None
        day = local_day(newest.published_at, brand.timezone)
        told = [newest.likes, newest.comments, newest.shares, newest.saves]
        interactions = sum(each or 0 for each in told) if any(each is not None for each in told) else None
        for segment in (OVERALL, ("platform", platform)):
            if newest.likes is not None:
                found.add(source, "social_likes", day, newest.likes, segment)
            if newest.reach is not None and interactions is not None:
                found.add(source, "social_interactions", day, interactions, segment)
                found.add(source, "social_reach", day, newest.reach, segment)
        last_of_day = {
            local_day(each.captured_at, brand.timezone): each for each in readings if each.shares is not None
        }
        for read_on, reading in last_of_day.items():
            counted_on = day if before is None else read_on
            grown = (reading.shares or 0) - (before or 0)
            for segment in (OVERALL, ("platform", platform)):
                found.add(source, "social_shares", counted_on, grown, segment)
            before = reading.shares
    return found
