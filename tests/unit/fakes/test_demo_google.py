"""The demo's data: the same for a day whenever it is built, provisional when young, as messy as real data."""

from __future__ import annotations

from datetime import date, timedelta

from tests.fakes.demo_brands import ACME, BRANDS, SIB
from tests.fakes.demo_google import demo_properties, demo_sites
from tests.fakes.ga4_data import EventFact, PageFact, SessionFact

LAST = date(2026, 11, 20)
KINDS = (SessionFact, PageFact, EventFact)


def test_a_day_is_the_same_whenever_it_is_built() -> None:
    today, tomorrow = (demo_properties(LAST + timedelta(days=later), days=8) for later in (0, 1))
    settled = {LAST - timedelta(days=age) for age in range(2, 7)}
    for brand in BRANDS:
        for kind in KINDS:
            days = [
                [fact for fact in built[brand.property_id].facts(kind) if fact.day in settled]
                for built in (today, tomorrow)
            ]
            assert days[0] == days[1] != []


def test_young_days_grow() -> None:
    sessions, impressions = [], []
    for later in (0, 1, 3):
        last = LAST + timedelta(days=later)
        facts = demo_properties(last, days=6)[SIB.property_id].facts(SessionFact)
        sessions.append(sum(fact.sessions for fact in facts if fact.day == LAST))
        found = demo_sites(last, days=6)[SIB.site].facts
        impressions.append(sum(fact.impressions for fact in found if fact.day == LAST))
    assert sessions == sorted(set(sessions))
    assert impressions == sorted(set(impressions))


def test_names_are_as_messy_as_real_ones() -> None:
    facts = demo_properties(LAST, days=30)[SIB.property_id].facts(SessionFact)
    assert {"(direct)", "(not set)", "(other)"} <= {fact.source for fact in facts}
    assert any("\u200c" in fact.campaign for fact in facts)
    found = demo_sites(LAST, days=5)
    assert any("\u200c" in fact.query for fact in found[SIB.site].facts)
    assert any(fact.is_anonymised for fact in found[ACME.site].facts)
    assert all(fact.page.isascii() for fact in found[SIB.site].facts)


def test_users_come_back_and_are_new_once() -> None:
    facts = demo_properties(LAST, days=30)[ACME.property_id].facts(SessionFact)
    per_day = [
        len(set().union(*(fact.users for fact in facts if fact.day == day)))
        for day in {fact.day for fact in facts}
    ]
    assert len(set().union(*(fact.users for fact in facts))) < sum(per_day)
    new = [user for fact in facts for user in fact.new_users]
    assert len(new) == len(set(new))
