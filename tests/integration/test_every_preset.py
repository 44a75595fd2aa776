"""Every kind of export, dropped together into one workspace, gives the KPI values that follow from it by hand.

One run of the command line over the four small brands of ``every_preset``; the arithmetic stands beside each
expected value. The clock is 1 November 2026, so October (Gregorian) and Mehr 1405 (23 September to 22 October) are
the last full months.
"""

from __future__ import annotations

import pytest

from connectors.files.registry import FILE_PRESETS
from tests.integration.every_preset import SETTINGS, build
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The finished workspace."""
    home = tmp_path_factory.mktemp("every") / "workspace"
    return build(home)


def _month(
    every: Workspace, brand: str, start: str = "2026-10-01", segment_type: str = "overall"
) -> dict[str, float]:
    rows = every.rows(
        f"select kpi_id || case when segment = 'all' then '' else ' ' || segment end, value "
        f"from marts.fct_kpi_monthly where brand_id = '{brand}' and period_start = date '{start}' "
        f"and segment_type = '{segment_type}' and value is not null"
    )
    return dict(rows)


def test_every_preset_is_here() -> None:
    assert [word for word in FILE_PRESETS if f"connector: {word}" not in SETTINGS] == []


def test_values_of_a_brand_with_every_kind_of_source(every: Workspace) -> None:
    """Orders of October: 90 + 60 + 50 and 30 USD at 0.5; a refund of 20. Costs: 100 USD at 0.8, 40 EUR, 300 of tools."""
    cost = 80 + 40 + 300
    revenue = 90 + 60 + 50 + 15 - 20
    mrr_before = 100 + 1200 / 12 + 12 * 52 / 12
    mrr = 150 + 1200 / 12 + 12 * 365 / 12
    expected = {
        # orders_file, exchange_rates_file
        "purchases": 4,
        "revenue": revenue,
        "aov": (90 + 60 + 50 + 15) / 4,
        "aov_paid": (95 + 65 + 50 + 33 * 0.5) / 4,
        "customers": 3,
        "returning_customer_rate": 0,
        "repeat_purchase_rate": 1 / 3,
        "purchase_frequency": 4 / 3,
        "new_customer_repurchase_rate_90d": 1 / 3,
        # ga4_report_file: 100 + 100 sessions, 60 + 40 of them engaged, 5,000 seconds, 500 views
        "sessions": 200,
        "page_views": 500,
        "bounce_rate": 100 / 200,
        "avg_time_on_page": 5000 / 500,
        "avg_engagement_time_per_session": 5000 / 200,
        "signups": 7,
        # search_console_file: of 60 named impressions 40 name the brand
        "search_impressions": 100,
        "search_ctr": 3 / 100,
        "branded_search_volume": 40,
        "branded_search_share": 40 / 60,
        # google_ads_file, meta_ads_file, ad_events_file, costs_file
        "ad_impressions": 1000 + 1000 + 2,
        "ad_ctr": (50 + 30 + 1) / 2002,
        "roas": revenue / (80 + 40),
        "marketing_roi": (revenue * 0.5 - cost) / cost,
        "marketing_roi_revenue_basis": (revenue - cost) / cost,
        "cost_per_conversion": cost / 4,
        "customer_acquisition_cost": cost / 3,
        # email_campaigns_file
        "email_open_rate": 300 / 1000,
        "email_click_rate": 80 / 1000,
        "email_click_to_open_rate": 80 / 300,
        "email_unsubscribe_rate": 5 / 1000,
        # survey_file: 20 promoters and 10 detractors of 40
        "nps": 25,
        # form_days_file: people of 3 form-days
        "form_conversion_rate": (10 + 5 + 9) / (100 + 20 + 30),
        # subscription_snapshots_file: a grows by 50, c leaves, d is new
        "mrr": mrr,
        "arr": 12 * mrr,
        "net_revenue_retention": (150 + 100) / mrr_before,
        "gross_revenue_retention": (100 + 100) / mrr_before,
        "subscription_retention_rate": 2 / 3,
        "customer_churn_rate": 1 / 3,
        # crm_contacts_file: 2 merges into 1, 4 is a test, 5 is staff
        "leads": 2,
        "qualified_leads": 1,
        "lead_conversion_rate": 1 / 2,
        "lead_conversion_rate_flow": 1 / 2,
        "session_to_lead_rate": 2 / 200,
        "cost_per_lead": cost / 2,
        # social_followers_file, social_posts_file
        "social_followers": 130,
        "net_new_followers": 130 - 100,
        "social_engagement_rate": (50 + 10 + 5 + 5) / 1000,
        "social_likes": 50,
        "content_shares": 5,
    }
    assert _month(every, "acme") == pytest.approx(expected, rel=1e-12)


def test_platforms_claim_conversions_each_for_itself(every: Workspace) -> None:
    """Google: 80 EUR for 4; Meta: 40 EUR for 5; never a sum of the two."""
    claimed = _month(every, "acme", segment_type="platform")
    assert claimed["platform_cost_per_conversion google_ads"] == pytest.approx(80 / 4)
    assert claimed["platform_cost_per_conversion meta_ads"] == pytest.approx(40 / 5)
    assert "platform_cost_per_conversion" not in _month(every, "acme")


def test_devices_of_some_days_sum_to_the_total_of_the_month(every: Workspace) -> None:
    """1 October: 70 + 35 - 5 = 100; 2 October has no devices, so its 100 are unreconciled: 100 - 5 = 95."""
    devices = _month(every, "acme", segment_type="device")
    assert {key: value for key, value in devices.items() if key.startswith("sessions")} == {
        "sessions mobile": 70,
        "sessions desktop": 35,
        "sessions (unreconciled)": 95,
    }


def test_forms_have_a_rate_each(every: Workspace) -> None:
    assert _month(every, "acme", segment_type="form") == pytest.approx(
        {"form_conversion_rate Contact": 19 / 130, "form_conversion_rate Newsletter": 5 / 20}
    )


def test_order_lines_leave_postage_out_of_the_order_value_and_in_the_amount_paid(every: Workspace) -> None:
    """Orders of 20 and 30, and 5 of postage."""
    values = _month(every, "corner")
    assert (values["revenue"], values["aov"], values["aov_paid"]) == (50, 25, (20 + 5 + 30) / 2)


def test_new_customers_come_from_won_deals_where_there_is_no_shop(every: Workspace) -> None:
    """Contact 7 wins twice and counts once; 8 and 9 are one person after the merge: 600 of costs for 2 customers."""
    values = _month(every, "b2b")
    assert values["customer_acquisition_cost"] == pytest.approx(600 / 2)
    assert (values["leads"], values["cost_per_lead"]) == (1, 600)


def test_persian_files_in_jalali_months_and_toman(every: Workspace) -> None:
    """12,500.5 toman are 125,005 rials; 1 Aban is 23 October and belongs to the next month.

    Recurring: 2 x 1,000 toman a month before Mehr, then (10 x 1,200 + 5 x 600) toman a year beside it.
    """
    mehr = _month(every, "sib", "2026-09-23")
    aban = _month(every, "sib", "2026-10-23")
    assert mehr == pytest.approx(
        {
            "sessions": 1000,
            "page_views": 3000,
            "revenue": 125_005,
            "aov": 125_005,
            "aov_paid": 125_005,
            "purchases": 1,
            "customers": 1,
            "new_customer_repurchase_rate_90d": 1,
            "purchase_frequency": 1,
            "repeat_purchase_rate": 0,
            "returning_customer_rate": 0,
            "social_followers": 560,
            "net_new_followers": 60,
            "social_likes": 100,
            "content_shares": 10,
            "social_engagement_rate": (100 + 20 + 10 + 10) / 2000,
            "mrr": 20_000 + 150_000 / 12,
            "arr": 12 * 20_000 + 150_000,
            "net_revenue_retention": 1,
            "gross_revenue_retention": 1,
            "subscription_retention_rate": 1,
            "customer_churn_rate": 0,
        }
    )
    assert (aban["sessions"], aban["revenue"], aban["customer_retention_rate"]) == (50, 200_000, 1)


def test_persian_weeks_start_on_saturday_and_quarters_on_the_first_of_mehr(every: Workspace) -> None:
    """15 Mehr is Wednesday 7 October 2026, in the week of Saturday 3 October and the quarter of 23 September."""
    sessions = "where brand_id = 'sib' and kpi_id = 'sessions' and segment_type = 'overall' and value = {}"
    assert every.rows(
        f"select period_start::varchar, period_end::varchar from marts.fct_kpi_weekly {sessions.format(1000)}"
    ) == [("2026-10-03", "2026-10-10")]
    assert every.rows(
        f"select period_start::varchar, calendar from marts.fct_kpi_quarterly {sessions.format(1050)}"
    ) == [("2026-09-23", "jalali")]


def test_every_kpi_row_keeps_the_contract(every: Workspace) -> None:
    """The spine has no gap, values follow from their parts, and nothing is infinite or unknown but final."""
    for grain in ("daily", "weekly", "monthly", "quarterly"):
        rows = f"marts.fct_kpi_{grain} f join marts.dim_kpi k using (kpi_id)"
        assert (
            every.value(
                f"select count(*) from {rows} where value is distinct from case "
                "when denominator_measure is null then scale * numerator::double "
                "when denominator <> 0 then scale * (numerator::double / denominator::double) end "
                "or not isfinite(coalesce(value, 0)) or not isfinite(coalesce(change_rate, 0)) "
                "or value is null and status not in ('not_loaded', 'stale', 'no_denominator') "
                "or value is not null and status in ('not_loaded', 'no_denominator')"
            )
            == 0
        )
        assert (
            every.value(
                "select count(*) from (select period_end, lead(period_start) over (partition by brand_id, kpi_id "
                f"order by period_start) as next_start from marts.fct_kpi_{grain} where segment_type = 'overall') "
                "where next_start <> period_end"
            )
            == 0
        )
