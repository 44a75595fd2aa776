"""The tables of schema ``control`` in the build database: what a run tells the SQL.

They are written afresh at the start of every build (settings, run clock, lists of slices); models read them
through the dbt source ``control`` and never read files or environment variables. This module holds their
columns only.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import duckdb

CONTROL_TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        # One row: this run.
        "run": {
            "run_id": "VARCHAR",
            "load_id": "BIGINT",
            "as_of": "TIMESTAMP",  # the run's clock, UTC
            "built_at": "TIMESTAMP",  # UTC; equals as_of when the clock was fixed
            "built_through": "BIGINT",  # load id that the last successful build covered; 0 on full refresh
            "is_full_refresh": "BOOLEAN",
            "converted_stage": "VARCHAR",  # lifecycle stage that counts as converted
            "qualified_stage": "VARCHAR",
            "git_revision": "VARCHAR",
        },
        "brands": {
            "brand_id": "VARCHAR",
            "name": "VARCHAR",
            "name_fa": "VARCHAR",
            "timezone": "VARCHAR",
            "currency_code": "VARCHAR",
            "calendar": "VARCHAR",
            "week_start": "VARCHAR",
            "fiscal_year_start": "BIGINT",
            "calendar_key": "VARCHAR",  # joins calendar periods
            "gross_margin": "DECIMAL(9,6)",
            "as_of_date": "DATE",  # the run's clock as a day of the brand's zone
            "customer_salt": "VARCHAR",  # hex; customer_key = md5(salt || surviving id)
            "attribution_rule": "VARCHAR",  # first, last_non_direct, linear or position_based
            "attribution_window_days": "BIGINT",
        },
        "search_terms": {"brand_id": "VARCHAR", "term": "VARCHAR", "is_excluded": "BOOLEAN"},
        # One row per configured source.
        "sources": {
            "source_id": "VARCHAR",
            "brand_id": "VARCHAR",
            "connector": "VARCHAR",  # connector word of sanjeh.yml, e.g. orders_file
            "expect": "VARCHAR",  # daily, none or until
            "expect_until": "DATE",  # last expected day (inclusive) where expect = until
            "timezone": "VARCHAR",
            "currency_code": "VARCHAR",
            "customer_ids": "VARCHAR",  # namespace of its ids of customers: the source, or a shared name
        },
        # One row per source and stream it feeds.
        "source_streams": {
            "source_id": "VARCHAR",
            "brand_id": "VARCHAR",
            "connector": "VARCHAR",  # connector word of the stream, e.g. orders
            "stream": "VARCHAR",
            "kind": "VARCHAR",
            "usable_after_days": "BIGINT",
            "final_after_days": "BIGINT",
            "last_error": "VARCHAR",  # what the newest attempt said; null when it went well
            "last_success_at": "TIMESTAMP",
            "rejected_rows": "BIGINT",  # of the newest load
        },
        # One row per listed slice; what is not here does not exist.
        "slices": {
            "connector": "VARCHAR",
            "stream": "VARCHAR",
            "source_id": "VARCHAR",
            "brand_id": "VARCHAR",
            "slice": "VARCHAR",
            "window_start": "DATE",  # first source-local day the slice covers
            "window_end": "DATE",  # day after the last
            "row_count": "BIGINT",
            "content_hash": "VARCHAR",
            "load_id": "BIGINT",
            "loaded_at": "TIMESTAMP",
        },
        # The work list: slices with a load id above built_through, and those removed since.
        "changed_slices": {
            "connector": "VARCHAR",
            "stream": "VARCHAR",
            "source_id": "VARCHAR",
            "slice": "VARCHAR",
            "change": "VARCHAR",  # upserted or removed
        },
        # Rules that mark rows, as data: a case-insensitive LIKE pattern on a named text column.
        "row_rules": {
            "source_id": "VARCHAR",
            "rule": "VARCHAR",  # test or staff
            "field": "VARCHAR",  # column of the stream, e.g. list_name
            "pattern": "VARCHAR",  # lower case LIKE pattern, e.g. %testing%
        },
        # One row per source that feeds orders; what counts as an order and as revenue.
        "order_rules": {
            "source_id": "VARCHAR",
            "require_customer": "BOOLEAN",
            "require_positive_quantity": "BOOLEAN",
            "require_positive_price": "BOOLEAN",
            "count_letter_coded_lines": "BOOLEAN",  # article codes without a digit, and those listed
            "extra_service_codes": "VARCHAR",  # comma separated, upper case, e.g. C2,POST
            "drop_exact_duplicates": "BOOLEAN",
            "returns": "VARCHAR",  # subtract or ignore
            "returns_are_activity": "BOOLEAN",
            "cancellation_prefix": "VARCHAR",  # of order_id, e.g. C
            "bad_debt_prefix": "VARCHAR",
            "counted_statuses": "VARCHAR",  # comma separated lower case; null counts all
        },
        # One row per source that feeds subscription items; what counts as recurring revenue.
        "subscription_rules": {
            "source_id": "VARCHAR",
            "churn_at_period_end": "BOOLEAN",  # false: an item stops counting when it is set to cancel
            "once_discounts_reduce": "BOOLEAN",
        },
        # One row.
        "alert_settings": {
            "hysteresis": "DOUBLE",  # relative; how far past the target a moving value is back on it
        },
        "scorecards": {
            "scorecard_id": "VARCHAR",
            "brand_id": "VARCHAR",
            "name": "VARCHAR",
            "name_fa": "VARCHAR",
            "goal": "VARCHAR",
            "grain": "VARCHAR",
            "campaign_type": "VARCHAR",
            "brand_stage": "VARCHAR",
            "owner": "VARCHAR",
            "team": "VARCHAR",
            "segment_type": "VARCHAR",
            "segment": "VARCHAR",
        },
        "targets": {
            "scorecard_id": "VARCHAR",
            "brand_id": "VARCHAR",
            "kpi_id": "VARCHAR",
            "position": "BIGINT",
            "target": "DOUBLE",
            "target_upper": "DOUBLE",  # with direction range: target..target_upper
            "direction": "VARCHAR",  # higher, lower or range
            "baseline": "DOUBLE",
            "tolerance": "DOUBLE",
            "valid_from": "DATE",
        },
        "objectives": {
            "objective_id": "VARCHAR",
            "brand_id": "VARCHAR",
            "name": "VARCHAR",
            "name_fa": "VARCHAR",
            "grain": "VARCHAR",
            "owner": "VARCHAR",
            "team": "VARCHAR",
            "valid_from": "DATE",  # periods that start on or after it
            "valid_to": "DATE",  # last day a period may start on; null for no end
        },
        "key_results": {
            "objective_id": "VARCHAR",
            "brand_id": "VARCHAR",
            "position": "BIGINT",
            "kpi_id": "VARCHAR",
            "segment_type": "VARCHAR",
            "segment": "VARCHAR",
            "direction": "VARCHAR",  # the catalogue's: higher or lower
            "baseline": "DOUBLE",
            "target": "DOUBLE",
            "weight": "DOUBLE",  # weights of an objective sum to 1
        },
        "budgets": {
            "brand_id": "VARCHAR",
            "channel_id": "VARCHAR",
            "month_start": "DATE",  # first day of a month of the brand's calendar
            "amount": "DECIMAL(18,6)",  # reporting currency of the brand
        },
        # What the lint says of scorecards.yml; sanjeh check prints the same.
        "scorecard_findings": {
            "code": "VARCHAR",
            "severity": "VARCHAR",  # warning, or error for what can't be computed
            "brand_id": "VARCHAR",
            "scorecard_id": "VARCHAR",  # null for objectives and budgets
            "object": "VARCHAR",  # what it is about, as file:line (key)
            "message": "VARCHAR",
            "remedy": "VARCHAR",
        },
    }
)
"""Columns by table name; DuckDB types."""


def create_control_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """(Re)create every control table, empty."""
    connection.execute("create schema if not exists control")
    for table, columns in CONTROL_TABLES.items():
        body = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
        connection.execute(f"create or replace table control.{table} ({body})")
