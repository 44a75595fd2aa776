"""Known answers beside a build: what the generator wrote, and what the facts in ``build.duckdb`` say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

_CHECKS = {
    "sessions, engaged sessions, views and seconds by day": (
        "select day::date, sessions::bigint, engaged_sessions::bigint, page_views::bigint, "
        "engagement_seconds::decimal(38, 6) from (select unnest(days, recursive := true) from answers)",
        "select traffic_date, sessions, engaged_sessions, page_views, engagement_seconds "
        "from marts.fct_web_traffic_daily where segment_type = 'overall'",
    ),
    "sessions by day and channel": (
        "select day::date, channel, sessions::bigint "
        "from (select unnest(channels, recursive := true) from answers)",
        "select traffic_date, segment, sessions "
        "from marts.fct_web_traffic_daily where segment_type = 'channel' and sessions > 0",
    ),
    "sessions by day, one row each": (
        "select day::date, sessions::bigint from (select unnest(days, recursive := true) from answers)",
        "select session_date, count(*) from marts.fct_sessions group by session_date",
    ),
    "users by day, week, month and quarter": (
        "select grain, period_start::date, active_users::bigint "
        "from (select unnest(users, recursive := true) from answers)",
        "select grain, period_start, cast(numerator as bigint) from ("
        + " union all ".join(
            f"select '{grain}' as grain, * from marts.fct_kpi_{table}"
            for grain, table in (
                ("day", "daily"),
                ("week", "weekly"),
                ("month", "monthly"),
                ("quarter", "quarterly"),
            )
        )
        + ") where kpi_id = 'active_users' and segment_type = 'overall' and numerator > 0",
    ),
    "purchases and revenue by day": (
        "select day::date, purchases::bigint, revenue::decimal(38, 6) "
        "from (select unnest(purchases, recursive := true) from answers)",
        "select purchase_date, count(*), cast(sum(revenue) as decimal(38, 6)) "
        "from intermediate.int_event_purchases group by purchase_date",
    ),
    "sign-ups by day": (
        "select day::date, sign_ups::bigint from (select unnest(sign_ups, recursive := true) from answers)",
        "select period_start, cast(numerator as bigint) from marts.fct_kpi_daily "
        "where kpi_id = 'signups' and segment_type = 'overall' and numerator > 0",
    ),
    "shares by day": (
        "select day::date, site_shares::decimal(38, 6) "
        "from (select unnest(days, recursive := true) from answers) where site_shares <> '0'",
        "select measure_date, amount from intermediate.int_measures_daily__events "
        "where measure = 'site_shares' and segment_type = 'overall'",
    ),
}


def wrong_answers(build_db: Path, answers: Path) -> dict[str, int]:
    """Rows that differ, by what was asked; empty when every answer is right.

    Args:
        build_db: of a workspace that built the whole export.
        answers: ``answers.json`` of the generator.
    """
    with duckdb.connect(str(build_db), read_only=True) as con:
        con.execute(
            "create temp view answers as select * from "
            f"read_json('{answers}', maximum_object_size = 200000000)"
        )
        return differing_rows(con, _CHECKS)


def differing_rows(con: duckdb.DuckDBPyConnection, pairs: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """Rows that only one of two queries gives, by what they ask; empty where both say the same."""
    found = {}
    for what, (one, other) in pairs.items():
        ((rows,),) = con.execute(
            f"select count(*) from ((({one}) except all ({other})) union all (({other}) except all ({one})))"
        ).fetchall()
        if rows:
            found[what] = int(rows)
    return found
