"""A finished build of any size with plausible marts: KPI facts, sessions, order lines of an agency's brands.

Everything is drawn from the hash of its key, so the same size gives the same rows. Sessions and lines are
appended day by day, as incremental models leave them; KPI facts brand by brand. Distinct values per column
follow ``examples/real`` and its event exports: skewed pages and campaigns, unique session keys, money with
cents. Nothing repeats more than real data does, so that compression is honest.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.control_tables import create_control_tables
from orchestration.ledger import GRAINS
from orchestration.run_lock import run_lock
from orchestration.run_state import Build, mark_building, mark_built, start_run
from orchestration.workspace import Workspace

BRANDS = 12
KPIS = (
    "sessions", "users", "page_views", "engagement_rate", "conversion_rate", "leads", "lead_conversion_rate",
    "orders", "revenue", "aov", "refund_rate", "new_customers", "repeat_rate", "cac", "roas", "cpc", "ctr",
    "ad_spend", "impressions", "clicks",
)  # fmt: skip
CHANNELS = (
    "direct", "organic_search", "paid_search", "paid_social", "organic_social", "email", "referral",
    "affiliates", "display", "other",
)  # fmt: skip
FIRST_DAY, DAYS = date(2023, 1, 1), 1096
AS_OF = datetime(2026, 1, 2, 6, tzinfo=UTC)
SESSIONS_PER_GIGABYTE = 13_000_000
LINES_PER_GIGABYTE = 1_500_000
_MEMORY = "2GB"


def finished_build(folder: Path, *, gigabytes: float) -> Workspace:
    """The workspace ``folder`` with a build about so large, recorded as built; made unless it is there."""
    workspace = Workspace(folder)
    if workspace.build_db.exists():
        return workspace
    folder.mkdir(parents=True)
    workspace.prepare()
    with run_lock(workspace, run_id="benchmark", started_at=AS_OF):
        run = start_run(workspace, run_id="benchmark", started_at=AS_OF)
        build = Build(
            run_id="benchmark",
            load_id=run.load_id,
            as_of=AS_OF,
            fingerprint="benchmark",
            inputs_hash="benchmark",
            git_revision="benchmark",
        )
        mark_building(workspace, build, anew=True)
        write_marts(workspace.build_db, gigabytes=gigabytes)
        mark_built(workspace, run_id="benchmark")
    return workspace


def write_marts(path: Path, *, gigabytes: float) -> None:
    """Control tables and marts in a new file."""
    path.unlink(missing_ok=True)
    config = {"memory_limit": _MEMORY, "temp_directory": str(path.with_suffix(".spill"))}
    with duckdb.connect(str(path), config=config) as con:
        con.execute("set timezone = 'UTC'")
        create_control_tables(con)
        con.execute("create schema marts")
        con.execute(_DRAWS)
        for grain, suffix in GRAINS.items():
            con.execute(f"create table marts.fct_kpi_{suffix} as {_kpi_sql(grain)}")
        sessions, lines = int(SESSIONS_PER_GIGABYTE * gigabytes), int(LINES_PER_GIGABYTE * gigabytes)
        con.execute(f"create table marts.fct_sessions as {_sessions_sql(sessions)}")
        con.execute(f"create table marts.fct_order_lines as {_lines_sql(lines)}")
        con.execute("checkpoint")


_DRAWS = """
    create or replace temp macro draw(key, salt) as (hash(key, salt) >> 11) / 9007199254740992.0;
    create or replace temp macro skewed(key, salt, n) as cast(floor(n * pow(draw(key, salt), 3)) as bigint);
