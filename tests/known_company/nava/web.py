"""Web traffic of ``nava`` by Ravand: a line a day and channel, in monthly files with a total line.

Traps: days that no file has, a day without sessions, a month that is corrected.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.exports import (
    Drop,
    days_from,
    each_day,
    jalali_day,
    jalali_month,
    persian,
    table,
)
from tests.known_company.records import TrafficDay

SOURCE = "nava_ravand"
MISSING = (date(2024, 5, 17), date(2025, 3, 1), date(2025, 3, 2))
QUIET = date(2025, 3, 21)
"""A day on which nobody came."""
HEADER = (
    "تاریخ",
    "کانال",
    "منبع",
    "رسانه",
    "کمپین",
    "نشست‌ها",
    "نشست‌های درگیر",
    "زمان تعامل (ثانیه)",
    "بازدید صفحه",
)
CHANNELS = {
    "مستقیم": ("direct", None, None, None),
    "جستجوی طبیعی": ("organic_search", "google", "organic", None),
    "شبکه‌های اجتماعی": ("organic_social", "instagram", "social", "stories"),
    "ایمیل": ("email", "newsletter", "email", "yalda_1403"),
    "گوگل ادز": ("paid_search", "google", "cpc", "Nowruz-1403"),
    "ارجاعی": ("referral", "torob.com", "referral", None),
}
CORRECTED = "1404-05"


@cache
def lines() -> tuple[tuple[str, TrafficDay], ...]:
    """Every line under the channel's Persian name."""
    rng = random.Random("nava web")
    found = []
    for day in days_from(START, END):
        if day in MISSING:
            continue
        for name, (channel, _, _, campaign) in CHANNELS.items():
            sessions = 0 if day == QUIET else rng.randint(5, 220)
            engaged = rng.randint(0, sessions)
            found.append(
                (
                    name,
                    TrafficDay(
                        source=SOURCE, day=day, channel=channel, campaign=campaign, sessions=sessions,
                        engaged_sessions=engaged, engagement_seconds=Decimal(engaged * rng.randint(10, 200)) / 4,
                        page_views=sessions * 2 + rng.randint(0, 40) if sessions else 0,
                    ),
                )
            )  # fmt: skip
    return tuple(found)


def records() -> list[TrafficDay]:
    """What is true after the last run."""
    return [line for _, line in lines()]


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """A file a month and run; in the second run a month's file again, corrected."""
    since = START if run == 0 else RUNS[run - 1].date()
    months: dict[str, list[tuple[str, TrafficDay]]] = defaultdict(list)
    for name, line in lines():
        if since <= line.day < RUNS[run].date():
            months[jalali_month(line.day)].append((name, line))
    files = [
        _file(f"{month}-{run}", of_month, wrong=run == 0 and month == CORRECTED)
        for month, of_month in months.items()
    ]
    if run == 1:
        files.append(
            _file(f"{CORRECTED}-0", [each for each in lines() if jalali_month(each[1].day) == CORRECTED])
        )
    return tuple(files)


def _file(name: str, of_month: list[tuple[str, TrafficDay]], *, wrong: bool = False) -> Drop:
    rows: list[tuple[object, ...]] = []
    for channel, line in of_month:
        shown = replace(line, sessions=(line.sessions or 0) * 2) if wrong else line
        _, source, medium, campaign = CHANNELS[channel]
        rows.append(
            (jalali_day(line.day), channel, source, medium, campaign, persian(shown.sessions),
             persian(shown.engaged_sessions), persian(shown.engagement_seconds), persian(shown.page_views))
        )  # fmt: skip
    rows.append(
        (
            "جمع",
            None,
            None,
            None,
            None,
            persian(sum(line.sessions or 0 for _, line in of_month)),
            None,
            None,
            None,
        )
    )
    return Drop(f"ravand/{name}.csv", table(HEADER, rows), each_day(line.day for _, line in of_month))
