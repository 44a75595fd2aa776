"""Sessions, items of subscriptions, forms, search and deals of the oracle, on numbers that a person can reckon."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.known_company.clickstream import Event
from tests.known_company.oracle import channels, clickstream, deals, forms, identity, items, search
from tests.known_company.oracle.campaigns import Campaigns
from tests.known_company.oracle.feeds import Brand
from tests.known_company.oracle.items import ItemState, Tier
from tests.known_company.oracle.periods import Calendar
from tests.known_company.records import Contact, Deal

BRAND = Brand("b", "Europe/Berlin", "EUR", Calendar(), datetime(2026, 1, 5, 21, tzinfo=UTC))
NIGHT = datetime(2025, 10, 1, 21, 55, tzinfo=UTC)
"""Five minutes to midnight in Berlin."""


def event(minutes: float, name: str = "page_view", **more: object) -> Event:
    """An event so many minutes after NIGHT, of browser ``ada`` and session 7."""
    at = NIGHT + timedelta(minutes=minutes)
    day = date(2025, 10, 1) if minutes < 5 else date(2025, 10, 2)
    values = {"user": "ada", "session": 7, "place": 0, "device": "mobile"} | more
    return Event(day=day, at=at, name=name, **values)  # type: ignore[arg-type]


def test_a_session_over_midnight_is_one_and_views_count_where_they_happen() -> None:
    events = [
        event(0, engaged=False, named=("google", "cpc", "Sale")),
        event(10, engaged=True, milliseconds=1_500),
        event(11, user=None, session=None, device=None, milliseconds=500),
        event(12, own="debug", user="dev", session=1),
        event(1, user="bob", session=7),
    ]
    found = clickstream.traffic(BRAND, "s", events, [date(2025, 10, 1), date(2025, 10, 2)])
    first, second = date(2025, 10, 1), date(2025, 10, 2)
    overall = ("overall", "all")
    daily = {
        (measure, day): amount
        for (_, measure, day, segment), amount in found.daily.items()
        if segment == overall
    }
    assert (daily["sessions", first], daily["sessions", second]) == (2, 0)
    assert (daily["engaged_sessions", first], daily["page_views", first], daily["page_views", second]) == (
        1,
        2,
        2,
    )
    assert daily["engagement_seconds", second] == 2
    assert found.daily["s", "sessions", first, ("channel", "paid_search")] == 1
    assert found.daily["s", "sessions", first, ("channel", "direct")] == 1
    assert found.daily["s", "page_views", second, ("device", "(not set)")] == 1
    assert found.periodic["s", "active_users", "month", date(2025, 10, 1), overall].amount == 1


def test_a_person_signs_up_once_in_two_browsers() -> None:
    signs = [
        event(0, "sign_up", user_id="Ada@x.example"),
        event(10, "sign_up", user="phone", user_id="ada@x.example"),
        event(11, "sign_up", user=None, session=None),
        event(12, "sign_up", user=None, session=None),
    ]
    found = clickstream.sign_ups("s", signs, [date(2025, 10, 1)])
    assert list(found.daily.values()) == [1, 2]


@pytest.mark.parametrize(
    ("source", "medium", "click_id", "channel"),
    [
        (None, None, None, "direct"),
        ("Google", "CPC", None, "paid_search"),
        ("google", "organic", None, "organic_search"),
        (None, None, "gclid", "paid_search"),
        ("linkedin", "paid_social", None, "paid_social"),
        ("some-tool", "widget", None, "unassigned"),
        ("newsletter", "email", None, "email"),
    ],
)
def test_channels(source: str | None, medium: str | None, click_id: str | None, channel: str) -> None:
    assert channels.of_words(source, medium, click_id) == channel


def test_a_campaign_keeps_its_first_spelling() -> None:
    names = Campaigns()
    names.see("Autumn  Sale", date(2025, 10, 2), 9)
    names.see("autumn sale", date(2025, 10, 1))
    names.see("(not set)", date(2025, 1, 1))
    assert (names.shown("AUTUMN SALE"), names.shown("(not set)"), names.shown(" New ")) == (
        "autumn sale",
        "(not set)",
        "New",
    )


def state(**more: object) -> ItemState:
    """An item of 30 euros a month since 2025."""
    values = {"unit_amount": Decimal(30), "effective_at": datetime(2025, 1, 1, tzinfo=UTC)} | more
    return ItemState(item="i", subscription="s", subscriber="c", **values)  # type: ignore[arg-type]


def monthly(*states: ItemState, day: date = date(2025, 6, 1)) -> Decimal:
    """What everybody pays a month at the end of a day; states are items of one subscription."""
    histories = [[(date(2025, 1, 1), each)] for each in states]
    return sum(items.balances(BRAND, histories, day).values(), Decimal(0))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "30"),
        ({"interval": "year", "unit_amount": Decimal(100)}, "8.333333"),
        ({"interval": "week", "interval_count": 2}, "65"),
        ({"interval": "day", "unit_amount": Decimal(1)}, "30.416667"),
        ({"interval_count": 3}, "10"),
        ({"quantity": Decimal(7)}, "210"),
        ({"percent": Decimal("33.3"), "duration": "forever"}, "20.01"),
        ({"percent": Decimal(50), "duration": "once"}, "30"),
        ({"amount_off": Decimal(10), "duration": "forever"}, "20"),
        ({"amount_off": Decimal(99), "duration": "forever"}, "0"),
        ({"status": "trialing"}, "0"),
        ({"status": "past_due"}, "30"),
        ({"is_paused": True}, "0"),
        ({"is_metered": True}, "0"),
    ],
)
def test_what_an_item_is_worth_a_month(more: dict[str, object], expected: str) -> None:
    assert monthly(state(**more)) == Decimal(expected)


@pytest.mark.parametrize(("units", "graduated", "volume"), [(5, 50, 50), (6, 78, 68), (12, 116, 106)])
def test_tiers(units: int, graduated: int, volume: int) -> None:
    """Ten a unit up to five, eight up to ten with a fee of twenty, then eight without one."""
    tiers = (Tier(5, Decimal(10)), Tier(10, Decimal(8), Decimal(20)), Tier(None, Decimal(3), Decimal(0)))
    if units > 10:
        graduated, volume = 50 + 40 + 20 + 6, 36
    assert state(unit_amount=None, tiers=tiers, quantity=Decimal(units)).price == graduated
    assert state(unit_amount=None, tiers=tiers, quantity=Decimal(units), is_volume=True).price == volume


def test_an_amount_off_is_shared_by_the_items_of_a_subscription() -> None:
    shared = {"amount_off": Decimal(20), "duration": "forever"}
    assert monthly(state(**shared), state(unit_amount=Decimal(10), **shared)) == 20


def test_a_discount_and_a_cancelled_item_end_on_their_day() -> None:
    ends = datetime(2025, 6, 1, 22, tzinfo=UTC)
    halved = state(percent=Decimal(50), duration="repeating", discount_ends_at=ends)
    leaving = state(cancels_at_period_end=True, period_end=ends)
    assert [monthly(halved, day=date(2025, 6, day)) for day in (1, 2)] == [15, 30]
    assert [monthly(leaving, day=date(2025, 6, day)) for day in (1, 2)] == [30, 0]


def test_people_of_forms_are_unknown_where_one_form_lost_them() -> None:
    day = date(2025, 6, 1)
    found = forms.answers("s", [forms.FormPeople(day, "a", 20, 3), forms.FormPeople(day, "b", None, 2)])
    assert found.daily["s", "form_viewer_days", day, ("overall", "all")] is None
    assert found.daily["s", "form_submitter_days", day, ("overall", "all")] == 5
    assert found.daily["s", "form_viewer_days", day, ("form", "a")] == 20


@pytest.mark.parametrize(
    ("query", "is_brand"), [("ORIÖN login", True), ("orion nebula", False), ("اوريون", True), ("crm", False)]
)
def test_queries_that_name_the_brand(query: str, *, is_brand: bool) -> None:
    assert search.names_brand(query, ("orion", "اوریون"), ("orion nebula",)) is is_brand


def test_a_new_customer_is_shared_by_visit_and_lead() -> None:
    closed = datetime(2025, 10, 20, 12, tzinfo=UTC)
    contact = Contact(
        source="crm",
        contact_id="1",
        email="a@x.example",
        lead_at=datetime(2025, 1, 1, tzinfo=UTC),
        lead_source="PAID_SEARCH",
    )
    won = [
        Deal(source="crm", deal_id=str(number), contact_id="1", closed_at=closed + timedelta(days=number), amount=None,
             currency="EUR", is_won=True)
        for number in (2, 1)
    ]  # fmt: skip
    people = identity.customers((), [contact])
    wins = deals.first_wins(won, [contact], people)
    assert [deal.deal_id for deal in wins.values()] == ["1"]
    visit = event(0, user_id="A@X.example", named=("partner", "referral", None))
    early = event(-60 * 24 * 3, session=6)
    credits_of = deals.credits_by(
        "position_based", deals.touches_by(20, people, [contact], [visit, early], shown=str)
    )
    assert [(channel, share) for (_, channel), _, share in credits_of(won[1])] == [
        ("paid_search", Decimal("0.5")),
        ("referral", Decimal("0.5")),
    ]
