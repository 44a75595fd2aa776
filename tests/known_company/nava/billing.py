"""The coffee box of ``nava``: full lists of subscriptions, weekly and at the end of each Jalali month.

Traps: a month without a list, two weeks without one, free boxes, trials, pauses, yearly, weekly and quarterly prices,
several boxes of one subscriber, dollars, people who leave and come back, falling prices.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import jdatetime

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.exports import (
    Drop,
    days_from,
    each_day,
    jalali_moment,
    persian,
    table,
    tehran,
    tehran_day,
)
from tests.known_company.records import Snapshot, SubscriptionRow

SOURCE = "nava_box"
GAPS = ((date(2025, 5, 22), date(2025, 6, 21)), (date(2024, 11, 3), date(2024, 11, 16)))
"""Days without a list, both inclusive: Khordad 1404, and two weeks in Aban 1403."""
HEADER = (
    "تاریخ گزارش",
    "کد مشتری",
    "شناسه اشتراک",
    "طرح",
    "وضعیت",
    "تعداد",
    "مبلغ (تومان)",
    "ارز",
    "دوره",
    "Interval count",
)


@dataclass(frozen=True)
class Box:
    """One subscription and what it costs from which day on; money in tomans or dollars."""

    subscriber: str
    currency: str
    interval: str
    interval_count: int
    spells: tuple[tuple[date, date], ...]
    prices: tuple[tuple[date, Decimal, Decimal], ...]
    status: str


@cache
def boxes() -> tuple[Box, ...]:
    """Every subscription."""
    rng = random.Random("nava box")
    found = []
    for number in range(90):
        first = START + timedelta(days=rng.randint(-200, 680))
        last = first + timedelta(days=rng.choice((25, 60, 120, 300, 500, 2000, 2000)))
        spells = [(first, last)]
        if rng.random() < 0.25:
            spells.append((last + timedelta(days=rng.randint(20, 160)), date(2030, 1, 1)))
        is_foreign = rng.random() < 0.08
        price = Decimal(rng.randint(8, 40)) if is_foreign else Decimal(rng.randint(120, 900)) * 1000
        prices = [(date(2020, 1, 1), price, Decimal(rng.choice((1, 1, 1, 2, 3))))]
        if rng.random() < 0.5:
            changed_on = first + timedelta(days=rng.randint(10, 400))
            factor = rng.choice((Decimal("0.8"), Decimal("1.2"), Decimal("1.5")))
            prices.append((changed_on, price * factor, Decimal(rng.choice((1, 2)))))
        interval, count = rng.choice(
            (("month", 1),) * 6 + (("year", 1), ("week", 1), ("month", 3), ("day", 30))
        )
        subscriber = f"B{number}" if number % 12 else f"B{max(number - 1, 1)}"
        status = rng.choice(("active",) * 8 + ("trialing", "paused", "past_due"))
        if number % 20 == 3:
            prices = [(date(2020, 1, 1), Decimal(0), Decimal(1))]
        found.append(
            Box(
                subscriber,
                "USD" if is_foreign else "IRR",
                interval,
                count,
                tuple(spells),
                tuple(prices),
                status,
            )
        )
    return tuple(found)


def _moments() -> list[tuple[date, int]]:
    """Days and hours of the lists."""
    days = set()
    for day in days_from(START, END):
        ends_month = jdatetime.date.fromgregorian(date=day + timedelta(days=1)).day == 1
        if (day.weekday() == 4 or ends_month) and not any(first <= day <= last for first, last in GAPS):
            days.add(day)
    return [(day, 23 if day.weekday() != 4 else 21) for day in sorted(days)]


def _rows_on(day: date) -> list[tuple[str, Box, Decimal, Decimal]]:
    found = []
    for number, box in enumerate(boxes()):
        if any(first <= day < last for first, last in box.spells):
            _, price, quantity = [each for each in box.prices if each[0] <= day][-1]
            found.append((f"s{number}", box, price, quantity))
    return found


@cache
def records() -> tuple[Snapshot, ...]:
    """Every list, in rials and dollars."""
    return tuple(
        Snapshot(
            source=SOURCE,
            taken_at=tehran(day, hour, 30),
            rows=tuple(
                SubscriptionRow(
                    subscriber=box.subscriber, status=box.status, quantity=quantity,
                    amount=price * 10 if box.currency == "IRR" else price, currency=box.currency,
                    interval=box.interval, interval_count=box.interval_count,
                )
                for _, box, price, quantity in _rows_on(day)
            ),
        )
        for day, hour in _moments()
    )  # fmt: skip


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """A file a year and run."""
    since = tehran(START) if run == 0 else RUNS[run - 1]
    lines: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    days: dict[int, list[date]] = defaultdict(list)
    for day, hour in _moments():
        moment = tehran(day, hour, 30)
        if not since <= moment < RUNS[run]:
            continue
        days[day.year].append(tehran_day(moment))
        for item, box, price, quantity in _rows_on(day):
            lines[day.year].append(
                (jalali_moment(moment), box.subscriber, item, "box", box.status, persian(quantity), persian(price),
                 box.currency, box.interval, box.interval_count)
            )  # fmt: skip
    return tuple(
        Drop(f"box/{year}-{run}.csv", table(HEADER, lines[year]), each_day(days[year])) for year in lines
    )
