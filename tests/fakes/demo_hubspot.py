"""Seeded demo data of Sib for the HubSpot server: some 300 contacts, 60 deals, 20 e-mails, 3 forms, 80 feedbacks.

Everything is dated: a server that is filled up to the next day differs by what happened on that day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from tests.fakes.demo_brands import SIB
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.demo_hubspot_marketing import EMAIL_CAMPAIGN, plan_emails, plan_forms
from tests.fakes.hubspot import HubSpotApi
from tests.fakes.hubspot_associations import Label
from tests.fakes.hubspot_crm import Crm, pipeline, stage
from tests.fakes.hubspot_objects import instant_text

_FIRST_ORDINAL = 700_000
_STAGES = ("subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer")
_GOES_ON = (0.7, 0.5, 0.45)
_SOURCES: dict[tuple[str, str | None, str | None], int] = {
    ("ORGANIC_SEARCH", "google", None): 38,
    ("DIRECT_TRAFFIC", None, None): 22,
    ("SOCIAL_MEDIA", "instagram", "پویش پاییزهٔ میوه‌ها"): 16,
    ("EMAIL_MARKETING", EMAIL_CAMPAIGN, None): 12,
    ("REFERRALS", "mizbanha.example", None): 7,
    ("AI_REFERRALS", "chat.example", None): 3,
    ("OFFLINE", "IMPORT", None): 2,
}
_NAMES = ("مینا", "آرش", "نگار", "امیرعلی", "زهرا‌سادات", "سینا")
_OPEN_STAGES = {"default": ("contacted", "proposal"), "wholesale": ("visit", "offer", "contract")}
_CLOSED_STAGES = {"default": ("closedwon", "closedlost"), "wholesale": ("signed", "given-up")}
_RIALS_PER_DOLLAR = 1_150_000


def fill_hubspot(api: HubSpotApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with ``days`` days up to ``last_day``, the days of Tehran."""
    happenings = Happenings(last_day, days=days, zone=SIB.time_zone)
    api.crm.pipelines["deals"] = _pipelines()
    for day in happenings.days():
        _plan_contacts(happenings, api.crm, day)
        _plan_company(happenings, api.crm, day)
        _plan_deal(happenings, api.crm, day)
        _plan_feedback(happenings, api.crm, day)
    plan_emails(happenings, api.emails)
    plan_forms(happenings, api.forms)
    happenings.happen()


def contact_id(day: date, place: int) -> int:
    """Id of the contact that was made on ``day`` in that place."""
    return (day.toordinal() - _FIRST_ORDINAL) * 10 + place


def _plan_contacts(happenings: Happenings, crm: Crm, day: date) -> None:
    """Two or three contacts a day; the second may be a duplicate, go to the recycle bin or be forgotten."""
    ordinal = day.toordinal()
    for place in range(2 + ordinal % 2):
        number = contact_id(day, place)
        thrown = dice("contact", number)
        at = happenings.moment(day, 480 + 30 * place + thrown.randrange(30))
        happenings.plan(
            at, partial(crm.create, "contacts", at=at, record_id=number, **_contact(number, at, thrown))
        )
        if place == 1 and ordinal % 24 == 5:
            later = at + timedelta(days=3)
            merge = partial(crm.merge, "contacts", survivor=contact_id(day, 0), loser=number, at=later)
            happenings.plan(later, merge)
        elif place == 1 and ordinal % 20 == 7:
            later = at + timedelta(days=5)
            happenings.plan(later, partial(crm.archive, "contacts", number, at=later))
        elif place == 1 and ordinal % 60 == 10:
            happenings.plan(at + timedelta(days=2), partial(crm.delete_for_privacy, "contacts", number))
        elif place > 0 or ordinal % 2:
            _plan_progress(happenings, crm, number, at, thrown)


