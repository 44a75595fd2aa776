"""The yardstick of the event models: the same facts by hand-written SQL, from the export's own Parquet.

Usage: ``python -m benchmarks.hand_written_events EXPORTS DATABASE SALT``. Same rules: own traffic out, exact
repeats once, events of one moment by the batch columns, sessions over midnight, last click before the first
event that names something, users distinct per period, people sign up once. It knows what the pipeline must
find out: one brand, one source, one zone, whole files, no event without a day, and only those rules of
channels that the generated data needs. It keeps no history, no raw zone, no tests, and is no incremental one.

Days are summed up one by one. It may use what memory there is: within the 3 GB that our builds have, its
users by segment of 100 million events don't fit.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks.event_answers import differing_rows
from benchmarks.event_pipeline import measured

_SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"
_COUNTED = "coalesce(lower({p}[list_position(k, 'traffic_type')].value.string_value), '') <> 'internal'"
_KEYED = (
    "(select *, list_transform(event_params, lambda p: p.key) as k, file_row_number as row "
    "from read_parquet('{file}', file_row_number = true)) as e"
)
_HASH = (
    "hash(event_timestamp, event_name, user_pseudo_id, batch_page_id, batch_ordering_id, batch_event_index)"
)
_ALL = (
    "event_timestamp, event_name, event_params, user_id, user_pseudo_id, privacy_info, device, geo, "
    "collected_traffic_source, is_active_user, batch_page_id, batch_ordering_id, batch_event_index, "
    "stream_id, platform, ecommerce, session_traffic_source_last_click"
)

_SESSION_DAYS = """
with suspects as (
    select {hash} as h from read_parquet('{file}') group by h having count(*) > 1
),
repeats as (
    select row
    from (select *, file_row_number as row from read_parquet('{file}', file_row_number = true)) as e
    inner join suspects on {hash} = h
    qualify row_number() over (partition by {all_columns} order by row) > 1
),
flat as (
    select
        strptime(event_date, '%Y%m%d')::date as day,
        user_pseudo_id as browser,
        case when user_pseudo_id is not null then {p}[list_position(k, 'ga_session_id')].value.int_value
            end as sid,
        make_timestamp(event_timestamp) as happened_at,
        event_name = 'page_view' as is_view,
        user_id,
        {p}[list_position(k, 'session_engaged')].value.string_value = '1' as engaged,
        is_active_user,
        coalesce({p}[list_position(k, 'engagement_time_msec')].value.int_value, 0) as msec,
        {p}[list_position(k, 'page_location')].value.string_value as page,
        device.category as device,
        geo.country as country,
        session_traffic_source_last_click.cross_channel_campaign as click,
        nullif(collected_traffic_source.manual_source, '(direct)') as manual_source,
        nullif(collected_traffic_source.manual_medium, '(none)') as manual_medium,
        create_sort_key(
            event_timestamp, 'asc nulls last', batch_page_id, 'asc nulls last',
            batch_ordering_id, 'asc nulls last', batch_event_index, 'asc nulls last', row, 'asc nulls last'
        ) as o
    from {keyed}
    where {counted} and row not in (select row from repeats)
)
select
    day, browser, sid,
    min(happened_at) as started_at, max(happened_at) as ended_at,
    bool_or(coalesce(engaged, false)) as is_engaged,
    bool_or(coalesce(is_active_user, msec > 0)) as is_active,
    cast(sum(msec) as decimal(18, 0)) * 0.001 as seconds,
    count(*) filter (where is_view) as views,
    count(*) as events,
    bool_or(user_id is not null) as is_signed_in,
    min_by(page, o) filter (where is_view) as page,
    min_by(device, o) as device,
    min_by(country, o) as country,
    min_by(click, o) filter (where coalesce(click.source, click.medium, click.campaign_name,
        click.default_channel_group) is not null) as click,
    min_by({{'s': manual_source, 'm': manual_medium}}, o) filter (where coalesce(manual_source,
        manual_medium) is not null) as manual
from flat
group by all
"""

_ACTIONS = """
select distinct
    strptime(event_date, '%Y%m%d')::date as day, make_timestamp(event_timestamp) as happened_at,
        event_name as action,
    coalesce(user_id, user_pseudo_id) as person, user_pseudo_id, batch_page_id, batch_ordering_id,
        event_params
