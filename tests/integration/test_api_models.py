"""The streams of the APIs count in KPIs like their file twins, from landing through the core to the facts.

Both brands of :mod:`tests.integration.api_twins` have the same facts; expected numbers are counted by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration.api_twins import build_twins

pytestmark = pytest.mark.slow

KPI_COLUMNS = (
    "kpi_id, period_start, numerator, denominator, value, days_loaded, days_expected, sample_size, status"
)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file of both brands."""
    home: Path = tmp_path_factory.mktemp("twins")
    with duckdb.connect(str(build_twins(home)), read_only=True) as connection:
        yield connection


def _rows(twins: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return twins.execute(query).fetchall()


def _of(brand: str, grain: str) -> str:
    return (
        f"select {KPI_COLUMNS} from marts.fct_kpi_{grain} where brand_id = '{brand}' "
        "and segment_type = 'overall' and kpi_id in "
        f"(select kpi_id from marts.fct_kpi_{grain} where brand_id = 'by_file')"
    )


@pytest.mark.parametrize("grain", ["daily", "weekly", "monthly", "quarterly"])
def test_every_kpi_of_the_files_is_the_same_by_api(twins: duckdb.DuckDBPyConnection, grain: str) -> None:
    api, file = _of("by_api", grain), _of("by_file", grain)
    assert _rows(twins, f"({api}) except all ({file})") == []
    assert _rows(twins, f"({file}) except all ({api})") == []
    assert len(_rows(twins, f"select distinct kpi_id from ({api})")) == 17


def test_values_are_those_counted_by_hand(twins: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(twins, f"select kpi_id, month(period_start), value from ({_of('by_api', 'monthly')})")
    values = {(kpi, month): value for kpi, month, value in rows}
    assert [values["leads", month] for month in (9, 10, 11, 12)] == [4, 1, 0, None]
    assert [values["qualified_leads", month] for month in (9, 10, 11, 12)] == [2, 0, 0, None]
    assert values["lead_conversion_rate", 9] == 0.25
    assert values["customer_acquisition_cost", 9] == 10
    assert values["email_open_rate", 9] == pytest.approx(390 / 1180)
    # Of 36 answers in Hotjar two were replaced, of two in HubSpot one; the first of September is gone by December.
    assert values["nps", 9] == pytest.approx(100 * (17 - 10) / 35)
    assert values["nps", 11] == pytest.approx(100 * (16 - 10) / 34)


def test_month_without_a_new_customer_has_no_denominator(twins: duckdb.DuckDBPyConnection) -> None:
    assert _rows(
        twins,
        "select brand_id, denominator, status from marts.fct_kpi_monthly where period_start = '2026-10-01' "
        "and kpi_id = 'customer_acquisition_cost' and segment_type = 'overall' order by 1",
    ) == [("by_api", 0, "no_denominator"), ("by_file", 0, "no_denominator")]


def test_merged_leads_are_one_person_archived_ones_stay_and_erased_ones_are_gone(
    twins: duckdb.DuckDBPyConnection,
) -> None:
    assert _rows(
        twins,
        "select cast(lead_date as varchar), cast(converted_date as varchar), contact_count, is_archived "
        "from marts.fct_leads where brand_id = 'by_api' order by 1",
    ) == [
        ("2026-09-01", "2026-09-20", 2, False),
        ("2026-09-10", None, 1, False),
        ("2026-09-12", None, 1, True),
        ("2026-09-15", None, 1, False),
        ("2026-10-01", None, 1, False),
    ]


def test_won_deals_follow_the_stage_and_merged_ones_count_once(twins: duckdb.DuckDBPyConnection) -> None:
    deals = "select cast(measure_date as varchar), measure, amount from intermediate.int_measures_daily__crm"
    where = "measure like 'won%' and brand_id"
    assert _rows(twins, f"{deals} where {where} = 'by_api' order by 1, 2 desc") == [
        ("2026-09-20", "won_deals", 1),
        ("2026-09-20", "won_deal_value", 100),
        ("2026-10-02", "won_deals", 1),
        ("2026-10-02", "won_deal_value", 50),
    ]
    assert (
        _rows(twins, f"{deals} where {where} = 'by_api' except all {deals} where {where} = 'by_file'") == []
    )


def test_automated_email_is_a_row_a_day_and_a_deleted_test_stays_a_test(
    twins: duckdb.DuckDBPyConnection,
) -> None:
    assert _rows(
        twins,
        "select campaign_id, cast(send_date as varchar), sent_at is not null, is_test, sent "
        "from marts.fct_email_performance where brand_id = 'by_api' order by 1, 2",
    ) == [
        ("301", "2026-09-08", True, False, 1000),
        ("302", "2026-09-09", True, False, 200),
        ("302", "2026-10-01", False, False, 150),
        ("303", "2026-09-08", True, True, 20),
    ]


def test_forms_count_person_form_days_and_name_the_lead(twins: duckdb.DuckDBPyConnection) -> None:
    assert _rows(
        twins,
        "select s.is_test, s.counts_as_submission, l.lead_date is not null from marts.fct_form_submissions s "
        "left join marts.fct_leads l using (brand_id, customer_key) order by s.submitted_at, 1, 3",
    ) == [(False, True, False), (False, True, True), (True, False, False), (False, False, True)]
    assert _rows(
        twins,
        "select segment, amount from intermediate.int_kpi_measures_daily where measure = 'form_submitter_days' "
        "order by segment_type",
    ) == [("Contact us", 2), ("all", 2)]


def test_forms_without_views_have_no_conversion_rate(twins: duckdb.DuckDBPyConnection) -> None:
    assert _rows(twins, "select * from marts.fct_kpi_monthly where kpi_id = 'form_conversion_rate'") == []


def test_no_address_leaves_the_build_file(twins: duckdb.DuckDBPyConnection) -> None:
    assert (
        _rows(
            twins,
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts' "
            "and (column_name like '%hmac%' or column_name like '%email_%flags%')",
        )
        == []
    )


def test_split_of_google_counts_and_the_rest_is_anonymised(twins: duckdb.DuckDBPyConnection) -> None:
    assert _rows(
        twins,
        "select segment, is_branded, impressions from marts.fct_search_performance_daily "
        "where brand_id = 'by_api' and segment_type = 'brand' and search_date = '2026-09-01' order by 1",
    ) == [("(anonymised)", None, 50), ("brand", True, 30), ("non_brand", False, 20)]
    assert _rows(
        twins,
        "select segment, value from marts.fct_kpi_daily where brand_id = 'by_api' and kpi_id = "
        "'search_impressions' and segment_type = 'brand' and period_start = '2026-09-01' order by 1",
    ) == [("(anonymised)", 50), ("brand", 30), ("non_brand", 20)]


def test_users_are_those_of_the_period_and_0_where_it_was_asked_and_nobody_came(
    twins: duckdb.DuckDBPyConnection,
) -> None:
    query = (
        "select value, status from marts.fct_kpi_{} where kpi_id = 'active_users' "
        "and segment_type = 'overall' and period_start = '{}'"
    )
    assert _rows(twins, query.format("monthly", "2026-09-01")) == [(70, "final")]
    assert _rows(twins, query.format("weekly", "2026-09-07")) == [(0, "final")]
    assert _rows(twins, query.format("weekly", "2026-09-14")) == [(None, "not_loaded")]


def test_quality_reaches_reconciliation_and_freshness(twins: duckdb.DuckDBPyConnection) -> None:
    assert _rows(
        twins,
        "select stream, metric, source_total, warehouse_total, days_sampled, days_thresholded, days_incomplete "
        "from marts.fct_reconciliation where brand_id = 'by_api' and period_start = '2026-09-01' order by 1, 2",
    ) == [
        ("queries", "clicks of queries", 18, 8, None, None, None),
        ("totals", "rows", 1, 1, 0, 0, None),
        ("traffic", "rows", 2, 2, 2, 1, None),
        ("traffic", "sessions of traffic", 20, 18, 2, 1, None),
    ]
    assert _rows(
        twins,
        "select stream, quality_note from marts.fct_source_freshness where quality_note is not null",
    ) == [("traffic", "sampled 2 days, thresholded 1 day")]
