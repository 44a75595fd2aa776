"""A published file with one number wrong in each table of facts that the company fills, to see that it is noticed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.core.sql import identifier


@dataclass(frozen=True)
class Spoil:
    """One row of a table gets one more: ``column`` of the middle row of those that ``where`` keeps."""

    table: str
    column: str
    day: str
    where: str
    kpi: str
    """A KPI that must be seen to differ."""


SPOILS = (
    Spoil("fct_web_traffic_daily", "sessions", "traffic_date", "segment_type = 'overall'", "sessions"),
    Spoil("fct_search_performance_daily", "clicks", "search_date", "segment_type = 'overall'", "search_ctr"),
    Spoil("fct_ad_performance_daily", "clicks", "ad_date", "true", "ad_ctr"),
    Spoil("fct_marketing_costs", "reporting_amount", "cost_date", "true", "cost_per_lead"),
    Spoil("fct_email_performance", "unique_clicks", "send_date", "not is_test", "email_click_rate"),
    Spoil("fct_social_posts", "likes", "published_date", "likes is not null", "social_likes"),
    Spoil("fct_orders", "order_value_reporting", "order_date", "counts_as_order", "aov"),
    Spoil("fct_leads", "lead_date", "lead_date", "true", "leads"),
    Spoil(
        "dim_customer",
        "first_won_date",
        "first_won_date",
        "brand_id = 'orion' and first_won_date is not null",
        "customer_acquisition_cost",
    ),
    Spoil("fct_form_days", "viewers", "form_date", "viewers is not null", "form_conversion_rate"),
    Spoil("fct_kpi_measures", "amount", "period_start", "measure = 'order_value'", "revenue"),
)


def spoiled(published: Path, copy: Path, spoils: Sequence[Spoil] = SPOILS) -> list[Spoil]:
    """Copy ``published`` to ``copy`` with every spoil whose table has rows; returns those."""
    shutil.copyfile(published, copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute("use marts")
        return [spoil for spoil in spoils if _spoil(connection, spoil)]


def _spoil(connection: duckdb.DuckDBPyConnection, spoil: Spoil) -> bool:
    middle = f"""
        select rowid from {identifier(spoil.table)} where {spoil.where}
        order by {identifier(spoil.day)}, rowid
        limit 1 offset (select count(*) // 2 from {identifier(spoil.table)} where {spoil.where})
    """
    row = connection.execute(middle).fetchone()
    if row is None:
        return False
    amount = 31 if spoil.column == spoil.day else 1
    connection.execute(
        f"update {identifier(spoil.table)} set {identifier(spoil.column)} = {identifier(spoil.column)} + {amount} "
        "where rowid = ?",
        row,
    )
    return True
