"""The traps are really in what Orion and Vela tell: a change of the dice must not take one away unseen."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

from tests.known_company.clickstream import exported, landed
from tests.known_company.clock import AS_OF, RUNS, START
from tests.known_company.oracle import clickstream
from tests.known_company.oracle.identity import address
from tests.known_company.oracle.periods import local_day
from tests.known_company.orion import answers, billing, files, forms, mails, searches, voices, web
from tests.known_company.orion.dice import yesterday
from tests.known_company.orion.people import crm
from tests.known_company.orion.site import SITE
from tests.known_company.vela.story import SITE as VELA

SHORT_AND_LONG = (date(2024, 3, 31), date(2024, 10, 27), date(2025, 3, 30), date(2025, 10, 26))
"""Days of 23 and of 25 hours in Berlin."""


def test_ga4_restates_young_days_takes_visits_back_and_changes_a_day_too_late() -> None:
    seen = [Counter(visit.day for visit in web.visits_at(run)) for run in range(len(RUNS))]

    for run in (0, 1):
        assert seen[run][yesterday(run)] < seen[run + 1][yesterday(run)]
    assert all(seen[0][day] > seen[1][day] for day in web.TAKEN_BACK)
    assert seen[2][web.RESTATED_TOO_LATE] == 2 * seen[1][web.RESTATED_TOO_LATE]
    assert seen[2][web.SILENT_DAY] == 0
    assert all(seen[2][day] for day in SHORT_AND_LONG[1:])


def test_people_come_in_many_months_so_that_users_must_not_be_summed() -> None:
    months: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for visit in web.landed_visits():
        months[visit.user].add((visit.day.year, visit.day.month))

    assert sum(len(of_one) > 12 for of_one in months.values()) > 30
    campaigns = {visit.campaign for visit in web.landed_visits()}
    assert len({name.lower() for name in campaigns}) < len(campaigns)


def test_queries_are_withheld_doubled_excluded_and_spelt_in_many_ways() -> None:
    told = list(searches.searches_at(1))

    assert {each.query.lower() for each in told} >= {"orion", "اوريون", "orion nebula"}
    assert any(each.is_rare for each in told) and any(each.is_second for each in told)
    assert max(each.day for each in told) == yesterday(1) - timedelta(days=1)


def test_contacts_are_merged_in_chains_archived_erased_and_of_staff() -> None:
    people = crm().people
    merged = [person for person in people.values() if person.merged_into is not None]
    between = [person for person in merged if person.merged_at and RUNS[0] < person.merged_at <= RUNS[1]]
    known = {contact.contact_id for contact in answers.contacts()}

    assert any(people[person.merged_into or 0].merged_into is not None for person in merged)
    assert len(between) > 2
    assert any(str(person.number) not in known for person in merged)
    assert any(str(person.number) in known for person in merged)
    assert sum(person.archived_at is not None for person in people.values()) > 10
    for end in ("erased_at", "archived_at"):
        ends = [getattr(person, end) for person in people.values()]
        assert any(at and RUNS[0] < at <= RUNS[1] for at in ends), end
    assert sum(person.is_test for person in people.values()) > 10
    assert any("lead" not in person.stages and "customer" in person.stages for person in people.values())
    shared = Counter(address(contact.email) for contact in answers.contacts() if contact.email)
    assert max(shared.values()) > 1


def test_leads_come_around_midnight_and_on_odd_days() -> None:
    leads = [contact.lead_at for contact in answers.contacts() if contact.lead_at]

    assert any(at.date() != local_day(at, "Europe/Berlin") for at in leads)
    days = {local_day(at, "Europe/Berlin") for at in leads}
    assert days >= {date(2024, 2, 29), *SHORT_AND_LONG}


def test_deals_lack_contacts_and_amounts_and_come_in_dollars() -> None:
    told = list(answers.deals())
    won = [deal for deal in told if deal.is_won]

    assert any(deal.contact_id is None for deal in won) and any(deal.amount is None for deal in won)
    assert any(deal.currency == "USD" for deal in won) and any(not deal.is_won for deal in told)
    assert max(Counter(deal.contact_id for deal in won if deal.contact_id).values()) > 1
    find = answers.touches_of_deals()
    assert Counter(len(find(deal)) for deal in won).keys() >= {0, 1, 2, 3}


def test_mails_are_tested_automated_and_still_growing() -> None:
    told = list(mails.mailings())

    assert any(each.is_test for each in told)
    assert max(Counter(each.email_id for each in told).values()) > 50
    assert any(each.reacted(each.opens, AS_OF) < each.opens for each in told)
    assert any(each.day != each.at.date() for each in told)


def test_answers_are_blank_persian_repeated_deleted_and_of_staff() -> None:
    told = list(voices.voices())

    assert any(each.score is None for each in told) and any(each.is_persian for each in told)
    assert any(each.is_test for each in told) and any(each.deleted_at for each in told)
    assert max(Counter(each.person for each in told).values()) > 1


def test_ads_miss_a_day_pause_and_claim_more_than_there_is() -> None:
    google, meta = list(files.google_rows()), list(files.meta_rows())

    assert files.MISSING_DAY not in {row.day for row in google}
    assert any(row.impressions == 0 for row in google) and any(row.cost == 0 for row in google)
    assert any(row.conversions is None for row in meta) and any(row.conversions == 0 for row in meta)
    rated = {day for day, _ in files.rates()}
    assert not any(files.NO_RATES[0] <= day <= files.NO_RATES[1] for day in rated)
    assert any(cost.amount < 0 for cost in files.cost_rows())


def test_forms_lose_viewers_and_a_day() -> None:
    told = list(forms.form_days())

    assert any(each.viewers is None for each in told) and any(each.viewers == 0 for each in told)
    assert forms.MISSING not in {each.day for each in told} and any(each.is_test for each in told)


def test_billing_has_every_kind_of_item() -> None:
    states, rows = billing.states(), list(billing.rows())

    assert {state.interval for state in states} == {"day", "week", "month", "year"}
    assert {state.status for state in states} >= {"active", "trialing", "past_due", "unpaid", "canceled"}
    assert {state.duration for state in states} >= {"once", "repeating", "forever"}
    for flag in ("is_paused", "is_metered", "is_deleted", "is_volume", "cancels_at_period_end", "tiers"):
        assert any(getattr(state, flag) for state in states), flag
    assert any(state.tiers and not state.is_volume for state in states)
    assert {state.currency for state in states} == {"EUR", "USD"}
    assert any(state.amount_off and state.amount_off > state.price for state in states)
    assert any(row.first_run > 0 for row in rows) and any(row.last_run < 2 for row in rows)
    begun = {local_day(state.effective_at, "Europe/Berlin") for state in states}
    assert begun >= {date(2024, 2, 29), *SHORT_AND_LONG}


def test_event_exports_have_the_traps_of_event_exports() -> None:
    for site in (SITE, VELA):
        events, loaded = landed(site)
        counted = clickstream.counted(events)
        sessions = clickstream.sessions(counted)
        days: dict[tuple[str, int], set[date]] = defaultdict(set)
        for event in counted:
            if event.user is not None and event.session is not None:
                days[event.user, event.session].add(event.day)
        assert sum(len(of_one) > 1 for of_one in days.values()) > 5
        assert max(Counter(number for _, number in sessions).values()) > 1
        assert {event.own for event in events} == {None, "debug", "internal"}
        assert any(event.copies > 1 for event in events) and any(event.user is None for event in events)
        assert any(event.is_intraday for event in events) and any(event.is_late for event in events)
        assert any(event.gclid for event in events)
        assert {session.channel for session in sessions.values()} >= {
            "direct",
            "paid_search",
            "unassigned",
            "email",
        }
        assert not site.missing & set(loaded)
        first, last = exported(site, 0), exported(site, 1)
        assert not site.late & first.keys() and site.late <= last.keys()
        assert all(len(first[day]) < len(last[day]) for day in site.rewritten)
    signed = Counter(event.user_id for event in landed(VELA)[0] if event.name == "sign_up" and event.user_id)
    assert max(signed.values()) > 1
    assert VELA.first > START