from {keyed}
where event_name in ('sign_up', 'share') and {counted}
"""

_SESSIONS = """
create table sessions as
with joined as (
    select
        browser, sid, min(day) as day, min(started_at) as started_at, max(ended_at) as ended_at,
        bool_or(is_engaged) as is_engaged, sum(seconds) as seconds, sum(views) as views,
            sum(events) as events,
        bool_or(is_signed_in) as is_signed_in,
        min_by(page, started_at) as page, min_by(device, started_at) as device,
        min_by(country, started_at) as country, min_by(click, started_at) as click,
        min_by(manual, started_at) as manual
    from session_days
    where sid is not null
    group by browser, sid
    having count(*) > 1
    union all
    select
        browser, sid, day, started_at, ended_at, is_engaged, seconds, views, events, is_signed_in, page,
        device, country, click, manual
    from session_days
    where sid is not null
    qualify count(*) over (partition by browser, sid) = 1
),
told as (
    select
        *, click.default_channel_group as channel_group, click.campaign_name as campaign,
        lower(case when click is not null then click.source else manual.s end) as told_source,
        lower(case when click is not null then click.medium else manual.m end) as medium
    from joined
),
worded as (
    select told.*, coalesce(words.canonical_value, told_source) as source
    from told
    left join (from read_csv('{seeds}/utm_synonyms.csv')
        where field = 'source') as words on told_source = raw_value
)
select
    worded.*,
    coalesce(
        by_group.channel_id,
        lower(channel_group),
        case when medium = 'organic' then 'organic_search' when source is null then 'direct'
            else 'unassigned' end
    ) as channel_id,
    case
        when source is null and medium is null then '(direct) / (none)'
        else coalesce(source, '(not set)') || ' / ' || coalesce(medium, '(not set)')
    end as source_medium,
    coalesce(nullif(regexp_extract(page, '://[^/?#]*([^?#]*)', 1), ''), case when page is not null then '/'
        end) as landing_page
from worded
left join (from read_csv('{seeds}/channel_mapping.csv') where match_on = 'channel') as by_group
    on by_group.raw_value = lower(channel_group)
"""

_FACTS = """
create table fct_sessions as
select
    'site' as brand_id, 'site_events' as source_id,
    md5('{salt}' || md5('site_events|' || browser || '|' || sid)) as session_key,
    md5('{salt}' || 'visitor:site_events:' || browser) as visitor_key,
    is_signed_in, day as session_date, started_at, ended_at, is_engaged,
    cast(seconds as decimal(38, 6)) as engagement_seconds, cast(views as bigint) as page_views,
    cast(events as bigint) as events, landing_page, channel_id, source_medium, campaign,
    cast(null as varchar) as click_id_name, device as device_category, country
from sessions;

create table fct_web_traffic_daily as
with activity as (
    select
        day, channel_id, source_medium, campaign, device, landing_page,
        1 as sessions, is_engaged::int as engaged, 0::decimal(18, 6) as seconds, 0 as views, null as person
    from sessions
    union all
    select
        d.day, channel_id, source_medium, campaign, s.device, landing_page, 0, 0, d.seconds, d.views,
        case when d.is_active then d.browser end
    from session_days as d
    left join sessions as s on d.browser = s.browser and d.sid = s.sid
)
select
    'site' as brand_id, 'site_events' as source_id, day as traffic_date,
    case
        when grouping(channel_id) = 0 then 'channel' when grouping(source_medium) = 0 then 'source_medium'
        when grouping(campaign) = 0 then 'campaign' when grouping(device) = 0 then 'device'
        when grouping(landing_page) = 0 then 'landing_page' else 'overall'
    end as segment_type,
    case
        when segment_type = 'overall' then 'all'
        else coalesce(nullif(coalesce(channel_id, source_medium, campaign, lower(device), landing_page),
            ''), '(not set)')
    end as segment,
    cast(sum(sessions) as bigint) as sessions, cast(sum(engaged) as bigint) as engaged_sessions,
    cast(sum(seconds) as decimal(38, 6)) as engagement_seconds, cast(sum(views) as bigint) as page_views,
    count(distinct person) as active_users
from activity
group by grouping sets (
    (day), (day, channel_id), (day, source_medium), (day, campaign), (day, device), (day, landing_page)
);

