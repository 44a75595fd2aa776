"""What the oracle makes of what happened at Orion, and what its runs could know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache

from tests.known_company.clickstream import landed
from tests.known_company.clock import AS_OF, END, RUNS, START
from tests.known_company.oracle import ads as ads_oracle
from tests.known_company.oracle import clickstream
from tests.known_company.oracle import crm as crm_oracle
from tests.known_company.oracle import deals as deals_oracle
from tests.known_company.oracle import email as email_oracle
from tests.known_company.oracle import forms as forms_oracle
from tests.known_company.oracle import ga4 as ga4_oracle
from tests.known_company.oracle import items as items_oracle
from tests.known_company.oracle import search as search_oracle
from tests.known_company.oracle import snapshots as snapshots_oracle
from tests.known_company.oracle import surveys as surveys_oracle
from tests.known_company.oracle.attribution import Touch
from tests.known_company.oracle.campaigns import Campaigns
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.feeding import feeds
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.identity import customers
from tests.known_company.oracle.money import Rates
from tests.known_company.oracle.periods import ONE_DAY, Calendar, days, local_day
from tests.known_company.oracle.spine import cells
from tests.known_company.orion import billing, files, forms, mails, searches, voices, web
from tests.known_company.orion.dice import yesterday
from tests.known_company.orion.fill import feedback, holder
from tests.known_company.orion.people import Deal as CrmDeal
from tests.known_company.orion.people import Person, crm
from tests.known_company.orion.site import SITE
from tests.known_company.records import AdDay, Answer, Contact, Cost, Deal, Send

BRAND = Brand(
    brand_id="orion",
    timezone="Europe/Berlin",
    currency="EUR",
    calendar=Calendar(kind="gregorian", week_start="monday", fiscal_year_start=4),
    as_of=AS_OF,
)
RULE, WINDOW_DAYS = "position_based", 20
LAST = len(RUNS) - 1
WEB, SEARCH, CRM, SURVEY = "orion_web", "orion_search", "orion_crm", "orion_survey"
GOOGLE, META, COSTS = "orion_google", "orion_meta", "orion_costs"
EVENTS, FORMS, BILLING = "orion_events", "orion_forms", "orion_billing"
_CAMPAIGN_TYPES = {"search": "paid_search", "performance max": "cross_network"}


@cache
def expected() -> dict[CellKey, Cell]:
    """Every row of the KPI facts."""
    return cells(BRAND, answers())


def answers() -> Answers:
    """Amounts and feeds of every family."""
    found = Answers()
    for family in (_web(), _search(), _crm(), _email(), _voices(), _marketing(), _forms(), _billing()):
        found.merge(family)
    campaigns().rename(found)
    return found


def campaigns() -> Campaigns:
    """Campaign names of all families; of the web by row of GA4's traffic report."""
    found = Campaigns()
    origins = {
        (each.day, each.channel, each.source, each.medium, each.campaign) for each in web.landed_visits()
    }
    for day, *_, campaign in origins:
        found.see(campaign, day)
    for row in (*files.google_rows(), *files.meta_rows()):
        found.see(row.campaign, row.day)
    for mailing in mails.mailings():
        found.see(mailing.campaign or mailing.name, mailing.day)
    for session in clickstream.sessions(clickstream.counted(landed(SITE)[0])).values():
        found.see(session.campaign, session.day)
    for cost in files.cost_rows():
        for day in days(cost.first, cost.last + ONE_DAY):
            found.see(cost.campaign, day)
    return found


def _web() -> Answers:
    seen = (
        ga4_oracle.WebVisit(
            day=visit.day,
            user=visit.user,
            is_active=not visit.is_idle,
            channel=visit.channel,
            campaign=visit.campaign,
            device=visit.device,
            sessions=visit.sessions,
            engaged=visit.engaged,
            seconds=visit.seconds,
            views=visit.views,
            sign_ups=int(visit.signs_up),
            shares=int(visit.shares),
        )
        for visit in web.landed_visits()
    )
    found = ga4_oracle.traffic(BRAND, WEB, seen, web.FIRST, yesterday(LAST))
    # An export knows the persons who sign up; GA4's own counts of events stand back.
    found.daily = {key: amount for key, amount in found.daily.items() if key[1] != "ga4_sign_ups"}
    found.feeds = [feed for feed in found.feeds if feed.measure != "ga4_sign_ups"]
    found.merge(clickstream.sign_ups(EVENTS, *landed(SITE)))
    return found


