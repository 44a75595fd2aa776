"""One customer over orders, CRM and billing, and who is credited for what; see ``identity_story`` for the people."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.integration import identity_story
from tests.integration.warehouse import Workspace, differing_tables

pytestmark = pytest.mark.slow

MARCH = "period_start = '2026-03-01'"
ONE = Decimal(1)


@pytest.fixture(scope="module")
def first_month(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return identity_story.build(tmp_path_factory.mktemp("story") / "workspace")


@pytest.fixture(scope="module")
def second_month(first_month: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    home = tmp_path_factory.mktemp("later") / "workspace"
    shutil.copytree(first_month.home, home)
    identity_story.write(home, identity_story.LATE_FILES)
    later = Workspace(home)
    later.run()
    return later


def _keys(workspace: Workspace) -> dict[str, str]:
    """Customer key by order id."""
    return dict(
        workspace.rows("select order_id, customer_key from marts.fct_orders where customer_key is not null")
    )


def _leads(workspace: Workspace) -> dict[date, str]:
    return dict(workspace.rows("select lead_date, customer_key from marts.fct_leads where brand_id = 'shop'"))


def test_one_person_is_one_customer_in_shop_till_crm_and_billing(first_month: Workspace) -> None:
    """Ann is 17 of site and till, an address in any spelling, contacts c1 and c2 and subscriber c2."""
    keys = _keys(first_month)
    ann = keys["o1"]
    assert keys["o2"] == keys["t1"] == ann
    assert (
        len({keys[order] for order in ("o1", "o3", "o4", "o5", "t2", "k1")}) == 6
    )  # k1 is another brand's 17
    assert _leads(first_month)[date(2026, 3, 1)] == ann
    assert first_month.rows(
        "select orders, order_value, lead_date, first_paying_date from marts.dim_customer "
        f"where customer_key = '{ann}'"
    ) == [(3, Decimal(117), date(2026, 3, 1), date(2026, 3, 31))]
    assert first_month.value("select contact_count from marts.fct_leads where lead_date = '2026-03-01'") == 2


def test_touches_and_credits_of_an_order(first_month: Workspace) -> None:
    """o1: the ad on the phone, the visit on which it was signed in, the e-mail on the laptop that bought."""
    rows = first_month.rows(
        "select attribution_rule, touch_number, channel_id, source_medium, campaign, credit, revenue "
        "from marts.fct_attributed_revenue where conversion_id = 'o1' order by attribution_rule, touch_number"
    )
    touches = {
        1: ("paid_search", "google / cpc", "Spring Sale"),
        2: ("direct", "(direct) / (none)", "(not set)"),
        3: ("email", "email / email", "Spring Sale"),
    }
    third, rest = Decimal("0.333333333333"), Decimal("0.333333333334")
    by_rule = {
        "first": (ONE, 0, 0),
        "last_non_direct": (0, 0, ONE),
        "linear": (third, third, rest),
        "position_based": (Decimal("0.4"), Decimal("0.2"), Decimal("0.4")),
    }
    money = {"linear": (Decimal("33.333333"), Decimal("33.333333"), Decimal("33.333334"))}
    assert rows == [
        (
            rule,
            number,
            *touches[number],
            credit,
            money.get(rule, tuple(100 * each for each in shares))[number - 1],
        )
        for rule, shares in by_rule.items()
        for number, credit in enumerate(shares, start=1)
    ]


def test_orders_without_visits_speak_for_themselves_and_refunds_follow_their_order(
    first_month: Workspace,
) -> None:
    rows = first_month.rows(
        "select conversion_id, entry_type, entry_date, touch_count, channel_id, campaign, credit, revenue "
        "from marts.fct_attributed_revenue where attribution_rule = 'first' and conversion_id in ('o3', 'o4', 'w1', "
        "'w2', 'w3') order by conversion_id, entry_date"
    )
    assert rows == [
        ("o3", "order", date(2026, 3, 12), 0, "unassigned", "(not set)", 1, 1),
        ("o4", "order", date(2026, 3, 13), 1, "paid_social", "Spring Sale", 1, 20),
        ("o4", "refund", date(2026, 3, 20), 1, "paid_social", "Spring Sale", 0, -5),
        ("w1", "won_deal", date(2026, 3, 15), 1, "paid_social", "Spring", 1, 1000),
        ("w2", "won_deal", date(2026, 3, 16), 1, "email", "(not set)", 1, 500),
        ("w3", "won_deal", date(2026, 3, 21), 0, "unassigned", "(not set)", 1, 5),
    ]


@pytest.mark.parametrize("grain", ["daily", "weekly", "monthly", "quarterly"])
def test_channels_and_campaigns_sum_to_the_whole(first_month: Workspace, grain: str) -> None:
    for segment_type in ("channel", "campaign"):
        assert (
            first_month.value(
                f"""
            with parts as (
                select kpi_id, period_start, sum(numerator) as numerator, sum(denominator) as denominator, count(*) as n
                from marts.fct_kpi_{grain}
                where brand_id = 'shop' and segment_type = '{segment_type}'
                    and kpi_id in ('purchases', 'revenue', 'aov', 'aov_paid')
                group by all
            )
            select count(*) from marts.fct_kpi_{grain} as whole inner join parts using (kpi_id, period_start)
            where whole.brand_id = 'shop' and whole.segment_type = 'overall' and whole.numerator <> 0
                and (whole.numerator <> parts.numerator or whole.denominator <> parts.denominator)
            """
            )
            == 0
        )
    assert (
        first_month.value(
            f"select count(distinct kpi_id) from marts.fct_kpi_{grain} where brand_id = 'shop' and segment_type = 'channel' "
            "and kpi_id in ('purchases', 'revenue', 'aov', 'aov_paid', 'marketing_roi', 'marketing_roi_revenue_basis', "
            "'cost_per_conversion', 'customer_acquisition_cost')"
        )
        == 8
    )


def test_kpis_by_channel_say_by_which_rule(first_month: Workspace) -> None:
    basis = dict(
        first_month.rows(
            "select distinct brand_id || ' ' || segment_type, basis from marts.fct_kpi_monthly "
            f"where kpi_id = 'customer_acquisition_cost' and {MARCH} order by 1"
        )
    )
    assert basis == {
        "b2b campaign": "first_order|last_non_direct_30d",
        "b2b channel": "first_order|last_non_direct_30d",
        "b2b overall": "first_order",
        "shop campaign": "first_order|linear_30d",
        "shop channel": "first_order|linear_30d",
        "shop overall": "first_order",
    }
    assert first_month.rows(
        "select segment_type, segment, basis from marts.fct_kpi_monthly where brand_id = 'plain' and "
        f"kpi_id = 'purchases' and {MARCH} order by 1"
    ) == [
        ("campaign", "(none)", "order_date"),
        ("country", "(none)", "order_date"),
        ("overall", "all", "order_date"),
    ]


def test_acquisition_cost_by_channel(first_month: Workspace) -> None:
    """Two leads became customers by their deals: one by LinkedIn, one by e-mail; a third is of no known contact."""
    rows = first_month.rows(
        "select segment, numerator, denominator, value, status from marts.fct_kpi_monthly where brand_id = 'b2b' and "
        f"kpi_id = 'customer_acquisition_cost' and segment_type = 'channel' and {MARCH} order by 1"
    )
    assert rows == [
        ("email", 0, 1, 0, "final"),
        ("paid_social", 90, 1, 90, "final"),
        ("sms", 10, None, None, "no_denominator"),
        ("unassigned", 0, 1, 0, "final"),
    ]


def test_campaign_is_one_in_visits_costs_and_orders(first_month: Workspace) -> None:
    assert first_month.rows(
        "select campaign, spelling_count, has_web_traffic, has_costs, has_orders, has_email, first_date "
        "from marts.dim_campaign where brand_id = 'shop'"
    ) == [("Spring Sale", 3, True, True, True, False, date(2026, 3, 1))]


def test_late_record_joins_two_customers_in_old_lines_too(
    first_month: Workspace, second_month: Workspace
) -> None:
    """o6 and o7 tell that the till's 99, the site's 55 and bob of the CRM are one."""
    before, after = _keys(first_month), _keys(second_month)
    assert len({before["t2"], before["o5"], _leads(first_month)[date(2026, 3, 3)]}) == 3
    bob = _leads(second_month)[date(2026, 3, 3)]
    assert {after[order] for order in ("t2", "o5", "o6", "o7")} == {bob}
    assert {order: after[order] for order in ("o1", "o3", "o4", "k1")} == {
        order: before[order] for order in ("o1", "o3", "o4", "k1")
    }
    assert second_month.rows(
        "select customer_key, record_key = customer_key from marts.fct_order_lines where order_id = 't2'"
    ) == [(bob, False)]
    assert second_month.rows(
        f"select orders, order_value from marts.dim_customer where customer_key = '{bob}'"
    ) == [(4, Decimal(99))]


def test_incremental_equals_full_refresh(second_month: Workspace, tmp_path: Path) -> None:
    afresh = Workspace(tmp_path / "workspace")
    shutil.copytree(second_month.home, afresh.home)
    afresh.run("--full-refresh")
    assert differing_tables(second_month.published, afresh.published) == {}
