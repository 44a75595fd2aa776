"""Acme's demo at LinkedIn and TikTok: a day is the same whichever is the last, and the parts of a claim are its total."""

from __future__ import annotations

from datetime import date, timedelta

from tests.fakes.demo_ads import demo_ad_account, demo_advertiser

LAST = date(2026, 11, 19)
_DAY = timedelta(days=1)


def test_a_new_day_changes_no_other() -> None:
    deliveries = demo_ad_account(LAST, days=40).deliveries
    later = demo_ad_account(LAST + _DAY, days=41).deliveries
    assert [each for each in later if each.day <= LAST] == deliveries
    assert {each.day for each in later} - {each.day for each in deliveries} == {LAST + _DAY}
    results = demo_advertiser(LAST, days=40).results
    later_results = demo_advertiser(LAST + _DAY, days=41).results
    assert [each for each in later_results if each.day <= LAST] == results
    assert {each.day for each in later_results} - {each.day for each in results} == {LAST + _DAY}


def test_clicks_and_views_are_the_total_of_a_claim() -> None:
    found = [each.metrics for each in demo_ad_account(LAST, days=120).deliveries]
    total, click, view = (
        sum(int(str(metrics[f"externalWebsite{name}Conversions"])) for metrics in found)
        for name in ("", "PostClick", "PostView")
    )
    assert total == click + view
    assert click > view > 0


def test_some_days_of_a_campaign_have_no_delivery() -> None:
    results = demo_advertiser(LAST, days=120).results
    campaigns = {each.campaign_id for each in results}
    assert 0.85 < len(results) / (120 * len(campaigns)) < 1
