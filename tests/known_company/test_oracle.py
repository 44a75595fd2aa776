"""The oracle itself, on numbers that a person can reckon: whoever judges others must not err alike."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.known_company.oracle import (
    ads,
    attribution,
    crm,
    email,
    identity,
    loyalty,
    orders,
    snapshots,
    social,
    surveys,
)
from tests.known_company.oracle.attribution import Touch
from tests.known_company.oracle.cells import OVERALL
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.money import Rates
from tests.known_company.oracle.periods import Calendar
from tests.known_company.records import (
    Answer,
    Contact,
    Cost,
    FollowerCount,
    Order,
    PostCapture,
    Send,
    Snapshot,
    SubscriptionRow,
    Utm,
)

BRAND = Brand("b", "Asia/Tehran", "IRR", Calendar("jalali", "saturday"), datetime(2026, 1, 5, 21, tzinfo=UTC))
ESFAND = date(2025, 2, 19)
"""1 Esfand 1403; the month has 30 days, 1403 being a leap year, and the next one begins on 21 March."""
FARVARDIN = date(2025, 3, 21)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def order(number: int, ordered_at: datetime, customer: str | None = "c", **other: object) -> Order:
    """An order of 100 rials."""
    values = {"goods": Decimal(100), "currency": "IRR"} | other
    return Order(source="s", order_id=str(number), ordered_at=ordered_at, customer_id=customer, **values)  # type: ignore[arg-type]


def monthly(answers: Answers, measure: str, start: date, source: str | None = None) -> Decimal | None:
    """Amount of a measure in a month."""
    return answers.periodic[source, measure, "month", start, OVERALL].amount


def test_leap_month_has_thirty_days_and_weeks_begin_on_saturday() -> None:
    month = BRAND.calendar.period("month", date(2025, 3, 20))
    week = BRAND.calendar.period("week", date(2025, 3, 20))

    assert (month.start, month.end) == (ESFAND, FARVARDIN)
    assert (week.start, week.end) == (date(2025, 3, 15), date(2025, 3, 22))
    assert BRAND.today == date(2026, 1, 6)


def test_order_after_midnight_in_tehran_is_of_the_next_day_and_refund_of_its_own() -> None:
    late = order(1, moment(date(2025, 3, 20), 20, 30), discount=Decimal(10), shipping=Decimal(7), refunded=Decimal(30),
                 refunded_at=moment(date(2025, 4, 2)))  # fmt: skip
    found = orders.answers(BRAND, [late, order(2, moment(FARVARDIN), counts=False)], Rates())

    assert found.daily["s", "order_value", FARVARDIN, OVERALL] == 90
    assert found.daily["s", "order_value", date(2025, 4, 2), OVERALL] == -30
    assert found.daily["s", "paid_value", FARVARDIN, OVERALL] == 97
    assert found.daily["s", "orders", FARVARDIN, OVERALL] == 1


def test_rate_is_carried_seven_days_and_no_further() -> None:
    rates = Rates({("USD", "IRR"): {date(2025, 5, 10): Decimal("600000.5")}})

    assert rates.convert(Decimal(2), "USD", "IRR", date(2025, 5, 17)) == Decimal(1_200_001)
    assert rates.convert(Decimal(2), "USD", "IRR", date(2025, 5, 18)) is None
    assert rates.convert(Decimal(0), "USD", "IRR", date(2025, 5, 18)) == 0


def test_buyers_are_retained_repeat_and_return() -> None:
    back = {"refunded": Decimal(100), "refunded_at": moment(date(2025, 4, 9))}
    told = [
        order(1, moment(date(2025, 3, 1)), "stays"),
        order(2, moment(date(2025, 4, 1)), "stays"),
        order(3, moment(date(2025, 3, 2)), "goes"),
        order(4, moment(date(2025, 4, 3)), "new"),
        order(5, moment(date(2025, 4, 3), 10), "new"),
        order(6, moment(date(2025, 4, 4)), "gives back", **back),
        order(7, moment(date(2025, 4, 5)), None),
    ]
    found = loyalty.answers(
        BRAND, told, lambda each: each.customer_id, first_day=date(2025, 2, 10), end_day=date(2025, 9, 1)
    )

    assert monthly(found, "buyers", FARVARDIN) == 3
    assert monthly(found, "previous_buyers", FARVARDIN) == 2
    assert monthly(found, "retained_buyers", FARVARDIN) == 1
    assert monthly(found, "returning_buyers", FARVARDIN) == 1
    assert monthly(found, "trailing_buyers", FARVARDIN) == 3
    assert monthly(found, "trailing_orders", FARVARDIN) == 5
    assert monthly(found, "trailing_repeat_buyers", FARVARDIN) == 2
    assert monthly(found, "new_cohort", ESFAND) == 2
    assert monthly(found, "new_cohort_repurchased_90d", ESFAND) == 1
    assert monthly(found, "new_cohort_repurchased_90d", FARVARDIN) == 0
    assert found.periodic[None, "trailing_buyers", "month", FARVARDIN, OVERALL].is_immature
    assert not found.periodic[None, "retained_buyers", "month", FARVARDIN, OVERALL].is_immature


def test_guest_and_merged_contact_are_the_customer_and_role_addresses_nobody() -> None:
    known = [
        order(1, moment(ESFAND), "a1", email="One@x.example"),
        order(2, moment(ESFAND), None, email=" one@X.example "),
        order(3, moment(ESFAND), "a2", email="info@x.example"),
        order(4, moment(ESFAND), "a3", email="info@x.example"),
        order(5, moment(ESFAND), "a4", email="two@x.example"),
    ]
    contacts = [
        Contact(source="crm", contact_id="1", email="one@x.example", merged_into="2"),
        Contact(source="crm", contact_id="2", email="two@x.example"),
    ]
    people = identity.customers(known, contacts)
    one, guest, office, other_office, two = (people.of_order(each) for each in known)

    assert one == guest == two
    assert len({one, office, other_office}) == 3


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("first", "1 0 0"),
        ("last_non_direct", "0 1 0"),
        ("linear", "0.333333333333 0.333333333333 0.333333333334"),
        ("position_based", "0.4 0.2 0.4"),
    ],
)
def test_shares_follow_the_rule_and_sum_to_one(rule: str, expected: str) -> None:
    touches = [
        Touch(moment(ESFAND, hour), str(hour), channel)
        for hour, channel in ((1, "email"), (2, "referral"), (3, "direct"))
    ]
    found = attribution.shares(rule, touches)

    assert found == [Decimal(each) for each in expected.split()]
    parts = attribution.split(Decimal("-0.000001"), found)
    assert sum((part for part in parts if part is not None), Decimal(0)) == Decimal("-0.000001")


def test_cost_is_spread_to_the_millionth() -> None:
    cost = Cost(source="s", first=ESFAND, last=date(2025, 2, 21), amount=Decimal(100), currency="IRR")

    assert [part for _, part in ads.spread(cost)] == [
        Decimal("33.333334"),
        Decimal("33.333333"),
        Decimal("33.333333"),
    ]


def test_unknown_machine_opens_leave_both_sides() -> None:
    def send(number: int, human: int | None, machine: int | None, *, is_test: bool = False) -> Send:
        return Send(
            source="s", send_id=str(number), day=ESFAND, campaign="a", delivered=100, unique_opens=40,
            human_opens=human, machine_only=machine, unique_clicks=9, unsubscribes=1, is_test=is_test,
        )  # fmt: skip

    found = email.answers([send(1, 30, 10), send(2, None, None), send(3, 1, 1, is_test=True)])

    assert found.daily["s", "email_unique_opens", ESFAND, OVERALL] == 80
    assert found.daily["s", "email_human_opens", ESFAND, OVERALL] == 30
    assert found.daily["s", "email_human_base", ESFAND, OVERALL] == 90
    assert found.daily["s", "email_human_clicks", ESFAND, OVERALL] == 9


def test_followers_are_carried_seven_days_and_new_accounts_do_not_jump() -> None:
    counts = [
        FollowerCount(source="s", day=date(2025, 2, 10), platform="x", account="old", followers=100),
        FollowerCount(source="s", day=date(2025, 3, 13), platform="x", account="old", followers=90),
        FollowerCount(source="s", day=date(2025, 3, 20), platform="y", account="new", followers=5000),
        FollowerCount(source="s", day=date(2025, 4, 20), platform="x", account="old", followers=95),
    ]
    found = social.followers(BRAND, counts)

    assert monthly(found, "followers", ESFAND, "s") == 5090
    assert monthly(found, "net_new_followers", ESFAND, "s") is None
    assert found.periodic["s", "net_new_followers", "month", date(2025, 1, 20), OVERALL].amount is None
    assert found.periodic["s", "followers", "day", date(2025, 2, 17), OVERALL].amount == 100
    assert found.periodic["s", "followers", "day", date(2025, 3, 14), ("platform", "x")].amount == 90
    assert found.periodic["s", "net_new_followers", "day", date(2025, 3, 20), ("platform", "y")].amount == 0


def test_shares_grow_on_the_day_they_are_seen_and_may_shrink() -> None:
    def reading(day: date, shares: int) -> PostCapture:
        return PostCapture(
            source="s", platform="x", account="a", post_id="p", published_at=moment(ESFAND), captured_at=moment(day),
            reach=50, likes=3, comments=None, shares=shares, saves=None,
        )  # fmt: skip

    found = social.posts(BRAND, [reading(date(2025, 3, 1), 7), reading(date(2025, 3, 5), 5)])

    assert found.daily["s", "social_shares", ESFAND, OVERALL] == 7
    assert found.daily["s", "social_shares", date(2025, 3, 5), OVERALL] == -2
    assert found.daily["s", "social_interactions", ESFAND, OVERALL] == 8


def test_person_counts_once_a_wave_with_the_latest_answer() -> None:
    def answer(day: date, person: str | None, score: int | None, wave: str | None = "w") -> Answer:
        return Answer(
            source="s", day=day, answered_at=moment(day), survey="nps", wave=wave, person=person, score=score
        )

    given = [
        answer(ESFAND, "a", 0),
        answer(date(2025, 3, 1), "a", 10),
        answer(date(2025, 3, 1), None, 6),
        answer(date(2025, 3, 1), None, 8),
        answer(date(2025, 3, 2), "b", None),
        answer(date(2025, 3, 3), "c", 9, None),
        answer(date(2025, 3, 25), "c", 2, None),
    ]
    found = surveys.answers(BRAND, given, [(ESFAND, date(2025, 3, 26))], source="s")

    assert monthly(found, "nps_responses", ESFAND, "s") == 4
    assert monthly(found, "nps_promoters_minus_detractors", ESFAND, "s") == 1
    assert monthly(found, "nps_promoters_minus_detractors", FARVARDIN, "s") == -1


def test_merged_contacts_are_one_lead_of_the_earliest_day() -> None:
    contacts = [
        Contact(source="s", contact_id="1", lead_at=moment(date(2025, 3, 1)), merged_into="2"),
        Contact(source="s", contact_id="2", lead_at=moment(date(2025, 3, 9)), merged_into="3"),
        Contact(source="s", contact_id="3", lead_at=None, converted_at=moment(date(2025, 5, 30))),
        Contact(source="s", contact_id="4", lead_at=moment(ESFAND), is_test=True),
        Contact(source="s", contact_id="5", lead_at=moment(ESFAND), converted_at=moment(date(2025, 5, 21)),
                lead_source="PAID_SEARCH"),
    ]  # fmt: skip
    found = crm.answers(BRAND, contacts)

    assert found.daily["s", "leads", date(2025, 3, 1), OVERALL] == 1
    assert found.daily["s", "lead_cohort_converted", date(2025, 3, 1), OVERALL] == 1
    assert found.daily["s", "lead_conversions", date(2025, 5, 30), OVERALL] == 1
    assert found.daily["s", "leads", ESFAND, OVERALL] == 1
    assert found.daily["s", "leads", ESFAND, ("channel", "paid_search")] == 1
    assert found.daily["s", "leads", date(2025, 3, 1), ("channel", "unassigned")] == 1
    assert ("s", "lead_cohort_converted", ESFAND, OVERALL) not in found.daily


def test_utm_words_tell_the_channel_before_the_lead_source() -> None:
    said = Contact(source="s", contact_id="1", utm=Utm(source="x"), lead_source="DIRECT_TRAFFIC")

    assert crm.origin(said, lambda utm: f"of {utm.source}") == "of x"
    assert crm.origin(said, None) == "direct"
    assert crm.origin(Contact(source="s", contact_id="2"), lambda _: "never") is None


def test_prices_of_any_interval_are_brought_to_a_month() -> None:
    def row(amount: int, interval: str, count: int = 1, status: str = "active") -> SubscriptionRow:
        return SubscriptionRow(
            subscriber=interval + status, status=status, quantity=Decimal(2), amount=Decimal(amount), currency="IRR",
            interval=interval, interval_count=count,
        )  # fmt: skip

    start = (
        row(120, "year"),
        row(12, "week"),
        row(12, "day"),
        row(30, "month", 3),
        row(5, "month", status="trialing"),
    )
    end = (row(240, "year"), row(6, "week"))
    days = (date(2025, 3, 20), date(2025, 4, 20))
    lists = [
        Snapshot(source="s", taken_at=moment(day), rows=rows)
        for day, rows in zip(days, (start, end), strict=True)
    ]
    found = snapshots.answers(BRAND, lists, Rates())

    assert [snapshots.monthly(each) for each in start[:4]] == [20, 104, 730, 20]
    assert monthly(found, "mrr", ESFAND, "s") == 874
    assert monthly(found, "mrr", FARVARDIN, "s") == 92
    assert monthly(found, "mrr_start", FARVARDIN, "s") == 874
    assert monthly(found, "mrr_retained_net", FARVARDIN, "s") == 92
    assert monthly(found, "mrr_retained_gross", FARVARDIN, "s") == 72
    assert monthly(found, "subscribers_retained", FARVARDIN, "s") == 2
