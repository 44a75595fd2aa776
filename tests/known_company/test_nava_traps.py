"""The traps are really in the exports of ``nava``: a change of the dice must not take one away unseen."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import jdatetime

from tests.known_company.clock import RUNS
from tests.known_company.nava import (
    ads,
    answers,
    billing,
    costs,
    crm,
    email,
    lines,
    orders,
    rates,
    social,
    surveys,
    visits,
    web,
)
from tests.known_company.nava.exports import Drop, tehran_day
from tests.known_company.oracle import identity
from tests.known_company.oracle.crm import survivors
from tests.known_company.oracle.orders import is_fully_refunded

LEAP_DAYS = (date(2024, 2, 29), jdatetime.date(1403, 12, 30).togregorian())


def jalali_month(order_day: date) -> tuple[int, int]:
    """Jalali year and month."""
    day = jdatetime.date.fromgregorian(date=order_day)
    return day.year, day.month


def dropped(family: object) -> list[Drop]:
    """Files of all runs."""
    return [drop for run in range(len(RUNS)) for drop in family.drops(run)]  # type: ignore[attr-defined]


def test_orders_lie_on_both_sides_of_tehrans_midnight() -> None:
    known = orders.records()

    assert any(
        tehran_day(each.ordered_at) != each.ordered_at.astimezone(RUNS[0].tzinfo).date() for each in known
    )
    for clock in ((0, 0), (23, 59)):
        assert sum((each.ordered_at.hour, each.ordered_at.minute) == clock for each in known) > 10
    for leap_day in LEAP_DAYS:
        assert any(tehran_day(each.ordered_at) == leap_day for each in known)
    assert not any(tehran_day(each.ordered_at) == orders.CLOSED_ON for each in known)


def test_orders_come_back_in_later_months_and_in_full() -> None:
    back = [each for each in orders.records() if each.counts and each.refunded_at]

    assert any(
        jalali_month(tehran_day(each.refunded_at)) > jalali_month(tehran_day(each.ordered_at))
        for each in back
        if each.refunded_at
    )
    assert any(is_fully_refunded(each) for each in back)
    assert any(not is_fully_refunded(each) for each in back)
    assert any(2 in sale.changed_in for sale in orders.sales())


def test_orders_that_do_not_count_are_there() -> None:
    out = [sale for sale in orders.sales() if not sale.order.counts]

    assert {orders.CANCELLED} < {sale.status for sale in out}
    assert any(sale.is_test for sale in out)
    assert any((sale.order.email or "").endswith("@nava.example") for sale in out)
    assert any(sale.order.goods == 0 for sale in out)
    gifts = [each for each in orders.records() if each.counts and each.goods == each.discount]
    assert gifts
    assert any(sale.waits for sale in orders.sales())
    assert any(sale.late for sale in orders.sales())
    assert any(sale.wrong for sale in orders.sales())


def test_dollars_meet_a_day_without_a_rate() -> None:
    known = rates.rates()
    foreign = [each for each in orders.records() if each.currency == "USD" and each.counts]
    converted = [known.convert(each.goods, "USD", "IRR", tehran_day(each.ordered_at)) for each in foreign]

    assert None in converted
    assert len(converted) - converted.count(None) > 20
    assert known.convert(Decimal(1), "USD", "IRR", rates.CORRECTED) == rates.quotes()[rates.CORRECTED]


def test_files_are_dropped_twice_corrected_and_emptied_of_a_person() -> None:
    contents = [drop.content for drop in dropped(orders)]
    names = Counter(drop.name for drop in dropped(orders))

    assert max(Counter(contents).values()) == 2
    assert names["orders/1404-06.csv"] == 2
    for family, word in ((orders, "ERASED"), (crm, "ERASED")):
        with_word = [drop.name for drop in dropped(family) if drop.content and word.encode() in drop.content]
        assert len(with_word) == 1
        assert sum(drop.name == with_word[0] for drop in dropped(family)) == 2
    assert [drop.name for drop in dropped(costs)] == ["costs/fees.csv"] * 2


def test_people_have_several_names() -> None:
    known = orders.records()
    people = identity.customers(known, crm.records())
    by_name: dict[str | None, set[str | None]] = {}
    for order in known:
        own = people.name(order.source, order.customer_id, order.email)
        by_name.setdefault(people.of_order(order), set()).add(own)

    assert max(len(names) for customer, names in by_name.items() if customer) >= 3
    assert None in by_name
    offices = [each for each in known if (identity.address(each.email) or "").startswith("info@")]
    assert len({people.of_order(each) for each in offices}) > 5


def test_contacts_merge_in_chains_and_lie_at_the_edge_of_the_cohort() -> None:
    entries = crm.entries()
    merged = {each.contact.contact_id: each.contact.merged_into for each in entries}
    left = survivors(crm.records())

    def steps(contact_id: str) -> int:
        into = merged[contact_id]
        return 0 if into is None else 1 + steps(into)

    assert max(steps(each) for each in merged) >= 4
    assert all(merged[survivor] is None for survivor in left.values())
    assert any(each.archived_at for each in entries)
    assert any(each.merged_at and each.merged_at > RUNS[1] for each in entries)
    waits = Counter(
        (tehran_day(each.contact.converted_at) - tehran_day(each.contact.lead_at)).days
        for each in entries
        if each.contact.lead_at and each.contact.converted_at
    )
    assert all(waits[days] for days in (-1, 0, 89, 90, 91))


def test_ads_claim_the_same_sales_and_change_afterwards() -> None:
    google, meta = ads.google_days(), ads.meta_days()

    claimed = sum((each.conversions or Decimal(0) for each in (*google, *meta)), Decimal(0))
    assert claimed > len(orders.records())
    assert any(each.conversions != each.first[1] for each in google)
    assert any(each.conversions is None for each in google)
    assert any(each.cost != each.cost.quantize(Decimal("0.00001")) for each in google)
    assert sum(each.impressions for each in google if each.day == ads.SILENT) == 0
    assert not any(each.day == ads.MISSING for each in google)


def test_sends_tell_machine_opens_or_not() -> None:
    sends = email.records()

    assert {(each.human_opens is None, each.machine_only is None) for each in sends} == {
        (True, True),
        (False, False),
    }
    assert any(each.delivered is None for each in sends)
    assert any(each.delivered == 0 for each in sends)
    assert any(each.is_test for each in sends)


def test_followers_pause_fall_and_arrive() -> None:
    counts = social.followers()
    by_account = {
        platform: [c for c in counts if c.platform == platform] for platform in ("instagram", "linkedin")
    }
    instagram = by_account["instagram"]

    assert min(c.day for c in by_account["linkedin"]) == social.CONNECTED or min(
        c.day for c in by_account["linkedin"]
    ) - social.CONNECTED < timedelta(days=7)
    assert any(later.followers < earlier.followers - 500 for earlier, later in itertools.pairwise(instagram))
    assert max(later.day - earlier.day for earlier, later in itertools.pairwise(instagram)) > timedelta(
        days=8
    )
    readings = [c for c in social.captures() if c.post_id == "old"]
    assert readings[0].captured_at - readings[0].published_at > timedelta(days=300)
    by_post: dict[str, list[int]] = {}
    for capture in social.captures():
        by_post.setdefault(capture.post_id, []).append(capture.shares or 0)
    assert any(
        later < earlier for shares in by_post.values() for earlier, later in itertools.pairwise(shares)
    )


def test_surveys_hold_refused_blank_and_repeated_answers() -> None:
    given = surveys.answers()

    assert any(each.score == surveys.OUT_OF_RANGE for each in given)
    assert any(each.score is None for each in given)
    assert any(each.is_test for each in given)
    assert max(Counter((each.wave, each.person) for each in given if each.person and each.wave).values()) >= 3
    sizes = Counter(each.wave for each in given if each.wave)
    assert min(sizes.values()) < 30 < max(sizes.values())


def test_boxes_come_in_every_interval_with_gaps_and_returns() -> None:
    lists = billing.records()
    rows = [row for each in lists for row in each.rows]

    assert {(row.interval, row.interval_count) for row in rows} >= {
        ("year", 1),
        ("week", 1),
        ("month", 3),
        ("day", 30),
    }
    assert {row.status for row in rows} >= {"active", "trialing", "paused", "past_due"}
    assert any(row.amount == 0 for row in rows)
    assert {row.currency for row in rows} == {"IRR", "USD"}
    taken = [tehran_day(each.taken_at) for each in lists]
    assert not any(first <= day <= last for day in taken for first, last in billing.GAPS)
    present = [{row.subscriber for row in each.rows} for each in lists]
    seen: set[str] = set()
    gone: set[str] = set()
    returned: set[str] = set()
    for subscribers in present:
        returned |= subscribers & gone
        gone = (gone | seen) - subscribers
        seen |= subscribers
    assert returned


def test_traffic_has_days_without_file_and_a_day_without_visits() -> None:
    lines = web.records()

    assert not {line.day for line in lines} & set(web.MISSING)
    assert sum(line.sessions or 0 for line in lines if line.day == web.QUIET) == 0


def test_visits_lie_at_the_edge_of_the_window_and_share_orders() -> None:
    known = orders.records()
    touches_of = answers.touches_of(answers.everybody(), answers.campaigns())

    counted = [each for each in known if each.counts]
    assert max(len(touches_of(each)) for each in counted) >= 4
    starts = {(event.user, event.at) for event in visits.events()}
    edges = [
        (event.user, event.at - edge)
        for event in visits.events()
        if event.name == "purchase" and event.user
        for edge in (timedelta(days=30), timedelta(days=30, seconds=1))
    ]
    assert any(edge in starts for edge in edges[::2])
    assert any(edge in starts for edge in edges[1::2])
    assert any(event.name == "purchase" and event.user is None for event in visits.events())


def test_accounts_change_their_currency_and_unit() -> None:
    assert {ads.currency_on(each.day) for each in ads.google_days()} == {"USD", "EUR"}
    windows = [sorted(start for start, _ in drop.spans) for drop in dropped(ads) if "meta" in drop.name]
    assert any(days[0] < ads.RIAL_SINCE <= days[-1] for days in windows)


def test_lines_are_repeated_broken_older_and_late() -> None:
    monthly = next(drop for drop in dropped(orders) if drop.name == f"orders/{orders.BROKEN}.csv")
    text = (monthly.content or b"").decode().splitlines()
    assert text[1] in text[2:]
    assert sum("BROKEN" in line for line in text) == 1
    assert any(orders.NEW_COLUMN.encode() in (drop.content or b"") for drop in dropped(orders))
    versions = Counter(line.split(",")[0] for line in (crm.drops(1)[1].content or b"").decode().splitlines())
    assert max(versions.values()) == 2
    assert [drop.name for drop in dropped(web) if web.LATE in {start for start, _ in drop.spans}] == [
        "ravand/late-1.csv"
    ]


def test_wholesale_comes_back_under_its_own_number_and_under_others() -> None:
    known = lines.lines()
    numbers = {line.number for line in known}
    returned = {line.number for line in known if line.quantity < 0}

    assert any(number.startswith("C") for number in returned)
    assert any(number.startswith("B") for number in numbers)
    assert {order.given_back for order in lines.records() if order.order_id in returned} == {True, False}
    assert any(
        jalali_month(tehran_day(line.at))
        > jalali_month(min(tehran_day(each.at) for each in known if each.number == line.number))
        for line in known
        if line.quantity < 0
    )
    assert any(line.price == 0 for line in known)
    accounts = {line.account for line in known} & {each.customer_id for each in orders.records()}
    assert len(accounts) > 20
