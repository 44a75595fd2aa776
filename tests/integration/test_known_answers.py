"""Every known answer of the eight real sets comes out of the published file.

The answers were published independently or recomputed with plain SQL from the original files; see
``examples/real/DATA_LICENSES.md`` for the sets. None of them is computed here by the project's own SQL.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar

import pytest

from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow

SHOP = "from marts.fct_order_lines where brand_id = 'uk_gift_shop'"


def _kpi(grain: str, brand: str, kpi: str, start: str, column: str = "value") -> str:
    return (
        f"select {column} from marts.fct_kpi_{grain} where brand_id = '{brand}' and kpi_id = '{kpi}' "
        f"and segment_type = 'overall' and period_start = date '{start}'"
    )


class TestOrders:
    def test_net_total_is_exact_to_the_digit(self, real: Workspace) -> None:
        assert real.value(f"select sum(line_amount) {SHOP}") == Decimal("9747747.934")

    def test_invoices_customers_and_lines_without_customer(self, real: Workspace) -> None:
        assert real.rows(
            f"select count(distinct order_id), count(distinct customer_key), count(*) filter (not has_customer) {SHOP}"
        ) == [(25900, 4372, 135080)]

    def test_cancellations_and_bad_debt(self, real: Workspace) -> None:
        assert real.rows(f"select count(distinct order_id), sum(line_amount) {SHOP} and is_cancellation") == [
            (3836, Decimal("-896812.49"))
        ]
        assert real.value(f"select count(*) {SHOP} and is_bad_debt") == 3

    def test_rule_customer_known_quantity_and_price_positive(self, real: Workspace) -> None:
        assert real.rows(
            f"select count(*), count(distinct order_id), count(distinct customer_key), sum(line_amount) "
            f"{SHOP} and counts_as_order"
        ) == [(397884, 18532, 4338, Decimal("8911407.904"))]

    def test_exact_duplicate_lines_are_kept_and_marked(self, real: Workspace) -> None:
        assert real.rows(
            f"select count(*) filter (is_exact_duplicate), "
            f"sum(line_amount) filter (counts_as_order and not is_exact_duplicate) {SHOP}"
        ) == [(5270, Decimal("8886657.044"))]

    def test_service_lines_can_be_left_out(self, real: Workspace) -> None:
        assert real.rows(
            f"select sum(line_amount) filter (is_service_line), sum(line_amount) filter (not is_service_line), "
            f"count(distinct order_id) filter (not is_service_line) {SHOP} and counts_as_order"
        ) == [(Decimal("150341.254"), Decimal("8761066.65"), 18402)]

    def test_average_order_value_from_kpi_parts(self, real: Workspace) -> None:
        ((numerator, denominator),) = real.rows(
            "select sum(numerator), sum(denominator) from marts.fct_kpi_monthly "
            "where brand_id = 'uk_gift_shop' and kpi_id = 'aov' and segment_type = 'overall'"
        )
        assert (numerator, denominator) == (Decimal("8911407.904"), 18532)
        assert round(numerator / denominator, 2) == Decimal("480.87")

    def test_active_customers_by_month(self, real: Workspace) -> None:
        assert [
            int(value)
            for (value,) in real.rows(
                "select value from marts.fct_kpi_monthly where brand_id = 'uk_gift_shop' and kpi_id = 'customers' "
                "and segment_type = 'overall' and days_loaded > 0 order by period_start"
            )
        ] == [885, 741, 758, 974, 856, 1056, 991, 949, 935, 1266, 1364, 1664, 615]

    def test_repeat_customers_over_the_whole_file(self, real: Workspace) -> None:
        assert (
            real.value(
                "select count(*) from (select customer_key from marts.fct_orders where brand_id = 'uk_gift_shop' "
                "and counts_as_order group by 1 having count(*) > 1)"
            )
            == 2845
        )

    def test_repeat_customers_over_the_trailing_year(self, real: Workspace) -> None:
        assert real.rows(
            _kpi("daily", "uk_gift_shop", "repeat_purchase_rate", "2011-12-09", "numerator, denominator")
        ) == [(2764, 4264)]

    def test_an_order_is_dated_by_its_earliest_line(self, real: Workspace) -> None:
        assert (
            real.value(
                "select count(*) from (select order_id from marts.fct_order_lines "
                "where brand_id = 'uk_gift_shop' group by 1 having count(distinct ordered_at) > 1)"
            )
            == 43
        )
        assert (
            real.value(
                "select count(*) from marts.fct_orders o join (select order_id, min(ordered_at) as first_at "
                "from marts.fct_order_lines group by 1) l using (order_id) where o.ordered_at <> l.first_at"
            )
            == 0
        )

    def test_december_2010_cohort_by_orders_and_by_activity(self, real: Workspace) -> None:
        cohort = (
            "with months as (select distinct customer_key, date_trunc('month', line_date) as month "
            "from marts.fct_order_lines where brand_id = 'uk_gift_shop' and {rule}), "
            "firsts as (select customer_key from months group by 1 having min(month) = date '2010-12-01') "
            "select count(*) from months join firsts using (customer_key) group by month order by month"
        )
        by_orders = [count for (count,) in real.rows(cohort.format(rule="counts_as_order"))]
        by_activity = [count for (count,) in real.rows(cohort.format(rule="has_customer"))]
        assert by_orders == [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235]
        assert by_activity == [948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260]


class TestWeb:
    SESSIONS: ClassVar = {"commerce": 303_043_179, "nasa": 76_607_712, "gsa": 74_925_907}

    @pytest.mark.parametrize("grain", ["daily", "weekly", "monthly", "quarterly"])
    def test_sessions_of_ninety_days_at_every_grain(self, real: Workspace, grain: str) -> None:
        assert {
            brand: int(total)
            for brand, total in real.rows(
                f"select brand_id, sum(numerator) from marts.fct_kpi_{grain} where kpi_id = 'sessions' "
                "and segment_type = 'overall' group by 1"
            )
        } == self.SESSIONS

    def test_sessions_equal_the_totals_of_the_api_answers(self, real: Workspace) -> None:
        rows = real.rows(
            "select brand_id, source_total, warehouse_total, coverage from marts.fct_reconciliation "
            "where stream = 'report_totals' and period_start = date '2023-10-07'"
        )
        assert {brand: int(total) for brand, total, _, _ in rows} == self.SESSIONS
        assert all(source == warehouse and coverage == 1 for _, source, warehouse, coverage in rows)

    def test_devices_that_do_not_sum_show_as_unreconciled(self, real: Workspace) -> None:
        query = (
            "select sum(sessions), count(*) from marts.fct_web_traffic_daily where brand_id = 'gsa' "
            "and segment_type = 'device' and segment {} '(unreconciled)'"
        )
        assert real.rows(query.format("<>"))[0][0] == 74_964_823
        assert real.rows(query.format("=")) == [(74_925_907 - 74_964_823, 90)]


class TestEmail:
    TOTALS = (
        "select sum(sent), sum(delivered), sum(unique_opens), sum(unique_clicks), sum(unsubscribes) "
        "from marts.fct_email_performance where brand_id = 'census'"
    )

    def test_counts_with_the_test_rule_off(self, real: Workspace) -> None:
        assert real.rows(self.TOTALS) == [(1_218_662, 1_181_846, 125_979, 26_135, 2_324)]

    def test_counts_with_the_test_rule_on(self, real: Workspace) -> None:
        ((_, delivered, opens, clicks, _),) = real.rows(f"{self.TOTALS} and not is_test")
        assert (delivered, opens, clicks) == (1_181_524, 125_875, 26_122)
        assert real.rows(f"{self.TOTALS.replace('sum(sent)', 'count(*)')} and is_test")[0][:2] == (7, 322)

    def test_rates_are_unique_over_delivered_without_tests(self, real: Workspace) -> None:
        assert real.rows(
            _kpi("monthly", "census", "email_click_rate", "2019-12-01", "numerator, denominator")
        ) == [(26_122, 1_181_524)]
        assert real.rows(
            _kpi("daily", "census", "email_open_rate", "2019-12-04", "numerator, denominator")
        ) == [(125_875, 1_181_524)]


class TestSurveys:
    def test_march_2020(self, real: Workspace) -> None:
        value = real.value(_kpi("monthly", "carpentries", "nps", "2020-03-01"))
        assert value == pytest.approx(100 * (93 - 9) / 134, rel=1e-12)
        assert real.rows(
            "select count(*) filter (score >= 9), count(*) filter (score in (7, 8)), count(*) filter (score <= 6), "
            "count(*) from marts.fct_survey_responses where brand_id = 'carpentries' and counts_as_answer "
            "and response_date >= date '2020-01-01'"
        ) == [(93, 32, 9, 134)]

    def test_2016_to_2018(self, real: Workspace) -> None:
        assert real.rows(
            "select count(*) filter (score >= 9), count(*) filter (score in (7, 8)), count(*) filter (score <= 6), "
            "count(*) from marts.fct_survey_responses where brand_id = 'carpentries' and counts_as_answer "
            "and response_date < date '2020-01-01'"
        ) == [(501, 317, 71, 889)]


class TestSubscriptions:
    MONTH_ENDS: ClassVar = {
        "2022-12-01": ("10994.00", 176),
        "2023-12-01": ("11206.00", 163),
        "2024-12-01": ("11030.87", 200),
        "2025-12-01": ("11366.92", 156),
        "2026-07-01": ("9531.12", 131),
    }

    @pytest.mark.parametrize("month", MONTH_ENDS)
    def test_month_end_mrr_and_payers(self, real: Workspace, month: str) -> None:
        ((mrr, payers),) = real.rows(
            f"select mrr, payers from marts.fct_subscriptions_monthly where brand_id = 'eslint' and month = '{month}'"
        )
        assert (str(round(mrr, 2)), payers) == self.MONTH_ENDS[month]
        assert real.value(_kpi("monthly", "eslint", "mrr", month, "numerator")) == mrr

    def test_december_2024_keeps_all_its_decimals(self, real: Workspace) -> None:
        assert real.value(_kpi("monthly", "eslint", "mrr", "2024-12-01", "numerator")) == Decimal(
            "11030.8659"
        )

    def test_movements_of_january_2025(self, real: Workspace) -> None:
        ((start, *movements, end),) = real.rows(
            "select mrr_start, mrr_new, mrr_expansion, mrr_reactivation, mrr_contraction, mrr_churn, mrr_fx, mrr_end "
            "from marts.fct_mrr_movements_monthly where brand_id = 'eslint' and month = date '2025-01-01'"
        )
        assert [str(round(amount, 2)) for amount in movements] == [
            "1365.83",
            "0.00",
            "10.00",
            "30.00",
            "1186.87",
            "0.00",
        ]
        new, expansion, reactivation, contraction, churn, fx = movements
        assert start + new + expansion + reactivation - contraction - churn + fx == end
        assert start == real.value(_kpi("monthly", "eslint", "mrr", "2024-12-01", "numerator"))
        assert end == real.value(_kpi("monthly", "eslint", "mrr", "2025-01-01", "numerator"))
        assert (str(round(start, 2)), str(round(end, 2))) == ("11030.87", "11189.83")

    def test_snapshot_holes_are_unknown_not_zero(self, real: Workspace) -> None:
        statuses = dict(
            real.rows(
                "select strftime(period_start, '%Y-%m'), status || coalesce(' ' || value::varchar, '') "
                "from marts.fct_kpi_monthly where brand_id = 'eslint' and kpi_id = 'mrr' "
                "and segment_type = 'overall' and period_start between '2021-03-01' and '2022-01-01'"
            )
        )
        holes = [f"2021-{month:02}" for month in range(4, 11)]
        assert {month: statuses[month] for month in holes} == dict.fromkeys(holes, "not_loaded")
        assert statuses["2021-03"] == "stale"  # the last snapshot is of the 12th
        assert statuses["2021-11"].startswith("final ")  # of the 24th: carried to the month's end
        assert statuses["2021-12"] == statuses["2022-01"] == "not_loaded"


class TestAds:
    def test_impressions_and_clicks_by_policy(self, real: Workspace) -> None:
        assert sorted(
            real.rows(
                "select campaign_name, sum(impressions), sum(clicks) from marts.fct_ad_performance_daily "
                "where brand_id = 'zozotown' group by 1"
            )
        ) == [("bts", 10_000, 42), ("random", 10_000, 38)]

    def test_click_through_rate_of_the_week(self, real: Workspace) -> None:
        assert real.rows(
            "select sum(numerator), sum(denominator) from marts.fct_kpi_weekly where brand_id = 'zozotown' "
            "and kpi_id = 'ad_ctr' and segment_type = 'overall'"
        ) == [(80, 20_000)]


def test_every_scorecard_shows_values(real: Workspace) -> None:
    """Each of the eight brands has scorecards of one to five KPIs, and each of those has an actual value."""
    rows = real.rows(
        "select brand_id, scorecard_id, count(*), count(actual), max(period_end) from marts.fct_scorecard "
        "where is_latest group by 1, 2"
    )
    assert len({brand for brand, *_ in rows}) == 8
    for brand, card, kpis, values, period_end in rows:
        assert 1 <= kpis <= 5, (brand, card)
        assert values == kpis, (brand, card)
        assert period_end <= dt.date(2026, 9, 1), (brand, card)
