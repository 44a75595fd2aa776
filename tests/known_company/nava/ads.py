"""Ads of ``nava``: Google in dollars with micro amounts, Meta in tomans; both claim the same sales.

Traps: restated days, a day that Google's export lacks, a day without impressions, fractional claims, a campaign whose
conversions the platform doesn't tell, days on which nothing ran, dollars on days without a rate.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.exports import Drop, days_from, each_day, jalali_day, persian, table
from tests.known_company.records import AdDay

GOOGLE, META = "nava_google", "nava_meta"
MISSING = date(2025, 4, 6)
SILENT = date(2024, 9, 10)
"""A day on which Google showed nothing."""
CAMPAIGNS = {
    "Nowruz-1403": ("Search", "paid_search"),
    "Brand نوا": ("Search", "paid_search"),
    "ویدیوی نوا": ("Video", "paid_video"),
    "Everything": ("Performance Max", "cross_network"),
}
GOOGLE_HEADER = ("Day", "Customer ID", "Campaign ID", "Campaign", "Campaign type", "Currency code", "Cost", "Impr.",
                 "Clicks", "Conversions")  # fmt: skip
META_HEADER = ("روز", "نام کمپین", "مبلغ خرج‌شده (تومان)", "نمایش", "کلیک روی پیوند", "همه کلیک‌ها", "دسترسی", "نتایج",
               "شاخص نتیجه")  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A campaign's day; ``first`` are clicks and conversions before they were restated."""

    day: date
    campaign: str
    impressions: int
    clicks: int
    cost: Decimal
    conversions: Decimal | None
    first: tuple[int, Decimal | None]


@cache
def google_days() -> tuple[Day, ...]:
    """Rows of Google Ads, dollars."""
    rng = random.Random("nava google")
    found = []
    for day in days_from(START, END):
        for campaign in CAMPAIGNS:
            runs = campaign != "Nowruz-1403" or (day.month in (2, 3)) or day == SILENT
            if day == MISSING or not runs:
                continue
            if day == SILENT:
                found.append(Day(day, campaign, 0, 0, Decimal(0), Decimal(0), (0, Decimal(0))))
                continue
            impressions = rng.randint(200, 4000)
            clicks = int(impressions * rng.uniform(0.005, 0.06))
            cost = Decimal(rng.randint(500_000, 20_000_000)) / 1_000_000
            claims = Decimal(rng.randint(0, 400)) / 100 if campaign != "ویدیوی نوا" else None
            earlier = None if claims is None else (claims / 2).quantize(Decimal("0.01"))
            found.append(Day(day, campaign, impressions, clicks, cost, claims, (max(clicks - 3, 0), earlier)))
    return tuple(found)


@cache
def meta_days() -> tuple[Day, ...]:
    """Rows of Meta Ads, tomans; nothing runs in the first week of a month."""
    rng = random.Random("nava meta")
    found = []
    for day in days_from(START, END):
        for campaign in ("retargeting", "Nowruz-1403", "آگاهی"):
            if day.day <= 7 or (campaign == "Nowruz-1403" and day.month not in (2, 3)):
                continue
            impressions = rng.randint(500, 9000)
            clicks = int(impressions * rng.uniform(0.002, 0.03))
            cost = Decimal(rng.randint(200_000, 9_000_000)) / 10
            claims = None if campaign == "آگاهی" else Decimal(rng.choice((0, 0, 1, 2, 3, 5)))
            found.append(Day(day, campaign, impressions, clicks, cost, claims, (clicks, claims)))
    return tuple(found)


def records() -> list[AdDay]:
    """What is true after the last run."""
    google = [
        AdDay(
            source=GOOGLE, platform="google_ads", day=each.day, campaign=each.campaign,
            channel=CAMPAIGNS[each.campaign][1], impressions=each.impressions, clicks=each.clicks, cost=each.cost,
            currency="USD", conversions=each.conversions,
        )
        for each in google_days()
    ]  # fmt: skip
    meta = [
        AdDay(
            source=META, platform="meta_ads", day=each.day, campaign=each.campaign, channel="paid_social",
            impressions=each.impressions, clicks=each.clicks, cost=each.cost * 10, currency="IRR",
            conversions=each.conversions,
        )
        for each in meta_days()
    ]  # fmt: skip
    return google + meta


def _window(run: int) -> tuple[date, date]:
    """Days that an export of that run holds: new ones and the thirty before, which are restated."""
    first = START if run == 0 else RUNS[run - 1].date() - timedelta(days=30)
    return first, min(RUNS[run].date() - timedelta(days=1), END)


def _google(rows: Iterable[Day], run: int, name: str) -> Drop:
    settled = RUNS[run].date() - timedelta(days=30)
    lines, days = [], []
    for row in rows:
        is_early = row.day >= settled and run < len(RUNS) - 1
        clicks, claims = row.first if is_early else (row.clicks, row.conversions)
        days.append(row.day)
        lines.append(
            (row.day.isoformat(), "123-456-7890", abs(hash_of(row.campaign)), row.campaign, CAMPAIGNS[row.campaign][0],
             "USD", row.cost, row.impressions, clicks, "--" if claims is None else claims)
        )  # fmt: skip
    title = "Campaign report\n" + f"{days[0]} - {days[-1]}\n"
    body = table(GOOGLE_HEADER, lines, delimiter="\t").decode()
    total = "Total: account" + "\t" * 6 + f"1\t1\t1\t{len(lines)}\n"
    return Drop(f"ads/{name}.csv", (title + body + total).encode("utf-16"), each_day(days))


def hash_of(name: str) -> int:
    """A stable number for a name."""
    return sum(ord(letter) * (at + 1) for at, letter in enumerate(name))


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """One export of each platform and run; only what its window holds."""
    first, last = _window(run)
    google = [row for row in google_days() if first <= row.day <= last]
    meta = [row for row in meta_days() if first <= row.day <= last]
    lines = [
        (jalali_day(row.day), row.campaign, persian(row.cost), persian(row.impressions), persian(row.clicks),
         persian(row.clicks * 2), persian(row.impressions - 1), "-" if row.conversions is None else row.conversions,
         "actions:purchase")
        for row in meta
    ]  # fmt: skip
    return (
        _google(google, run, f"google-{run}"),
        Drop(f"ads/meta-{run}.csv", table(META_HEADER, lines), each_day(row.day for row in meta)),
    )