create table fct_kpi as
with grains as (select unnest(['day', 'week', 'month', 'quarter']) as grain),
daily as (
    select traffic_date as day, segment_type, segment, sessions, engaged_sessions, page_views,
        engagement_seconds
    from fct_web_traffic_daily
    where segment_type in ('overall', 'channel', 'device', 'campaign')
),
sums as (
    select
        grain, cast(date_trunc(grain, day) as date) as period_start, segment_type, segment,
        sum(sessions) as sessions, sum(engaged_sessions) as engaged, sum(page_views) as views,
        sum(engagement_seconds) as seconds
    from daily cross join grains
    group by all
),
people as (
    select grain, cast(date_trunc(grain, day) as date) as period_start, count(distinct browser) as people
    from session_days cross join grains
    where is_active and browser is not null
    group by all
),
sign_ups as (
    select grain, cast(date_trunc(grain, day) as date) as period_start, count(*) as sign_ups
    from (
        select day from actions where action = 'sign_up'
        qualify person is null or row_number() over (partition by person order by happened_at) = 1
    )
    cross join grains
    group by all
)
select
    grain, kpi_id, period_start, segment_type, segment,
    cast(numerator as decimal(38, 6)) as numerator, cast(denominator as decimal(38, 6)) as denominator
from (
    select grain, 'sessions' as kpi_id, period_start, segment_type, segment, sessions as numerator,
        null as denominator from sums
    union all
    select grain, 'page_views', period_start, segment_type, segment, views, null from sums
    union all
    select grain, 'bounce_rate', period_start, segment_type, segment, sessions - engaged, sessions from sums
    union all
    select grain, 'avg_time_on_page', period_start, segment_type, segment, seconds, views from sums
    union all
    select grain, 'avg_engagement_time_per_session', period_start, segment_type, segment, seconds, sessions
        from sums
    union all
    select grain, 'active_users', period_start, 'overall', 'all', people, null from people
    union all
    select grain, 'signups', period_start, 'overall', 'all', sign_ups, null from sign_ups
)
"""

COMPARED = {
    "sessions": ("select * from hand.fct_sessions", "select * from built.marts.fct_sessions"),
    "traffic": (
        "select * from hand.fct_web_traffic_daily",
        "select brand_id, source_id, traffic_date, segment_type, segment, sessions, engaged_sessions, "
        "engagement_seconds, page_views, active_users from built.marts.fct_web_traffic_daily",
    ),
    "KPIs": (
        "select * from hand.fct_kpi where numerator <> 0",
        "select * from ("
        + " union all ".join(
            f"select '{grain}' as grain, kpi_id, period_start, segment_type, segment, numerator, denominator "
            f"from built.marts.fct_kpi_{table}"
            for grain, table in (
                ("day", "daily"),
                ("week", "weekly"),
                ("month", "monthly"),
                ("quarter", "quarterly"),
            )
        )
        + ") where numerator <> 0 and kpi_id in (select kpi_id from hand.fct_kpi)",
    ),
}
"""What both sides must say, by what it is: query of the hand-written side, query of the built one."""


def write_facts(exports: Path, database: Path, *, salt: str) -> None:
    """Write the facts of all tables below ``exports`` into a new ``database``."""
    files = sorted(exports.rglob("events_*.parquet"))
    config = {"threads": 2, "temp_directory": f"{database}.spill"}
    with duckdb.connect(str(database), config=config) as con:
        con.execute("set TimeZone = 'UTC'")
        for number, path in enumerate(files):
            parts = {
                "file": path,
                "p": "event_params",
                "hash": _HASH,
                "all_columns": _ALL,
                "counted": _COUNTED.format(p="event_params"),
                "keyed": _KEYED.format(file=path),
            }
            for table, select in (("session_days", _SESSION_DAYS), ("actions", _ACTIONS)):
                verb = f"insert into {table}" if number else f"create table {table} as"
                con.execute(f"{verb} {select.format(**parts)}")
        con.execute(_SESSIONS.format(seeds=_SEEDS))
        con.execute(_FACTS.format(salt=salt))


def differing_cells(hand: Path, build_db: Path) -> dict[str, int]:
    """Rows that only one side has, by what they are; empty when both say the same in every cell."""
    with duckdb.connect() as con:
        con.execute(f"attach '{hand}' as hand (read_only)")
        con.execute(f"attach '{build_db}' as built (read_only)")
        return differing_rows(con, COMPARED)


if __name__ == "__main__":
    with measured([]):
        write_facts(Path(sys.argv[1]), Path(sys.argv[2]), salt=sys.argv[3])