def _contact(number: int, at: datetime, thrown: Random) -> dict[str, Any]:
    source, first, second = thrown.choices(list(_SOURCES), weights=list(_SOURCES.values()))[0]
    email = thrown.choices((f"u{number}@example.com", f"U{number}@Example.com", None), weights=(90, 7, 3))[0]
    return {
        "email": email,
        "firstname": thrown.choice(_NAMES),
        "phone": thrown.choice((f"+98 21 0000 {number % 10_000:04d}", "۰۲۱۰۰۰۰۱۲۳۴", None)),
        "lifecyclestage": "subscriber",
        "hs_lifecyclestage_subscriber_date": instant_text(at),
        "hs_analytics_source": source,
        "hs_analytics_source_data_1": first,
        "hs_analytics_source_data_2": second,
        "hs_email_optout": thrown.choices(("true", None), weights=(4, 96))[0],
        "hubspot_owner_id": thrown.choice(("101", "102", None)),
    }


def _plan_progress(happenings: Happenings, crm: Crm, number: int, at: datetime, thrown: Random) -> None:
    """The contact goes on to lead, then marketing and sales qualify it, or not."""
    for name, chance in zip(_STAGES[1:4], _GOES_ON, strict=True):
        if thrown.random() > chance:
            break
        at += timedelta(hours=thrown.randrange(5, 150))
        happenings.plan(at, partial(_enter, crm, number, name, at=at))


def _enter(crm: Crm, number: int, name: str, *, at: datetime, status: str | None = None) -> None:
    changes = {"lifecyclestage": name, f"hs_lifecyclestage_{name}_date": instant_text(at)}
    crm.update("contacts", number, at=at, hs_lead_status=status, **changes)


def _plan_company(happenings: Happenings, crm: Crm, day: date) -> None:
    """A company every third day, for the first contact of that day; two of them were deleted later."""
    ordinal = day.toordinal()
    if ordinal % 3:
        return
    thrown = dice("company", ordinal)
    number = ordinal - _FIRST_ORDINAL
    at = happenings.moment(day, 600)

    def found() -> None:
        crm.create(
            "companies",
            at=at,
            record_id=number,
            name=f"میوه‌فروشی شمارهٔ {number}",
            domain=f"c{number}.example",
            industry=thrown.choice(("RETAIL", "FOOD_BEVERAGES", None)),
            country=thrown.choice(("Iran", "ایران", "IR")),
            lifecyclestage="lead",
        )
        crm.associations.add("contacts", contact_id(day, 0), "companies", number)

    happenings.plan(at, found)
    if ordinal % 60 == 30:
        later = at + timedelta(days=4)
        happenings.plan(later, partial(crm.archive, "companies", number, at=later))


def _plan_deal(happenings: Happenings, crm: Crm, day: date) -> None:
    """A deal every other day, with the first contact of that day, who becomes a customer once it is won."""
    ordinal = day.toordinal()
    if ordinal % 2:
        return
    thrown = dice("deal", ordinal)
    contact, number = contact_id(day, 0), 1000 + ordinal - _FIRST_ORDINAL
    kind = "wholesale" if ordinal % 6 == 0 else "default"
    at = happenings.moment(day, 660)
    for place, name in enumerate(_STAGES[1:5]):
        entered = at + timedelta(minutes=20 * (place - 3))
        happenings.plan(entered, partial(_enter, crm, contact, name, at=entered, status="IN_PROGRESS"))

    def begin() -> None:
        crm.create("deals", at=at, record_id=number, **_deal(kind, number, thrown, at))
        crm.associations.add("deals", number, "contacts", contact)
        if kind == "wholesale":
            crm.associations.add("deals", number, "contacts", contact, label=Label(36, "تصمیم‌گیرنده"))

    happenings.plan(at, begin)
    moved = at
    for name in _OPEN_STAGES[kind][1:]:
        moved += timedelta(hours=thrown.randrange(20, 120))
        happenings.plan(moved, partial(crm.update, "deals", number, at=moved, dealstage=name))
    closed = moved + timedelta(hours=thrown.randrange(20, 400))
    won = thrown.random() < 0.45
    happenings.plan(closed, partial(_close, crm, kind, number, contact, won=won, at=closed))
    if ordinal % 60 == 16:
        later = closed + timedelta(days=1)
        happenings.plan(later, partial(crm.archive, "deals", number, at=later))