def _search() -> Answers:
    """The last run failed, so that what the one before heard is what is known."""
    run = LAST - 1
    rows = (
        search_oracle.SearchRow(
            day=each.day,
            query=None if each.is_rare else each.query,
            country=each.country,
            device=each.device,
            impressions=each.impressions,
            clicks=each.clicks,
        )
        for each in searches.searches_at(run)
        if not each.is_second
    )
    loaded = (searches.START, searches.today_at(run) - ONE_DAY)
    return search_oracle.performance(SEARCH, rows, loaded, terms=searches.TERMS, excluded=searches.EXCLUDED)


def contacts() -> Iterator[Contact]:
    """Contact records that any run saw, as the last one that did saw them; without those erased since."""
    for person in crm().people.values():
        seen = [now for now in RUNS if _is_there(person, now)]
        if not seen or (person.erased_at is not None and person.erased_at <= AS_OF):
            continue
        ends = [each for each in (person.archived_at, person.merged_at) if each is not None]
        until = min([seen[-1], *ends])
        reached = {name: at for name, at in person.stages.items() if at <= until}
        merged = person.merged_at is not None and person.merged_at <= AS_OF
        yield Contact(
            source=CRM,
            contact_id=str(person.number),
            email=person.email,
            merged_into=str(person.merged_into) if merged else None,
            lead_at=_first(reached, "lead"),
            qualified_at=_first(reached, "salesqualifiedlead"),
            converted_at=_first(reached, "customer"),
            lead_source=person.source or None,
            is_test=person.is_test,
        )


def _is_there(person: Person, now: datetime) -> bool:
    """HubSpot lists it, if only in the recycle bin."""
    gone = [each for each in (person.merged_at, person.erased_at) if each is not None and each <= now]
    return person.created_at <= now and not gone


def _first(reached: dict[str, datetime], stage: str) -> datetime | None:
    """When a stage or a later one was entered: who skipped it was at it then."""
    order = ("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer")
    return min((reached[name] for name in order[order.index(stage) :] if name in reached), default=None)


def deals() -> Iterator[Deal]:
    """Deals as the last run saw them."""
    world = crm()
    for deal in world.deals.values():
        if deal.opened_at > AS_OF:
            continue
        is_closed = _closed_by(deal)
        contact = None
        # HubSpot tells no associations of archived deals; theirs are gone with them.
        is_archived = deal.archived_at is not None and deal.archived_at <= AS_OF
        if (
            not is_archived
            and deal.contact is not None
            and holder(world, deal.contact, deal.opened_at) is not None
        ):
            contact = holder(world, deal.contact, AS_OF)
        yield Deal(
            source=CRM,
            deal_id=str(deal.number),
            contact_id=None if contact is None else str(contact),
            closed_at=deal.closed_at if is_closed else None,
            amount=deal.amount,
            currency=deal.currency or "EUR",
            is_won=is_closed and deal.is_won,
        )


def _closed_by(deal: CrmDeal) -> bool:
    """It was closed before the last run, and before it was archived."""
    if deal.closed_at is None or deal.closed_at > AS_OF:
        return False
    return deal.archived_at is None or deal.closed_at < deal.archived_at


def _crm() -> Answers:
    known = list(contacts())
    loaded = [(START, yesterday(LAST) + ONE_DAY)]
    people = customers((), known)
    found = crm_oracle.answers(BRAND, known, people.of_contact)
    found.feeds = feeds(CRM, crm_oracle.MEASURES, loaded)
    wins = deals_oracle.first_wins(deals(), known, people)
    credits_of = deals_oracle.credits_by(RULE, touches_of_deals())
    found.merge(deals_oracle.answers(BRAND, wins.values(), loaded, credits_of))
    found.feeds += feeds(CRM, ("new_customers",), loaded)
    return found


def touches_of_deals() -> Callable[[Deal], list[Touch]]:
    """What led to a won deal."""
    known = list(contacts())
    events, _ = landed(SITE)
    return deals_oracle.touches_by(WINDOW_DAYS, customers((), known), known, events, shown=campaigns().shown)


