"""Raw events of ``nava``'s site since autumn 2025: visits of buyers before they buy.

Traps: visits at the very edge of the window and a second before it, several browsers of a person, browsers that are known
by a signed-in address only, purchases without consent, a receipt that is opened again later, orders without any visit.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

from tests.known_company.clickstream import Event, Site, packed
from tests.known_company.clock import END, RUNS
from tests.known_company.nava import orders
from tests.known_company.nava.exports import Drop, days_from, each_day, tehran_day
from tests.known_company.oracle.identity import address, is_role
from tests.known_company.records import Order

SOURCE = "nava_events"
FIRST = date(2025, 9, 1)
SITE = Site(word="nava", zone="Asia/Tehran", property_id="77", first=FIRST, crowd=0)
BEFORE = (
    *(
        timedelta(minutes=12),
        timedelta(hours=5),
        timedelta(days=3),
        timedelta(days=10),
        timedelta(days=29, hours=23),
    ),
    *(timedelta(days=30), timedelta(days=30, seconds=1), timedelta(days=45)),
)
"""How long before an order a visit may begin; the window is of 30 days."""
ORIGINS: tuple[tuple[str | None, str | None, str | None, str], ...] = (
    (None, None, None, "Direct"),
    (None, None, None, "Direct"),
    ("google", "organic", None, "Organic Search"),
    ("google", "cpc", "nowruz-1403", "Paid Search"),
    ("instagram", "social", "stories", "Organic Social"),
    ("newsletter", "email", "yalda_1403", "Email"),
    ("weblog.example", "referral", "(referral)", "Referral"),
)


@cache
def events() -> tuple[Event, ...]:
    """Every event."""
    rng = random.Random("nava visits")
    found: list[Event] = []
    for sale in orders.sales():
        order = sale.order
        if tehran_day(order.ordered_at) < FIRST or rng.random() < 0.35:
            continue
        who = address(order.email)
        browser = f"nava.{order.customer_id or who or order.order_id}{rng.choice(('', '', '.phone'))}"
        signs_in = who is not None and not is_role(who) and order.counts and rng.random() < 0.4
        for before in sorted(rng.sample(BEFORE, rng.randint(0, 3)), reverse=True):
            found += _visit(rng, browser, order.ordered_at - before, order.email if signs_in else None)
        found += _purchase(rng, browser, order)
    return tuple(event for event in found if FIRST <= event.day <= END)


def _visit(rng: random.Random, browser: str, start: datetime, email: str | None) -> list[Event]:
    source, medium, campaign, group = rng.choice(ORIGINS)
    by_click = rng.random() < 0.5
    first = Event(
        day=tehran_day(start),
        at=start,
        place=0,
        name="page_view",
        user=browser,
        session=int(start.timestamp()),
        engaged=rng.random() < 0.7,
        milliseconds=rng.randint(0, 9000),
        page="/",
        device="mobile",
        click=(source, medium, campaign, group) if by_click else None,
        named=(None, None, None) if by_click else (source, medium, campaign),
    )
    later = start + timedelta(minutes=2)
    name = "sign_up" if rng.random() < 0.1 else "page_view"
    return [
        first,
        replace(first, at=later, day=tehran_day(later), place=1, name=name, user_id=email, page="/shop"),
    ]


def _purchase(rng: random.Random, browser: str, order: Order) -> list[Event]:
    way = rng.random()
    if way < 0.3:
        return []
    start = order.ordered_at - timedelta(minutes=7, seconds=rng.randint(0, 50))
    visit = _visit(rng, browser, start, None)
    bought = replace(
        visit[0],
        at=order.ordered_at,
        day=tehran_day(order.ordered_at),
        place=2,
        name="purchase",
        transaction_id=order.order_id,
        click=None,
        named=(None, None, None),
        copies=2 if way > 0.95 else 1,
    )
    if way < 0.4:
        return [*visit, replace(bought, user=None, session=None)]
    if way < 0.5:
        again = order.ordered_at + timedelta(days=2)
        reopened = replace(bought, at=again, day=tehran_day(again), session=int(again.timestamp()))
        return [*visit, bought, reopened]
    return [*visit, bought]


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """One file a day; days of earlier runs are not written again."""
    by_day: dict[date, list[Event]] = defaultdict(list)
    for event in events():
        by_day[event.day].append(event)
    newest = min(RUNS[run].date() - timedelta(days=1), END)
    days = [day for day in days_from(FIRST, newest) if run == 0 or day >= RUNS[run - 1].date()]
    return tuple(
        Drop(f"events/events_{day:%Y%m%d}.jsonl.gz", packed(SITE, by_day[day]), each_day([day]))
        for day in days
    )


def days() -> list[date]:
    """Days that have a file."""
    return [span[0] for run in range(len(RUNS)) for drop in drops(run) for span in drop.spans]