def _deal(kind: str, number: int, thrown: Random, at: datetime) -> dict[str, Any]:
    amount = thrown.randrange(40, 400) * 1_000_000
    money: dict[str, Any] = {"amount": str(amount), "deal_currency_code": "IRR"}
    money["amount_in_home_currency"] = str(amount)
    if kind == "wholesale" and thrown.random() < 0.5:
        dollars = thrown.randrange(500, 9000)
        money = {
            "amount": f"{dollars}.50",
            "deal_currency_code": "USD",
            "amount_in_home_currency": str(round((dollars + 0.5) * _RIALS_PER_DOLLAR)),
        }
    elif thrown.random() < 0.1:
        money = {"amount": None}
    return {
        "dealname": f"سفارش پاییزهٔ {number}",
        "pipeline": kind,
        "dealstage": _OPEN_STAGES[kind][0],
        "closedate": instant_text(at + timedelta(days=30)),
        "hs_is_closed_won": "false",
        "hubspot_owner_id": thrown.choice(("101", "102")),
        **money,
    }


def _close(crm: Crm, kind: str, number: int, contact: int, *, won: bool, at: datetime) -> None:
    result = {"dealstage": _CLOSED_STAGES[kind][0 if won else 1], "hs_is_closed_won": str(won).lower()}
    crm.update("deals", number, at=at, closedate=instant_text(at), **result)
    if won:
        _enter(crm, contact, "customer", at=at, status="CONNECTED")


def _plan_feedback(happenings: Happenings, crm: Crm, day: date) -> None:
    """An answer to the NPS survey on two days of three, by the first contact of the day before."""
    ordinal = day.toordinal()
    if ordinal % 3 == 2:
        return
    thrown = dice("feedback", ordinal)
    number, at = 2000 + ordinal - _FIRST_ORDINAL, happenings.moment(day, 900 + thrown.randrange(300))
    score = thrown.choices(range(11), weights=(2, 1, 1, 2, 2, 4, 6, 12, 20, 25, 25))[0]
    mood = "PROMOTER" if score >= 9 else "PASSIVE" if score >= 7 else "DETRACTOR"
    contact = contact_id(day - timedelta(days=1), 0)

    def given() -> None:
        crm.create(
            "feedback_submissions",
            at=at,
            record_id=number,
            hs_survey_id="77",
            hs_survey_name="رضایت‌سنجی فصلی",
            hs_survey_type="NPS",
            hs_survey_channel=thrown.choice(("EMAIL", "WEB")),
            hs_value=str(score),
            hs_sentiment=mood,
            hs_content=thrown.choice(("عالی‌ست", "کمی گران بود", None)),
            hs_submission_timestamp=instant_text(at),
        )
        if crm.tables["contacts"].find(contact) is not None:
            crm.associations.add("feedback_submissions", number, "contacts", contact)

    happenings.plan(at, given)


def _pipelines() -> list[dict[str, Any]]:
    made = datetime(2025, 1, 1, 8, tzinfo=UTC)
    shop = [
        stage("contacted", "تماس گرفته‌شد", probability="0.2"),
        stage("proposal", "پیش‌فاکتور", probability="0.6"),
        stage("closedwon", "فروخته‌شد", probability="1.0", closed=True),
        stage("closedlost", "از دست‌رفت", probability="0.0", closed=True),
    ]
    wholesale = [
        stage("visit", "بازدید", probability="0.1"),
        stage("offer", "پیشنهاد قیمت", probability="0.4"),
        stage("contract", "پیش‌نویس قرارداد", probability="0.8"),
        stage("signed", "امضا‌شده", probability="1.0", closed=True),
        stage("given-up", "منصرف‌شده", probability="0.0", closed=True),
    ]
    return [
        pipeline("default", "فروش تکی", at=made, stages=shop),
        pipeline("wholesale", "عمده‌فروشی", at=made, stages=wholesale, order=1),
    ]