def _email() -> Answers:
    sends = (
        Send(
            source=CRM,
            send_id=f"{each.email_id}/{each.day}",
            day=each.day,
            campaign=each.campaign or each.name,
            delivered=each.delivered,
            unique_opens=each.reacted(each.opens, AS_OF),
            human_opens=None,
            machine_only=None,
            unique_clicks=each.reacted(each.clicks, AS_OF),
            unsubscribes=each.reacted(each.unsubscribes, AS_OF),
            is_test=each.is_test,
        )
        for each in mails.mailings()
    )
    found = email_oracle.answers(sends)
    loaded = [(START, yesterday(LAST) + ONE_DAY)]
    found.feeds = feeds(CRM, email_oracle.MEASURES, loaded, usable_after_days=1, final_after_days=30)
    return found


def _voices() -> Answers:
    loaded = [(START, yesterday(LAST) + ONE_DAY)]
    world = crm()
    by_site = [
        Answer(
            source=SURVEY,
            day=local_day(each.at, BRAND.timezone),
            answered_at=each.at,
            survey="1",
            wave=None,
            person=str(each.person),
            score=each.score,
            is_test=each.is_test,
        )
        for each in voices.voices()
        if each.deleted_at is None
    ]
    by_mail = []
    tests = {each.contact_id for each in contacts() if each.is_test}
    for each in feedback(world):
        asked = holder(world, each.contact, each.at)
        person = None if asked is None else holder(world, each.contact, AS_OF)
        if each.at <= AS_OF:
            by_mail.append(
                Answer(
                    source=CRM,
                    day=local_day(each.at, BRAND.timezone),
                    answered_at=each.at,
                    survey="77",
                    wave=None,
                    person=None if person is None else str(person),
                    score=each.score,
                    is_test=str(person) in tests,
                )
            )
    found = Answers()
    for source, given, settles in ((SURVEY, by_site, 1), (CRM, by_mail, 0)):
        found.merge(surveys_oracle.answers(BRAND, given, loaded, source=source))
        found.feeds += feeds(
            source, surveys_oracle.MEASURES, loaded, usable_after_days=settles, final_after_days=settles
        )
    return found


def _forms() -> Answers:
    told = [
        forms_oracle.FormPeople(each.day, each.form, each.viewers, each.submitters)
        for each in forms.form_days()
        if not each.is_test
    ]
    found = forms_oracle.answers(FORMS, told)
    loaded = [(day, day + ONE_DAY) for day in sorted({each.day for each in told})]
    found.feeds = feeds(FORMS, forms_oracle.MEASURES, loaded, final_after_days=forms_oracle.FINAL_AFTER)
    return found


def _billing() -> Answers:
    end = END + ONE_DAY
    found = items_oracle.answers(BRAND, BILLING, billing.states(), rates(), first=START, end=end)
    found.feeds = feeds(BILLING, snapshots_oracle.MEASURES, [(START, end)])
    return found


def rates() -> Rates:
    """Euros for a dollar."""
    return Rates({("USD", "EUR"): dict(files.rates())})


def _marketing() -> Answers:
    known = rates()
    ads = [
        *(_ad(row, GOOGLE, "google_ads", "USD") for row in files.google_rows()),
        *(_ad(row, META, "meta_ads", "EUR") for row in files.meta_rows()),
    ]
    costs = [
        Cost(
            source=COSTS,
            first=row.first,
            last=row.last,
            amount=row.amount,
            currency=row.currency,
            channel="email" if row.channel else "(all)",
            campaign=row.campaign or "(all)",
        )
        for row in files.cost_rows()
    ]
    found = ads_oracle.answers(BRAND, ads, costs, known)
    for source, settles in ((GOOGLE, 30), (META, 28)):
        told = sorted({ad.day for ad in ads if ad.source == source})
        loaded = [(day, day + ONE_DAY) for day in told]
        found.feeds += feeds(
            source, ads_oracle.MEASURES, loaded, usable_after_days=1, final_after_days=settles
        )
    found.feeds += feeds(COSTS, ("marketing_cost",), [(START, END + ONE_DAY)])
    return found


def _ad(row: files.AdRow, source: str, platform: str, currency: str) -> AdDay:
    paid = "paid_search" if platform == "google_ads" else "paid_social"
    return AdDay(
        source=source,
        platform=platform,
        day=row.day,
        campaign=row.campaign,
        channel=_CAMPAIGN_TYPES.get(row.campaign_type.lower(), paid),
        impressions=row.impressions,
        clicks=row.clicks,
        cost=row.cost,
        currency=currency,
        conversions=row.conversions,
    )
