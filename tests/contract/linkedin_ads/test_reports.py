"""What LinkedIn is known for: answers that are cut without a word, no access that looks empty, names elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from pydantic import ValidationError

from connectors.linkedin_ads.config import Config
from tests.contract.landed import Workbench, errors_of
from tests.contract.linkedin_ads.conftest import ACCOUNT, DAY, FIRST, NOON, delivery
from tests.fakes.linkedin_ads import ELEMENT_CAP, AdAccount, LinkedInAdsApi, campaign
from tests.fakes.server import Seen

_ROWS = "select count(*), count(distinct (date, campaign_id)) from raw.linkedin_ads__campaign_performance"


def _reports(api: LinkedInAdsApi, metric: str) -> Sequence[Seen]:
    asked = [seen for seen in api.seen if seen.path == "/rest/adAnalytics"]
    return [seen for seen in asked if metric in seen.query["fields"].split(",")]


def test_rows_land_exactly_as_linkedin_writes_them(
    api: LinkedInAdsApi, account: AdAccount, bench: Workbench
) -> None:
    account.deliveries = [
        delivery(
            FIRST,
            7,
            clicks=3,
            cost="1234567.891234",
            externalWebsiteConversions=5,
            externalWebsitePostClickConversions=4,
            externalWebsitePostViewConversions=1,
            conversionValueInLocalCurrency="0.1",
        )
    ]
    bench.landed(NOON)
    told = "date, account_id, campaign_id, campaign_name, campaign_type, clicks, cost, currency_code, conversions"
    assert bench.rows(f"select {told} from raw.linkedin_ads__campaign_performance") == [
        (
            FIRST,
            "12345",
            "7",
            "پویش پاییزهٔ میوه‌ها",
            "SPONSORED_UPDATES",
            3,
            Decimal("1234567.891234"),
            "EUR",
            Decimal(5),
        )
    ]
    claimed = "conversion_goal, attribution_window, conversions, conversion_value"
    assert bench.rows(f"select {claimed} from raw.linkedin_ads__conversions order by all") == [
        ("externalWebsiteConversions", "post_click", Decimal(4), None),
        ("externalWebsiteConversions", "post_view", Decimal(1), None),
        ("externalWebsiteConversions", "total", Decimal(5), Decimal("0.1")),
        ("oneClickLeads", "total", Decimal(0), None),
    ]


def test_every_metric_is_asked_for_by_name(api: LinkedInAdsApi, bench: Workbench) -> None:
    bench.landed(NOON)
    (report,) = _reports(api, "costInLocalCurrency")
    assert report.query["fields"].split(",") == [
        "dateRange",
        "pivotValues",
        "impressions",
        "clicks",
        "costInLocalCurrency",
        "externalWebsiteConversions",
        "conversionValueInLocalCurrency",
    ]
    assert (report.headers["Linkedin-Version"], report.headers["X-Restli-Protocol-Version"]) == (
        "202610",
        "2.0.0",
    )


def test_a_cut_answer_is_asked_for_in_halves_until_it_is_whole(api: LinkedInAdsApi, bench: Workbench) -> None:
    api.element_cap = 3
    bench.landed(NOON, element_cap=3)
    assert bench.rows(_ROWS) == [(8, 8)]
    # Four days, two halves, four single days.
    assert len(_reports(api, "costInLocalCurrency")) == 7


def test_the_real_cut_loses_nothing(api: LinkedInAdsApi, account: AdAccount, bench: Workbench) -> None:
    api.checks_contract = False
    per_day = ELEMENT_CAP // 2
    account.campaigns = [campaign(number, f"C{number}", account_id=ACCOUNT) for number in range(per_day)]
    account.deliveries = [
        delivery(FIRST + DAY * day, number) for day in range(3) for number in range(per_day)
    ]
    bench.landed(NOON, conversions=[])
    assert bench.rows(_ROWS) == [(3 * per_day, 3 * per_day)]


def test_a_day_that_is_cut_is_refused(api: LinkedInAdsApi, bench: Workbench) -> None:
    api.element_cap = 2
    told = errors_of(bench.land(NOON, element_cap=2))["campaign_performance"]
    assert "LinkedIn gave 2 elements of one day, and cuts an answer at 2 without a word" in told
    assert "not proven to be whole" in told
    assert bench.rows(_ROWS) == [(0, 0)]


def test_no_access_is_told_though_the_report_is_empty(api: LinkedInAdsApi, bench: Workbench) -> None:
    bench.landed(NOON)
    api.unseen = {ACCOUNT}
    told = errors_of(bench.land(NOON + DAY))
    assert set(told) == {"campaign_performance", "conversions"}
    assert all("have no right to this" in said and "the ad account" in said for said in told.values())
    assert not bench.check(now=NOON).ok
    assert bench.rows(_ROWS) == [(8, 8)]


def test_access_that_goes_while_landing_is_told(api: LinkedInAdsApi, bench: Workbench) -> None:
    bench.source().check(now=NOON)
    api.on_request(4, lambda: api.unseen.add(ACCOUNT), matches=lambda _: True)
    told = errors_of(bench.land(NOON, window_days=1, parallel=1))
    assert "have no right to this" in told["campaign_performance"]
    # The day that was read while there was access is there, and no day passes for empty.
    assert bench.zone.manifest(bench.source().streams()[0], "crm").slices.keys() == {"2026-11-01"}


def test_an_account_without_delivery_is_empty_days(
    api: LinkedInAdsApi, account: AdAccount, bench: Workbench
) -> None:
    account.deliveries = []
    landed = bench.landed(NOON)
    assert landed["campaign_performance"].rows == 0
    assert len(bench.zone.manifest(bench.source().streams()[0], "crm").slices) == 4
    assert sum(seen.path == f"/rest/adAccounts/{ACCOUNT}" for seen in api.seen) >= 1


def test_a_campaign_that_the_list_lacks_has_no_name(
    api: LinkedInAdsApi, account: AdAccount, bench: Workbench
) -> None:
    account.deliveries.append(delivery(FIRST, 99))
    # A day of which no campaign is listed any more.
    account.deliveries = [each for each in account.deliveries if each.day != FIRST + DAY]
    account.deliveries.append(delivery(FIRST + DAY, 99))
    bench.landed(NOON, window_days=1, parallel=1)
    assert bench.rows(
        "select campaign_name, campaign_type from raw.linkedin_ads__campaign_performance "
        "where campaign_id in ('8', '99') and date = '2026-11-01' order by campaign_id"
    ) == [("Brand", None), (None, None)]
    # Its list is read once, not for each of its days.
    assert sum(seen.path.endswith("/adCampaigns") for seen in api.seen) == 1


def test_names_come_by_pages(api: LinkedInAdsApi, bench: Workbench) -> None:
    bench.landed(NOON, page_size=1, parallel=1)
    tokens = [seen.query.get("pageToken") for seen in api.seen if seen.path.endswith("/adCampaigns")]
    assert tokens == [None, "after-1"]
    names = bench.rows("select distinct campaign_name from raw.linkedin_ads__campaign_performance order by 1")
    assert names == [("Brand",), ("پویش پاییزهٔ میوه‌ها",)]


def test_a_renamed_campaign_has_its_new_name_on_days_that_are_read_again(
    account: AdAccount, bench: Workbench
) -> None:
    bench.landed(NOON)
    account.campaigns[1]["name"] = "Brand 2027"
    bench.landed(NOON + DAY)
    assert bench.rows(
        "select distinct campaign_name from raw.linkedin_ads__campaign_performance where campaign_id = '8'"
    ) == [("Brand 2027",)]


def test_days_are_utc_whatever_the_brand(bench: Workbench, api: LinkedInAdsApi) -> None:
    bench.landed(NOON.replace(hour=23))
    (report,) = _reports(api, "costInLocalCurrency")
    # In Tehran it is the 6th already.
    assert report.query["dateRange"] == ("(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:4))")


def test_a_day_that_is_restated_changes_alone(account: AdAccount, bench: Workbench) -> None:
    bench.landed(NOON)
    account.deliveries[2] = delivery(FIRST + DAY, 7, clicks=70, cost="9.99")
    landed = bench.landed(NOON + DAY)
    assert landed["campaign_performance"].changed_slices == 2
    assert bench.rows(
        "select distinct date from raw.linkedin_ads__campaign_performance where _load_id = 2"
    ) == [(FIRST + DAY,)]
    assert bench.rows(
        "select clicks, cost from raw.linkedin_ads__campaign_performance "
        "where date = '2026-11-02' and campaign_id = '7'"
    ) == [(70, Decimal("9.99"))]


def test_a_metric_that_vanished_is_told(account: AdAccount, api: LinkedInAdsApi, bench: Workbench) -> None:
    bench.landed(NOON)
    for each in account.deliveries:
        del each.metrics["oneClickLeads"]  # type: ignore[attr-defined]  # a dict, as made here
    told = errors_of(bench.land(NOON + DAY))
    assert list(told) == ["conversions"]
    assert "'oneClickLeads' is missing" in told["conversions"]
    assert "intact" in told["conversions"]


def test_only_what_is_configured_is_counted(bench: Workbench, account: AdAccount) -> None:
    account.deliveries = [delivery(FIRST, 7, oneClickLeads=2)]
    bench.landed(NOON, conversions=[{"metric": "oneClickLeads", "goal": "lead"}])
    assert bench.rows("select conversion_goal, conversions from raw.linkedin_ads__campaign_performance") == [
        ("lead", Decimal(2))
    ]
    assert bench.rows("select conversion_goal, conversions from raw.linkedin_ads__conversions") == [
        ("lead", Decimal(2))
    ]


def test_other_questions_are_asked_anew(bench: Workbench, api: LinkedInAdsApi) -> None:
    bench.landed(NOON)
    bench.landed(NOON + 60 * DAY)
    api.seen.clear()
    bench.landed(NOON + 60 * DAY, conversions=[{"metric": "oneClickLeads"}])
    first = min(seen.query["dateRange"] for seen in _reports(api, "oneClickLeads"))
    assert first.startswith("(start:(year:2026,month:11,day:1)")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"conversions": [{"metric": f"metric{number}"} for number in range(18)]}, "20 metrics at once"),
        ({"conversions": [{"metric": "a"}, {"metric": "b", "goal": "a"}]}, "same window twice"),
        ({"token_env": None}, "name either token_env"),
        ({"client_id_env": "ID"}, "name either token_env"),
        ({"token_env": None, "client_id_env": "ID"}, "name either token_env"),
        ({"api_version": "202613"}, "api_version"),
    ],
)
def test_keys_that_linkedin_would_refuse_are_refused_at_once(keys: dict[str, object], said: str) -> None:
    whole = {"connector": "linkedin_ads", "brand": "sib", "account_id": 1, "token_env": "T"}
    with pytest.raises(ValidationError, match=said):
        Config.model_validate(whole | keys)
