"""Fees and tools of ``nava``: monthly fees spread over Jalali months that don't divide them, some in dollars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

import jdatetime

from tests.known_company.clock import END, START
from tests.known_company.nava.exports import Drop, jalali_day, persian, table
from tests.known_company.records import Cost

SOURCE = "nava_costs"
HEADER = ("تاریخ شروع", "تاریخ پایان", "نوع هزینه", "کانال", "کمپین", "مبلغ (تومان)", "ارز")
CORRECTED = date(2025, 8, 23)
"""First day of the month whose tool fee the first file has wrong."""


def _months() -> Iterator[tuple[date, date]]:
    """First and last days of the Jalali months that begin and end within the data."""
    year, month = 1402, 11
    while True:
        first = jdatetime.date(year, month, 1).togregorian()
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        last = jdatetime.date(year, month, 1).togregorian() - timedelta(days=1)
        if last > END:
            return
        yield first, last


@cache
def rows() -> tuple[tuple[date, date | None, str, str | None, str | None, Decimal, str], ...]:
    """Lines of the file: first and last day, category, channel, campaign, amount in tomans or dollars, currency."""
    found: list[tuple[date, date | None, str, str | None, str | None, Decimal, str]] = []
    for number, (first, last) in enumerate(_months()):
        found.append((first, last, "tools", None, None, Decimal("12500000") + 37 * number, "IRR"))
        found.append((first, last, "tools", "ایمیل", None, Decimal("99.95"), "USD"))
        if number % 3 == 0:
            day = first + timedelta(days=10)
            found.append((day, None, "fees", "شبکه‌های اجتماعی", "Nowruz-1403", Decimal("8400000.5"), "IRR"))
    found.append(
        (date(2024, 6, 1), date(2024, 6, 7), "production", None, "yalda_1403", Decimal("7000001"), "IRR")
    )
    found.append((date(2024, 7, 1), None, "fees", None, None, Decimal("-2500000"), "IRR"))
    return tuple(found)


def records() -> list[Cost]:
    """What is true after the last run."""
    channels = {"ایمیل": "email", "شبکه‌های اجتماعی": "organic_social", None: "(all)"}
    return [
        Cost(
            source=SOURCE, first=first, last=last or first, amount=amount * (10 if currency == "IRR" else 1),
            currency=currency, channel=channels[channel], campaign=campaign or "(all)",
        )
        for first, last, _, channel, campaign, amount, currency in rows()
    ]  # fmt: skip


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """The whole file, wrong at first; the same name again with the correction; nothing in the last run."""
    if run == 2:
        return ()
    lines = []
    for first, last, category, channel, campaign, amount, currency in rows():
        shown = amount * 3 if run == 0 and first == CORRECTED and currency == "IRR" else amount
        lines.append(
            (
                jalali_day(first),
                jalali_day(last) if last else None,
                category,
                channel,
                campaign,
                persian(shown),
                currency,
            )
        )
    return (Drop("costs/fees.csv", table(HEADER, lines), ((START, END + timedelta(days=1)),)),)
