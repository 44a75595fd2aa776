"""Social accounts of ``nava`` by Novin: follower counts and posts with lifetime counters.

Traps: days without a count, a silence longer than a count may be carried, a weekly count, an account that was connected
late, falling numbers; counters that are corrected downward, a network that tells no likes, posts without reach, an old
post that is seen late.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.exports import (
    Drop,
    days_from,
    jalali_day,
    jalali_moment,
    persian,
    span_of,
    table,
    tehran,
    tehran_day,
)
from tests.known_company.records import FollowerCount, PostCapture

NOVIN, LINKEDIN, POSTS = "nava_novin_followers", "nava_linkedin_followers", "nava_novin_posts"
SILENCE = (date(2024, 11, 8), date(2024, 11, 22))
CONNECTED = date(2025, 3, 5)
FOLLOWERS_HEADER = ("تاريخ", "شبكه", "حساب", "دنبال کنندگان")
POSTS_HEADER = (
    "شبکه",
    "حساب",
    "شناسه پست",
    "تاریخ انتشار",
    "زمان گزارش",
    "دسترسی",
    "لایک",
    "کامنت",
    "بازنشر",
    "ذخیره",
)


@cache
def followers() -> tuple[FollowerCount, ...]:
    """Every count."""
    rng = random.Random("nava followers")
    found: list[FollowerCount] = []
    counts = {"instagram": 12_000, "telegram": 4_000, "linkedin": 5_000}
    for day in days_from(START, END):
        counts["instagram"] += rng.randint(-12, 30) - (900 if day == date(2024, 8, 12) else 0)
        counts["telegram"] += rng.randint(-9, 8)
        counts["linkedin"] += rng.randint(0, 5)
        silent = SILENCE[0] <= day <= SILENCE[1]
        seen = {
            "instagram": not silent and rng.random() < 0.9,
            "telegram": day.weekday() == 5,
            "linkedin": day >= CONNECTED and rng.random() < 0.5,
        }
        for platform, is_seen in seen.items():
            if is_seen:
                source = LINKEDIN if platform == "linkedin" else NOVIN
                account = "nava" if platform == "linkedin" else "نوا"
                found.append(
                    FollowerCount(
                        source=source, day=day, platform=platform, account=account, followers=counts[platform]
                    )
                )
    return tuple(found)


@cache
def captures() -> tuple[PostCapture, ...]:
    """Every reading of every post: on the first of a month, for the three months after its day."""
    rng = random.Random("nava posts")
    found: list[PostCapture] = []
    readings = [tehran(day, 6) for day in days_from(START, END) if day.day == 1][1:]
    for day in days_from(START, END):
        if rng.random() > 0.22:
            continue
        platform = rng.choice(("instagram", "instagram", "telegram"))
        published_at = tehran(day, rng.choice((0, 10, 23)), 59, 59)
        later = [reading for reading in readings if reading > published_at]
        if day.month == 1 and day.year == 2024 and not any(post.post_id == "old" for post in found):
            post_id, seen = "old", later[14:16]
        else:
            post_id, seen = f"p{day:%y%m%d}", later[:3]
        reach, likes = rng.randint(100, 5000), rng.randint(5, 300)
        comments, shares, saves = rng.randint(0, 30), rng.randint(0, 40), rng.randint(0, 20)
        tells_reach = rng.random() < 0.9
        for reading in seen:
            found.append(
                PostCapture(
                    source=POSTS, platform=platform, account="نوا", post_id=post_id, published_at=published_at,
                    captured_at=reading, reach=reach if tells_reach else None,
                    likes=likes if platform == "instagram" else None, comments=comments, shares=shares,
                    saves=saves if platform == "instagram" else None,
                )
            )  # fmt: skip
            reach, likes, comments = reach + rng.randint(0, 300), likes + rng.randint(-4, 25), comments + 1
            shares = max(0, shares + rng.choice((-3, -1, 0, 0, 1, 4)))
    return tuple(found)


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """What Novin and LinkedIn tell in that run."""
    return files(run, followers(), captures())


def files(run: int, known: Iterable[FollowerCount], readings_of: Iterable[PostCapture]) -> tuple[Drop, ...]:
    """Counts since the last run by year, and one file for each reading of the posts."""
    since = START if run == 0 else RUNS[run - 1].date()
    found = []
    counts: dict[tuple[str, int], list[FollowerCount]] = defaultdict(list)
    for count in known:
        if since <= count.day < RUNS[run].date():
            counts[count.source, count.day.year].append(count)
    for (source, year), of_file in counts.items():
        lines = [(jalali_day(c.day), c.platform, c.account, persian(c.followers)) for c in of_file]
        folder, encoding = "novin", "utf-8"
        if source == LINKEDIN:
            # The old code page has no Persian digits.
            folder, encoding = "linkedin", "windows-1256"
            lines = [(c.day.isoformat(), c.platform, c.account, str(c.followers)) for c in of_file]
        found.append(
            Drop(
                f"followers/{folder}-{year}-{run}.csv",
                table(FOLLOWERS_HEADER, lines, encoding=encoding),
                span_of(c.day for c in of_file),
            )
        )
    readings: dict[date, list[PostCapture]] = defaultdict(list)
    for capture in readings_of:
        first = tehran(START) if run == 0 else RUNS[run - 1]
        if first <= capture.captured_at < RUNS[run]:
            readings[tehran_day(capture.captured_at)].append(capture)
    for reading, posts in readings.items():
        rows = [
            (p.platform, p.account, p.post_id, jalali_moment(p.published_at), jalali_moment(p.captured_at),
             persian(p.reach), persian(p.likes), persian(p.comments), persian(p.shares), persian(p.saves))
            for p in posts
        ]  # fmt: skip
        content = table(POSTS_HEADER, rows, encoding="utf-8-sig")
        found.append(
            Drop(f"posts/{reading}.csv", content, span_of(tehran_day(p.published_at) for p in posts))
        )
    return tuple(found)
