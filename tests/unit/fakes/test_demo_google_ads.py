"""The demo's ad accounts: the same for a day whenever it is built, but for what is told late."""

from __future__ import annotations

from datetime import date, timedelta

from tests.fakes.demo_google_ads import demo_accounts

LAST = date(2026, 11, 19)


def test_spend_of_a_day_is_the_same_whenever_it_is_built() -> None:
    today, later = (demo_accounts(LAST + timedelta(days=n), days=20 + n) for n in (0, 9))
    for one, other in zip(today[:2], later[:2], strict=True):
        settled = [
            [fact for fact in account.facts if LAST - timedelta(days=19) <= fact.day < LAST]
            for account in (one, other)
        ]
        assert settled[0] == settled[1] != []


def test_the_last_day_grows_and_claims_come_late() -> None:
    today, later = (demo_accounts(LAST + timedelta(days=n), days=100 + n)[0] for n in (0, 40))
    shown = [
        sum(fact.impressions for fact in account.facts if fact.day == LAST) for account in (today, later)
    ]
    assert shown[0] < shown[1]
    month_old = LAST - timedelta(days=30)
    for first, last in ((month_old, LAST), (LAST - timedelta(days=60), month_old - timedelta(days=1))):
        claimed = [
            sum(claim.conversions for claim in account.claims if first <= claim.day <= last)
            for account in (today, later)
        ]
        assert 0 < claimed[0] <= claimed[1]
    early = {claim.day for claim in today.claims}
    assert len([claim for claim in later.claims if claim.day <= LAST]) > len(today.claims)
    assert early <= {claim.day for claim in later.claims}


def test_accounts_differ_in_zone_and_currency() -> None:
    sib, acme, manager = demo_accounts(LAST, days=5)
    assert [(each.currency_code, each.time_zone) for each in (sib, acme)] == [
        ("IRR", "Asia/Tehran"),
        ("EUR", "Europe/Berlin"),
    ]
    assert manager.is_manager and manager.clients == (sib,)
    assert not sib.is_direct and acme.is_direct
