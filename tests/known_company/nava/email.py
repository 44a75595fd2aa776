"""E-mail campaigns of ``nava``: two sends a week, re-exported while they still gather opens.

Traps: machine opens told, told the other way round, and not told; sends whose deliveries follow from bounces or are not
known at all; a send that reached nobody; tests; sends a minute before and after midnight.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.exports import (
    Drop,
    days_from,
    jalali_moment,
    persian,
    span_of,
    table,
    tehran,
    tehran_day,
)
from tests.known_company.records import Send

SOURCE = "nava_email"
HEADER = ("شناسه کمپین", "موضوع", "نام کمپین", "زمان ارسال", "تعداد ارسال", "تحویل‌شده", "برگشت دائم", "برگشت موقت",
          "بازشده یکتا", "باز انسانی", "فقط ماشین", "کلیک یکتا", "لغو اشتراک", "utm_campaign")  # fmt: skip


@dataclass(frozen=True)
class Campaign:
    """A send as its tool reports it in the end; None is an empty cell."""

    send_id: str
    subject: str
    name: str
    sent_at: datetime
    sent: int
    delivered: int | None
    hard: int | None
    soft: int | None
    opens: int | None
    human: int | None
    machine: int | None
    clicks: int
    unsubscribes: int
    utm: str | None


@cache
def campaigns() -> tuple[Campaign, ...]:
    """Every send."""
    rng = random.Random("nava email")
    found: list[Campaign] = []
    for day in days_from(START, END):
        if day.weekday() not in (1, 5):
            continue
        number = len(found)
        sent = rng.randint(60, 2600)
        hard, soft = rng.randint(0, sent // 50), rng.randint(0, sent // 40)
        delivered = sent - hard - soft
        opens = rng.randint(delivered // 8, delivered // 2)
        machine = rng.randint(0, opens // 2)
        clicks = rng.randint(0, max(1, (opens - machine) // 3) + 4)
        told = rng.random()
        moment = rng.choice((tehran(day, 9, 30), tehran(day, 23, 59, 30), tehran(day, 0, 0, 30)))
        utm = rng.choice((None, "yalda_1403" if day.month == 12 else None, f"letter-{day.month}"))
        shown_delivered: int | None = delivered if rng.random() < 0.7 else None
        shown: tuple[int | None, int | None] = (hard, soft)
        if number == 40:
            shown_delivered, shown = None, (None, None)
        if number == 60:
            delivered = shown_delivered = opens = machine = clicks = 0
            shown, told = (sent, 0), 0.0
        found.append(
            Campaign(
                send_id=f"m{number}",
                subject="نامه آزمایشی" if rng.random() < 0.04 else f"نامه {number}",
                name=f"خبرنامه {1 + number % 4}",
                sent_at=moment,
                sent=sent,
                delivered=shown_delivered,
                hard=shown[0],
                soft=shown[1],
                opens=opens,
                human=opens - machine if told < 0.45 else None,
                machine=machine if 0.3 < told < 0.75 else None,
                clicks=clicks,
                unsubscribes=rng.randint(0, 3),
                utm=utm,
            )
        )
    return tuple(found)


def records() -> list[Send]:
    """What is true after the last run."""
    found = []
    for each in campaigns():
        bounced = None if each.hard is None else each.hard + (each.soft or 0)
        delivered = each.delivered
        if delivered is None and bounced is not None:
            delivered = each.sent - bounced
        human, machine = each.human, each.machine
        if human is None and machine is not None and each.opens is not None:
            human = each.opens - machine
        if machine is None and human is not None and each.opens is not None:
            machine = each.opens - human
        found.append(
            Send(
                source=SOURCE, send_id=each.send_id, day=tehran_day(each.sent_at), campaign=each.utm or each.name,
                delivered=delivered, unique_opens=each.opens, human_opens=human, machine_only=machine,
                unique_clicks=each.clicks, unsubscribes=each.unsubscribes, is_test="آزمایش" in each.subject,
            )
        )  # fmt: skip
    return found


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """What was sent since the last run and in the two weeks before it, counters as far as they are."""
    since = tehran(START) - timedelta(days=1) if run == 0 else RUNS[run - 1] - timedelta(days=14)
    lines, days = [], []
    for each in campaigns():
        if not since <= each.sent_at < RUNS[run]:
            continue
        early = each.sent_at > RUNS[run] - timedelta(days=14) and run < len(RUNS) - 1
        opens, human, machine = each.opens, each.human, each.machine
        if early and opens:
            opens = opens // 2
            human = None if human is None else human // 2
            machine = None if machine is None else opens - (human if human is not None else opens // 2)
        lines.append(
            (each.send_id, each.subject, each.name, jalali_moment(each.sent_at), persian(each.sent),
             persian(each.delivered), persian(each.hard), persian(each.soft), persian(opens), persian(human),
             persian(machine), persian(each.clicks // 2 if early else each.clicks), persian(each.unsubscribes), each.utm)
        )  # fmt: skip
        days.append(tehran_day(each.sent_at))
    return (Drop(f"email/{run}.csv", table(HEADER, lines), span_of(days)),)
