"""Orion's CRM: contacts who become leads, are qualified, buy, are merged, archived, erased; and their deals.

Planted: chains of merges, some of records that never landed; archived leads; people erased on request; staff and test
addresses; stages that were skipped; subscribers who never become leads; leads around midnight, on days of 23 and 25
hours and on leap day; conversions after more than 90 days; deals without contact, without amount, archived, lost, merged,
in dollars; a second won deal of the same person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache

from tests.known_company.clock import RUNS, START
from tests.known_company.oracle.periods import days
from tests.known_company.orion.dice import dice, moment

STAGES = ("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer")
SOURCES = {
    "ORGANIC_SEARCH": 35,
    "DIRECT_TRAFFIC": 20,
    "EMAIL_MARKETING": 15,
    "PAID_SEARCH": 12,
    "PAID_SOCIAL": 10,
    "": 3,
}
LAST_MONTHS = {(2025, 10): 206, (2025, 11): 191, (2025, 12): 200}
"""Leads of the months that the scorecard judges: above, below and on the target of 200."""


@dataclass(kw_only=True)
class Person:
    """One contact record.

    Attributes:
        stages: moment each stage was entered.
        merged_into: the record that took it over, at ``merged_at``.
    """

    number: int
    created_at: datetime
    email: str | None
    source: str
    stages: dict[str, datetime] = field(default_factory=dict)
    merged_into: int | None = None
    merged_at: datetime | None = None
    archived_at: datetime | None = None
    erased_at: datetime | None = None

    @property
    def is_test(self) -> bool:
        """Staff and testers, by address."""
        return bool(self.email) and self.email.endswith(("@orion.example", "@test.example"))


@dataclass(kw_only=True)
class Deal:
    """One deal; ``stage`` is where it ended."""

    number: int
    contact: int | None
    opened_at: datetime
    closed_at: datetime | None
    is_won: bool
    amount: Decimal | None
    currency: str | None
    archived_at: datetime | None = None


@dataclass(frozen=True)
class Crm:
    """Everybody and every deal."""

    people: dict[int, Person]
    deals: dict[int, Deal]


@cache
def crm() -> Crm:
    """The CRM with all that ever happens; what a run sees ends at its clock."""
    people: dict[int, Person] = {}
    for day in days(START, RUNS[-1].date() + timedelta(days=1)):
        for place in range(_leads_of(day)):
            person = _person(day, place)
            people[person.number] = person
    _merge(people)
    return Crm(people, _deals(people))


def number_of(day: date, place: int) -> int:
    """Id of the contact that came on ``day`` in that place."""
    return 1_000 + (day - START).days * 20 + place


def _leads_of(day: date) -> int:
    """How many contacts come on a day, so that months grow from some 45 leads to 200."""
    wanted = LAST_MONTHS.get((day.year, day.month))
    if wanted is not None:
        return wanted // 30 + (1 if (day.day - 1) < wanted % 30 else 0) if day.day <= 30 else 0
    rate = 1.2 + (day - START).days / 365 * 1.1
    return min(19, int(rate + dice("leads", day).random()))


def _person(day: date, place: int) -> Person:
    number = number_of(day, place)
    thrown = dice("person", number)
    # One in nine comes around midnight.
    minutes = thrown.choice((1, 2, 1438, 60, 120, 180)) if number % 9 == 0 else thrown.randrange(400, 1300)
    at = moment(day, minutes)
    in_judged_month = (day.year, day.month) in LAST_MONTHS
    person = Person(
        number=number,
        created_at=at,
        email=_email(number, thrown.random(), plain=in_judged_month),
        source=thrown.choices(list(SOURCES), list(SOURCES.values()))[0],
    )
    person.stages["subscriber"] = at
    if not in_judged_month and thrown.random() < 0.08:
        return person
    chance, skips = (1.0, 0.75, 0.6, 0.5, 0.55), thrown.random() < 0.07
    for name, goes_on in zip(STAGES[1:], chance, strict=True):
        if thrown.random() > goes_on:
            break
        # Most are quick, some need more than 90 days.
        hours = 0 if name == "lead" else thrown.choice((3, 20, 60, 200, 900))
        at += timedelta(hours=hours)
        if name != "opportunity" or not skips:
            person.stages[name] = at
    if skips and "customer" in person.stages:
        for name in STAGES[1:4]:
            person.stages.pop(name, None)
    if not in_judged_month:
        _perhaps_remove(person, number)
    return person


def _perhaps_remove(person: Person, number: int) -> None:
    if number % 41 == 7:
        person.archived_at = person.created_at + timedelta(days=20)
    elif number % 67 == 11:
        person.erased_at = person.created_at + timedelta(days=30)


def _email(number: int, thrown: float, *, plain: bool) -> str | None:
    if plain or thrown < 0.9:
        return f"p{number}@customer{number % 97}.example"
    if thrown < 0.93:
        return f"s{number}@orion.example"
    if thrown < 0.95:
        return f"t{number}@test.example"
    if thrown < 0.97:
        return f"info@customer{number}.example"
    return None if thrown < 0.985 else f"  P{number}@Customer{number % 97}.EXAMPLE "


def _merge(people: dict[int, Person]) -> None:
    """Pairs and chains of three; those of autumn 2025 happen between runs, the others before anything landed."""
    numbers = sorted(number for number, person in people.items() if _may_merge(person))
    for place in range(10, len(numbers) - 3, 60):
        first, second, third = (people[number] for number in numbers[place : place + 3])
        at = max(person.created_at for person in (first, second, third)) + timedelta(days=3)
        if at.year == 2025 and at.month in {7, 8}:
            at = datetime(2025, 11, 5, 9, tzinfo=UTC)
        third.merged_into, third.merged_at = second.number, at
        if place % 120 == 10:
            # The chain: third into second, later second into first.
            second.merged_into, second.merged_at = first.number, at + timedelta(days=35)


def _may_merge(person: Person) -> bool:
    is_judged = (person.created_at.year, person.created_at.month) in LAST_MONTHS
    return not (person.archived_at or person.erased_at or is_judged)


def _deals(people: dict[int, Person]) -> dict[int, Deal]:
    deals: dict[int, Deal] = {}
    for person in people.values():
        thrown = dice("deal", person.number)
        opened = person.stages.get("opportunity") or person.stages.get("customer")
        if opened is None:
            continue
        bought = person.stages.get("customer")
        for again in range(2 if bought and thrown.random() < 0.12 else 1):
            number = person.number * 10 + again
            closed = (bought or opened + timedelta(days=30)) + timedelta(days=45 * again)
            amount = Decimal(thrown.randrange(900, 20_000)) + Decimal("0.50")
            deals[number] = Deal(
                number=number,
                contact=None if thrown.random() < 0.04 else person.number,
                opened_at=opened,
                closed_at=closed if bought or thrown.random() < 0.7 else None,
                is_won=bought is not None,
                amount=None if thrown.random() < 0.05 else amount,
                currency=thrown.choice(("EUR", "EUR", "EUR", "USD", None)),
                archived_at=closed + timedelta(days=5) if number % 37 == 3 else None,
            )
    return deals
