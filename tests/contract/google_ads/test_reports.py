"""Google Ads' reports: exact money, zeros, batches, levels, days of the account's zone, and restatement."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.google_ads.streams import CAMPAIGN_PERFORMANCE, CONVERSIONS
from tests.contract.desk import NOW
from tests.contract.google_ads.conftest import CUSTOMER, FIRST, LEAD, PMAX, PURCHASE, SEARCH, SECOND, AdsDesk
from tests.fakes.google_ads_data import AdFact, Campaign, Claim

_OWN = "exclude (_source, _brand, _slice, _file, _line, _is_deleted, _loaded_at, _load_id)"


def test_campaigns_land_exact_in_the_account_s_currency(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.land()
    assert desk.read(
        f"select * {_OWN} from raw.google_ads__campaign_performance order by date, campaign_id"
    ) == [
        (
            *(FIRST, CUSTOMER, "22", "نام‌تجاری", 1200, 40, "SEARCH", Decimal("12.340001"), "IRR"),
            *(Decimal("3.333333"), Decimal("150000.1"), None),
        ),
        (
            # No float holds this number of micros.
            *(FIRST, CUSTOMER, "33", "PMax", 10, 0, "PERFORMANCE_MAX", Decimal("9007199254.740993"), "IRR"),
            *(Decimal("0.5"), Decimal(7), None),
        ),
        (SECOND, CUSTOMER, "22", "نام‌تجاری", 3, 0, "SEARCH", Decimal(0), "IRR", Decimal(0), Decimal(0), None),
    ]


@pytest.mark.parametrize("omits_zeros", [True, False])
def test_a_metric_that_is_left_out_is_zero(make_desk: Any, omits_zeros: bool) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.api.omits_zeros = omits_zeros
    desk.land()
    row = "select clicks, cost, conversions, conversion_value from raw.google_ads__campaign_performance"
    assert desk.read(f"{row} where date = '{SECOND}'") == [(0, 0, 0, 0)]


def test_a_name_or_word_that_is_left_out_stays_unknown(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance", "ad_performance")
    desk.account.campaigns[SEARCH] = Campaign(name="Brand", type="")
    desk.account.ads.clear()
    desk.land()
    assert desk.read(
        "select distinct campaign_type from raw.google_ads__campaign_performance where campaign_id = '22'"
    ) == [(None,)]
    assert desk.read("select distinct ad_name from raw.google_ads__ad_performance") == [(None,)]


def test_levels_below_a_campaign_lack_what_has_none(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance", "ad_group_performance", "ad_performance")
    desk.land()
    assert desk.read(
        "select date, campaign_id, ad_group_id, ad_group_name, ad_group_type, cost, conversions "
        "from raw.google_ads__ad_group_performance order by date"
    ) == [
        (FIRST, "22", "5", "برند", "SEARCH_STANDARD", Decimal("12.340001"), Decimal("3.333333")),
        (SECOND, "22", "5", "برند", "SEARCH_STANDARD", 0, 0),
    ]
    assert desk.read(
        "select ad_group_id, ad_id, ad_name, ad_type, impressions from raw.google_ads__ad_performance order by date"
    ) == [
        ("5", "6", "آگهی ۱", "RESPONSIVE_SEARCH_AD", 1200),
        ("5", "6", "آگهی ۱", "RESPONSIVE_SEARCH_AD", 3),
    ]
    assert {"33"} == {
        campaign
        for (campaign,) in desk.read(
            "select campaign_id from raw.google_ads__campaign_performance where campaign_id not in "
            "(select campaign_id from raw.google_ads__ad_performance)"
        )
    }


def test_claims_are_told_by_action_and_never_beside_clicks(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("conversions", "conversion_actions")
    desk.land()
    assert desk.read(
        "select campaign_id, conversion_action, conversion_action_name, conversions, conversion_value, currency_code "
        "from raw.google_ads__conversions order by 1, 2"
    ) == [
        (str(SEARCH), str(PURCHASE), "خرید", Decimal("2.333333"), Decimal("150000.1"), "IRR"),
        (str(SEARCH), str(LEAD), "Lead", 1, 0, "IRR"),
        (str(PMAX), str(PURCHASE), "خرید", Decimal("0.5"), 7, "IRR"),
    ]
    assert desk.read(
        "select conversion_action, category, is_primary, click_window_days from raw.google_ads__conversion_actions "
        "order by 1"
    ) == [("71", "PURCHASE", True, 30), ("72", "SUBMIT_LEAD_FORM", False, 90)]
    assert all("metrics.clicks" not in query for query in desk.queries("campaign"))


def test_all_batches_of_an_answer_count(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.account.restate(
        FIRST, [AdFact(day=FIRST, campaign=number, impressions=1, clicks=1) for number in range(1, 24)]
    )
    desk.api.batch_rows = 5
    desk.land()
    assert desk.read(
        f"select count(*), sum(clicks) from raw.google_ads__campaign_performance where date = '{FIRST}'"
    ) == [(23, 23)]


@pytest.mark.parametrize("empty", ["array", "batch"])
def test_no_rows_are_an_answer_in_either_form(make_desk: Any, empty: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.account.facts, desk.account.claims = [], []
    desk.api.empty = empty
    desk.land()
    manifest = desk.zone.manifest(CAMPAIGN_PERFORMANCE, "shop")
    assert {entry.rows for entry in manifest.slices.values()} == {0}
    assert list(manifest.slices) == [str(FIRST + timedelta(days=n)) for n in range(8)]


def test_days_are_those_of_the_account_and_end_yesterday(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    # In Tehran it is the 11th already, at UTC and in Berlin still the 10th.
    late = datetime(2026, 11, 10, 21, tzinfo=UTC)
    desk.land(at=late)
    assert desk.queries("campaign")[-1].endswith("AND '2026-11-10'")
    desk.account.time_zone = "Europe/Berlin"
    desk.api.seen.clear()
    desk.land(at=late)
    assert desk.queries("campaign")[-1].endswith("AND '2026-11-09'")


def test_a_question_holds_a_few_days_and_a_window_replaces_its_days(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.land(days_per_request=3)
    ranges = [query.partition("BETWEEN ")[2] for query in desk.queries("campaign")]
    assert ranges == [
        "'2026-11-02' AND '2026-11-04'",
        "'2026-11-05' AND '2026-11-07'",
        "'2026-11-08' AND '2026-11-09'",
    ]


def test_claims_of_the_evening_of_day_30_and_of_conversions_of_day_90_are_seen_the_next_morning(
    make_desk: Any,
) -> None:
    desk: AdsDesk = make_desk("campaign_performance", "conversions")
    start, yesterday = date(2026, 7, 1), NOW.date() - timedelta(days=1)
    # Yesterday evening was the last at which days 90 and 30 before it could be claimed.
    days = [yesterday - timedelta(days=age) for age in (91, 90, 31, 30)]
    for day in days:
        desk.account.restate(
            day,
            [AdFact(day=day, campaign=SEARCH, impressions=10, clicks=1)],
            [Claim(day=day, campaign=SEARCH, action=PURCHASE)],
        )
    desk.land(start=start)
    for day in days:
        desk.account.restate(
            day,
            [AdFact(day=day, campaign=SEARCH, impressions=20, clicks=2)],
            [Claim(day=day, campaign=SEARCH, action=PURCHASE, conversions=Decimal(2))],
        )
    desk.api.seen.clear()
    landed = desk.land(at=NOW + timedelta(hours=1), start=start)
    assert landed[CAMPAIGN_PERFORMANCE.id].changed_slices == 1
    assert landed[CONVERSIONS.id].changed_slices == 3
    count = "select count(*) from raw.google_ads__"
    assert desk.read(f"{count}campaign_performance where clicks = 2") == [(1,)]
    assert desk.read(f"{count}conversions where conversions = 2") == [(3,)]
    first_asked = {
        by_action: min(
            query.partition("BETWEEN '")[2][:10]
            for query in desk.queries("campaign")
            if ("conversion_action" in query) == by_action
        )
        for by_action in (False, True)
    }
    assert first_asked == {False: str(days[3]), True: str(days[1])}


def test_no_day_is_asked_that_google_has_forgotten(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.land(start=date(2019, 1, 1), days_per_request=31)
    oldest = min(query.partition("BETWEEN '")[2][:10] for query in desk.queries("campaign"))
    assert date.fromisoformat(oldest) == NOW.date() - timedelta(days=1120)


def test_another_account_is_asked_from_the_beginning(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance")
    desk.land()
    other = "5550001111"
    desk.api.accounts[other] = type(desk.account)(
        id=other,
        name="Acme",
        currency_code="EUR",
        time_zone="Europe/Berlin",
        campaigns={1: Campaign(name="Brand")},
        facts=[AdFact(day=FIRST, campaign=1, impressions=5, cost_micros=1)],
    )
    desk.land(customer_id=other)
    assert desk.read("select account_id, currency_code, cost from raw.google_ads__campaign_performance") == [
        (other, "EUR", Decimal("0.000001"))
    ]


def test_a_changed_name_keeps_a_day_s_numbers_once(make_desk: Any) -> None:
    desk: AdsDesk = make_desk("campaign_performance", "customers")
    desk.land()
    desk.account.campaigns[SEARCH] = Campaign(name="Renamed")
    desk.account.name = "Apple shop"
    desk.land(at=NOW + timedelta(hours=1))
    assert desk.read(
        "select campaign_name, sum(clicks) from raw.google_ads__campaign_performance where campaign_id = '22' group by 1"
    ) == [("Renamed", 40)]
    assert desk.read("select name, time_zone from raw.google_ads__customers order by _load_id") == [
        ("فروشگاه سیب", "Asia/Tehran"),
        ("Apple shop", "Asia/Tehran"),
    ]
