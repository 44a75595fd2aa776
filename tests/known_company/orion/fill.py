"""Orion's HubSpot account as it stands at a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tests.fakes.hubspot import HubSpotApi
from tests.fakes.hubspot_crm import Crm as FakeCrm
from tests.fakes.hubspot_crm import pipeline, stage
from tests.fakes.hubspot_objects import instant_text
from tests.known_company.clock import RUNS
from tests.known_company.orion.dice import dice
from tests.known_company.orion.mails import fill_emails
from tests.known_company.orion.people import STAGES, Crm, Deal, Person, crm

_MADE = datetime(2023, 12, 1, 8, tzinfo=UTC)
FORM = "f0000000-0000-4000-8000-000000000001"


@dataclass(frozen=True, slots=True)
class Feedback:
    """One answer to HubSpot's NPS survey by a contact."""

    number: int
    contact: int
    at: datetime
    score: int


def feedback(world: Crm) -> Iterator[Feedback]:
    """A few customers are asked; some of them twice."""
    for person in world.people.values():
        bought = person.stages.get("customer")
        if bought is None or person.number % 3:
            continue
        for again in range(1 + (person.number % 2)):
            thrown = dice("feedback", person.number, again)
            at = bought + timedelta(days=20 + 40 * again)
            score = thrown.choices(range(11), (1, 1, 1, 1, 2, 3, 5, 12, 20, 26, 28))[0]
            yield Feedback(person.number * 10 + again, person.number, at, score)


def fill_hubspot(api: HubSpotApi, run: int) -> None:
    """Everything that happened up to a run, in its order."""
    now = RUNS[run]
    api.account |= {"timeZone": "Europe/Berlin", "companyCurrency": "EUR", "utcOffset": "+01:00"}
    api.crm.pipelines["deals"] = [
        pipeline(
            "default",
            "Vertrieb",
            at=_MADE,
            stages=[
                stage("offer", "Angebot", probability="0.4"),
                stage("won", "Gewonnen", probability="1.0", closed=True),
                stage("lost", "Verloren", probability="0.0", closed=True),
            ],
        )
    ]
    happenings: list[tuple[datetime, int, Any]] = []
    world = crm()
    for person in world.people.values():
        happenings += _of_person(api.crm, person)
    for deal in world.deals.values():
        happenings += _of_deal(api.crm, world, deal)
    for each in feedback(world):
        happenings.append((each.at, 5, partial(_answer, api.crm, world, each)))
    for at, _, act in sorted(happenings, key=lambda each: each[:2]):
        if at <= now:
            act()
    fill_emails(api.emails, run)
    api.forms.add(FORM, "Contact", at=_MADE)
    for person in world.people.values():
        if person.email and person.created_at <= now and person.number % 4 == 0:
            api.forms.submit(
                FORM, at=person.created_at, values={"email": person.email}, conversion=person.number
            )


def holder(world: Crm, number: int, at: datetime) -> int | None:
    """The record that holds a contact at a moment: itself, who took it over, or None once it was erased."""
    person = world.people[number]
    while person.merged_at is not None and person.merged_into is not None and person.merged_at <= at:
        person = world.people[person.merged_into]
    return None if person.erased_at is not None and person.erased_at <= at else person.number


def _of_person(fake: FakeCrm, person: Person) -> Iterator[tuple[datetime, int, Any]]:
    create = partial(
        fake.create,
        "contacts",
        at=person.created_at,
        record_id=person.number,
        email=person.email,
        lifecyclestage="subscriber",
        hs_analytics_source=person.source or None,
        **_dates(person, person.created_at),
    )
    yield person.created_at, 0, create
    ends = [each for each in (person.merged_at, person.archived_at, person.erased_at) if each is not None]
    for name in STAGES[1:]:
        at = person.stages.get(name)
        if at is not None and at > person.created_at and all(at < end for end in ends):
            change = {"lifecyclestage": name, f"hs_lifecyclestage_{name}_date": instant_text(at)}
            yield at, 1, partial(fake.update, "contacts", person.number, at=at, **change)
    if person.merged_at is not None and person.merged_into is not None:
        merge = partial(
            fake.merge, "contacts", survivor=person.merged_into, loser=person.number, at=person.merged_at
        )
        yield person.merged_at, 3, merge
    if person.archived_at is not None:
        archive = partial(fake.archive, "contacts", person.number, at=person.archived_at)
        yield person.archived_at, 3, archive
    if person.erased_at is not None:
        yield person.erased_at, 3, partial(fake.delete_for_privacy, "contacts", person.number)


def _dates(person: Person, at: datetime) -> dict[str, str]:
    return {
        f"hs_lifecyclestage_{name}_date": instant_text(moment)
        for name, moment in person.stages.items()
        if moment <= at
    }


def _of_deal(fake: FakeCrm, world: Crm, deal: Deal) -> Iterator[tuple[datetime, int, Any]]:
    def begin() -> None:
        fake.create(
            "deals",
            at=deal.opened_at,
            record_id=deal.number,
            dealname=f"Deal {deal.number}",
            pipeline="default",
            dealstage="offer",
            closedate=instant_text(deal.opened_at + timedelta(days=30)),
            amount=None if deal.amount is None else str(deal.amount),
            deal_currency_code=deal.currency,
            hs_is_closed_won="false",
        )
        contact = None if deal.contact is None else holder(world, deal.contact, deal.opened_at)
        if contact is not None and fake.tables["contacts"].find(contact) is not None:
            fake.associations.add("deals", deal.number, "contacts", contact)

    yield deal.opened_at, 2, begin
    if deal.closed_at is not None:
        result = {"dealstage": "won" if deal.is_won else "lost", "hs_is_closed_won": str(deal.is_won).lower()}
        closed = partial(
            fake.update,
            "deals",
            deal.number,
            at=deal.closed_at,
            closedate=instant_text(deal.closed_at),
            **result,
        )
        yield deal.closed_at, 4, closed
    if deal.archived_at is not None:
        yield deal.archived_at, 6, partial(fake.archive, "deals", deal.number, at=deal.archived_at)


def _answer(fake: FakeCrm, world: Crm, each: Feedback) -> None:
    fake.create(
        "feedback_submissions",
        at=each.at,
        record_id=each.number,
        hs_survey_id="77",
        hs_survey_name="Quarterly",
        hs_survey_type="NPS",
        hs_survey_channel="EMAIL",
        hs_value=str(each.score),
        hs_submission_timestamp=instant_text(each.at),
    )
    contact = holder(world, each.contact, each.at)
    if contact is not None and fake.tables["contacts"].find(contact) is not None:
        fake.associations.add("feedback_submissions", each.number, "contacts", contact)
