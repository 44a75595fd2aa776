"""Surveys of ``nava``: a wave each quarter and a running survey without waves.

Traps: several answers of a person in a wave, changed minds in the running survey, answers of 11, blank ones, anonymous
ones that are all alike, staff, waves with few answers.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.exports import (
    Drop,
    days_from,
    jalali_moment,
    persian_digits,
    span_of,
    table,
    tehran,
    tehran_day,
)
from tests.known_company.records import Answer

SOURCE = "nava_survey"
HEADER = ("شناسه مشتری", "ایمیل", "نظرسنجی", "موج", "تاریخ پاسخ", "امتیاز")
OUT_OF_RANGE = 11


@cache
def answers() -> tuple[Answer, ...]:
    """Every answer, those of 11 and blank ones included."""
    rng = random.Random("nava surveys")
    found: list[Answer] = []

    def answer(day: date, wave: str | None, person: str | None) -> None:
        moment = tehran(day, rng.choice((0, 9, 15, 23)), rng.choice((0, 59)), len(found) % 60)
        score: int | None = rng.choice((10, 10, 9, 9, 8, 8, 7, 6, 4, 0, 10, 9))
        chance = rng.random()
        score = OUT_OF_RANGE if chance < 0.01 else None if chance < 0.03 else score
        found.append(
            Answer(
                source=SOURCE, day=tehran_day(moment), answered_at=moment, survey="nps" if wave else "after-purchase",
                wave=wave, person=person, score=score, is_test=person == "staff@nava.example",
            )
        )  # fmt: skip

    for number, first in enumerate(
        day for day in days_from(START, END) if day.day == 5 and day.month % 3 == 2
    ):
        people = [f"c{rng.randint(1, 90)}" for _ in range(12 if number == 5 else rng.randint(50, 120))]
        for person in [*people, None, None, "staff@nava.example"]:
            answer(first + timedelta(days=rng.randint(0, 24)), f"w{number}", person)
    for day in days_from(date(2025, 2, 1), date(2025, 9, 20)):
        if rng.random() < 0.5:
            answer(day, None, f"b{rng.randint(1, 25)}")
    return tuple(sorted(found, key=lambda each: each.answered_at))


def records() -> list[Answer]:
    """What is true after the last run: an answer out of range was refused."""
    return [replace(each) for each in answers() if each.score != OUT_OF_RANGE]


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """A file for each wave and quarter of the running survey, and per run."""
    since = tehran(START) if run == 0 else RUNS[run - 1]
    files: dict[str, list[Answer]] = defaultdict(list)
    for each in answers():
        if since <= each.answered_at < RUNS[run]:
            files[each.wave or f"running-{each.day.year}-{(each.day.month - 1) // 3}"].append(each)
    return tuple(
        Drop(
            f"survey/{name}-{run}.csv",
            table(HEADER, [_row(each) for each in of_file]),
            span_of(each.day for each in of_file if each.score != OUT_OF_RANGE),
        )
        for name, of_file in files.items()
    )


def _row(each: Answer) -> tuple[object, ...]:
    is_address = bool(each.person and "@" in each.person)
    score = "NA" if each.score is None else persian_digits(str(each.score))
    return (
        None if is_address else each.person,
        each.person if is_address else None,
        each.survey,
        each.wave,
        jalali_moment(each.answered_at),
        score,
    )