"""


def _texts(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{name}'" for name in names) + "]"


def _kpi_sql(grain: str) -> str:
    """KPI rows of a grain: overall and by channel, ratios and sums, with their changes."""
    return f"""
        with periods as (
            select distinct
                cast(date_trunc('{grain}', date '{FIRST_DAY}' + cast(d as integer)) as date) as period_start
            from range({DAYS}) as r(d)
        ),
        cells as (
            select
                format('brand_{{:02d}}', b) as brand_id, k as kpi_id, period_start,
                case when c is null then 'overall' else 'channel' end as segment_type,
                coalesce(c, 'all') as segment,
                hash(b, k, coalesce(c, 'all')) as seed, hash(b, k, c, period_start) as cell
            from range(1, {BRANDS + 1}) as brands(b),
                unnest({_texts(KPIS)}) as kpis(k),
                unnest(list_append({_texts(CHANNELS)}, null)) as channels(c),
                periods
        ),
        drawn as (
            select *,
                cast((50 + 5000 * draw(seed, 'size')) * (0.6 + 0.8 * draw(cell, 'noise')) as bigint) as base,
                kpi_id like '%rate' or kpi_id in ('aov', 'cac', 'roas', 'cpc', 'ctr') as is_ratio
            from cells
        ),
        valued as (
            select *,
                cast(base * draw(cell, 'rate') as decimal(38, 6)) as numerator,
                case when is_ratio then cast(base as decimal(38, 6)) end as denominator
            from drawn
        ),
        told as (
            select *, cast(numerator as double) / coalesce(nullif(cast(denominator as double), 0), 1) as value
            from valued
        )
        select
            brand_id, kpi_id, period_start,
            cast(period_start + interval 1 {grain} as date) as period_end,
            segment_type, segment, numerator, denominator, value,
            case when kpi_id in ('revenue', 'aov', 'cac', 'cpc', 'ad_spend') then 'EUR' end as currency_code,
            'gregorian' as calendar, cast(null as varchar) as basis,
            cast(1 as bigint) as days_loaded, cast(1 as bigint) as days_expected, base as sample_size,
            case when base < 60 then 'low_sample' else 'final' end as status,
            lag(value) over series as previous_value,
            lag(value, 52) over series as year_ago_value,
            value - lag(value) over series as change_abs,
            (value - lag(value) over series) / nullif(lag(value) over series, 0) as change_rate,
            date '{FIRST_DAY}' + {DAYS - 1} as loaded_through,
            timestamp '{AS_OF:%Y-%m-%d %H:%M:%S}' as built_at
        from told
        window series as (partition by brand_id, kpi_id, segment_type, segment order by period_start)
        order by brand_id, kpi_id, segment_type, segment, period_start
    """


def _sessions_sql(count: int) -> str:
    """Sessions in the order of their days."""
    return f"""
        with numbered as (
            select n, date '{FIRST_DAY}' + cast(n * {DAYS} // {count} as integer) as session_date,
                cast(86400 * draw(n, 'second') as bigint) as second,
                1 + skewed(n, 'brand', {BRANDS}) as brand, 1 + skewed(n, 'events', 60) as events
            from range({count}) as r(n)
        )
        select
            format('brand_{{:02d}}', brand) as brand_id,
            format('brand_{{:02d}}_events', brand) as source_id,
            md5(concat('session', n)) as session_key,
            md5(concat('visitor', skewed(n, 'visitor', {count // 2}))) as visitor_key,
            draw(n, 'signed in') < 0.08 as is_signed_in,
            session_date,
            session_date + to_seconds(second) as started_at,
            session_date + to_seconds(second + events * 11) as ended_at,
            draw(n, 'engaged') < 0.55 as is_engaged,
            cast(events * 7 * draw(n, 'engagement') as decimal(38, 6)) as engagement_seconds,
            1 + events // 4 as page_views, events,
            concat('/products/', skewed(n, 'page', 8000)) as landing_page,
            {_texts(CHANNELS)}[1 + skewed(n, 'channel', {len(CHANNELS)})] as channel_id,
            concat('source-', skewed(n, 'source', 400), ' / medium') as source_medium,
            case when draw(n, 'tagged') < 0.3 then concat('campaign-', skewed(n, 'campaign', 900)) end
                as campaign,
            case when draw(n, 'click') < 0.1 then 'gclid' end as click_id_name,
            ['mobile', 'desktop', 'tablet'][1 + skewed(n, 'device', 3)] as device_category,
            concat('country-', skewed(n, 'country', 90)) as country
        from numbered
    """


def _lines_sql(count: int) -> str:
    """Order lines in the order of their days."""
    return f"""
        with numbered as (
            select n, n // 4 as order_number,
                date '{FIRST_DAY}' + cast(n * {DAYS} // {count} as integer) as line_date,
                1 + skewed(n // 4, 'brand', {BRANDS}) as brand, skewed(n, 'sku', 4000) as sku,
                cast(1 + skewed(n, 'quantity', 40) as decimal(18, 6)) as quantity,
                cast(0.5 + 0.01 * (hash(skewed(n, 'sku', 4000)) % 5000) as decimal(18, 6)) as unit_price
            from range({count}) as r(n)
        )
        select
            format('brand_{{:02d}}', brand) as brand_id,
            format('brand_{{:02d}}_orders', brand) as source_id,
            concat(line_date, '') as slice, n as line_number,
            cast(500000 + order_number as varchar) as order_id, cast(n as varchar) as line_id,
            concat('SKU-', sku) as sku, concat('Product number ', sku, ' of the range') as product_name,
            md5(concat('customer', skewed(order_number, 'customer', {max(count // 20, 1)}))) as customer_key,
            concat('country-', skewed(order_number, 'country', 40)) as country, 'EUR' as currency_code,
            quantity, unit_price, cast(quantity * unit_price as decimal(18, 6)) as line_amount,
            line_date + to_seconds(cast(86400 * draw(order_number, 'second') as bigint)) as ordered_at,
            line_date,
            true as has_customer, draw(n, 'cancelled') < 0.02 as is_cancellation, true as counts_as_order
        from numbered
    """
