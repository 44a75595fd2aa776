"""The comparison with MetricFlow: which cells count, which granularity is a brand's, and what passes for equal."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.semantic.compare import Cell, Cut, Outcome, Plan, _compare, granularities, published, table
from tests.semantic.spoil import SPOILS, spoiled

BRANDS = """
    create table marts.dim_brand as select * from (values
        ('monday', 'gregorian', 'monday', 1), ('april', 'gregorian', 'monday', 4),
        ('february', 'gregorian', 'sunday', 2), ('tehran', 'jalali', 'saturday', 1), ('friday', 'gregorian', 'friday', 1)
    ) as t(brand_id, calendar, week_start, fiscal_year_start)
"""
KPIS = """
    create table marts.dim_kpi as select * from (values
        ('leads', null, 1, null), ('cpl', 'leads', 1, 'blended'), ('arr', null, 12, null)
    ) as t(kpi_id, denominator_measure, scale, basis);
    create table marts.fct_kpi_monthly as select * replace (period_start::date as period_start, period_end::date as period_end,
        numerator::decimal(38, 6) as numerator, value::double as value) from (values
        ('monday', 'leads', '2026-01-01', '2026-02-01', 'overall', 'all', null, 5, 5, 31, 31),
        ('monday', 'arr', '2026-01-01', '2026-02-01', 'overall', 'all', null, 5, 60, 31, 31),
        ('monday', 'cpl', '2026-01-01', '2026-02-01', 'overall', 'all', 'blended', 7, 1.4, 31, 31),
        ('monday', 'cpl', '2026-01-01', '2026-02-01', 'overall', 'all', 'blended|first_30d', 7, 1.4, 31, 31),
        ('monday', 'leads', '2026-02-01', '2026-03-01', 'overall', 'all', null, 5, 5, 27, 28),
        ('monday', 'leads', '2026-03-01', '2026-04-01', 'overall', 'all', null, 5, 5, 20, 20),
        ('monday', 'leads', '2026-04-01', '2026-05-01', 'overall', 'all', null, null, null, 30, 30),
        ('monday', 'leads', '2026-01-01', '2026-02-01', 'campaign', 'spring', null, 2, 2, 31, 31),
        ('tehran', 'leads', '2026-01-21', '2026-02-20', 'overall', 'all', null, 5, 5, 30, 30)
    ) as t(brand_id, kpi_id, period_start, period_end, segment_type, segment, basis, numerator, value, days_loaded, days_expected)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A published file with as much as the comparison reads."""
    path = tmp_path / "kpi.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create schema marts; {BRANDS}; {KPIS}")
    return path


def test_every_brand_is_asked_in_its_own_calendar(file: Path) -> None:
    assert granularities(file, "day") == {"day": ["monday", "april", "february", "tehran", "friday"]}
    assert granularities(file, "week") == {
        "week": ["monday", "april"],
        "sunday_week": ["february"],
        "saturday_week": ["tehran"],
    }
    assert granularities(file, "month")["jalali_month"] == ["tehran"]
    # A fiscal year from April has the quarters of the calendar; one from February has not.
    assert granularities(file, "quarter") == {
        "quarter": ["monday", "april", "friday"],
        "jalali_quarter": ["tehran"],
    }


def test_only_whole_periods_with_a_value_count(file: Path) -> None:
    cut = Cut("overall", None, ["leads", "cpl", "arr"], ["month"])
    january = ("month", "monday", "2026-01-01", "overall", "all")
    assert published(file, "month", ["monday"], cut) == {
        Cell("leads", *january): Decimal(5),
        Cell("arr", *january): Decimal(60),
        Cell("cpl", *january): 1.4,
    }
    by_campaign = Cut("campaign", "campaign", ["leads"], ["month"])
    assert [cell.segment for cell in published(file, "month", ["monday"], by_campaign)] == ["spring"]


@pytest.mark.parametrize(
    ("expected", "said", "is_weighted", "verdict"),
    [
        (Decimal("5.000000"), "5", False, "identical"),
        (Decimal(0), None, False, "identical"),
        (Decimal(5), None, False, "differs"),
        (Decimal(5), "5.000001", False, "differs"),
        (0.1 + 0.2, "0.30000000000000004", False, "identical"),
        (0.1 + 0.2, "0.3", False, "differs"),
        (0.1 + 0.2, "0.3", True, "close"),
        (0.1 + 0.2, "0.30000000001", True, "differs"),
    ],
)
def test_equal_means_identical(
    expected: float | Decimal, said: str | None, is_weighted: bool, verdict: str
) -> None:
    outcome = Outcome()
    cell = Cell("leads", "month", "monday", "2026-01-01", "overall", "all")
    _compare(outcome, cell, expected, said, is_weighted=is_weighted)
    found = {
        "identical": outcome.identical.total(),
        "close": outcome.close.total(),
        "differs": outcome.differences,
    }
    assert found == {"identical": 0, "close": 0, "differs": 0} | {verdict: 1}
    assert outcome.compared == 1


def test_a_difference_shows_both_values() -> None:
    outcome = Outcome()
    cell = Cell("leads", "month", "monday", "2026-01-01", "overall", "all")
    _compare(outcome, cell, Decimal(5), "4", is_weighted=False)
    assert list(table(outcome))[1:] == [
        f"{'leads':34}{0:9}{0:9}{1:9}{0:9}{0:9}{1:8}",
        "monday leads month 2026-01-01 overall=all: published 5, MetricFlow 4",
    ]


def test_the_plan_keeps_what_is_never_added_to_platforms() -> None:
    plan = Plan.read()
    asked = {(cut.segment_type, kpi) for cut in plan.cuts for kpi in cut.metrics}
    assert ("overall", "platform_cost_per_conversion") not in asked
    assert ("platform", "platform_cost_per_conversion") in asked
    assert ("campaign", "cost_per_lead") in asked
    assert ("channel", "cost_per_lead") not in asked
    assert plan.weighted == {"marketing_roi"}


def test_a_spoiled_copy_has_one_other_number_and_the_file_none(file: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create table marts.fct_social_posts as select 7 as likes, date '2026-01-01' + i::int as published_date "
            "from range(3) as t(i)"
        )
        connection.execute("create table marts.fct_leads (lead_date date)")
    tables = ("fct_social_posts", "fct_leads")
    done = spoiled(file, tmp_path / "copy.duckdb", [spoil for spoil in SPOILS if spoil.table in tables])
    assert [spoil.kpi for spoil in done] == ["social_likes"]
    query = "select likes from marts.fct_social_posts order by published_date"
    with duckdb.connect(str(tmp_path / "copy.duckdb"), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [(7,), (8,), (7,)]
    with duckdb.connect(str(file), read_only=True) as connection:
        assert connection.execute(query).fetchall() == [(7,), (7,), (7,)]
