"""Sessions, KPIs and reconciliation of exported GA4 events, reckoned by hand, and incremental equal to full refresh.

``event_export`` tells the story behind the numbers. The clock is 1 November 2026; weeks start on Monday.
"""

# ruff: noqa: DTZ001 - instants of the published file are UTC without a zone
from __future__ import annotations

import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.integration import event_export
from tests.integration.event_export import at, drop, page
from tests.integration.warehouse import Workspace, differing_tables

pytestmark = pytest.mark.slow

GRAINS = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly"}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return event_export.build(tmp_path_factory.mktemp("events") / "workspace")


def _parts(
    workspace: Workspace, brand: str, kpi: str, grain: str, segment_type: str = "overall"
) -> dict[object, tuple[object, object]]:
    """Numerator and denominator by period, or by segment where there is one period."""
    key = "period_start" if segment_type == "overall" else "segment"
    rows = workspace.rows(
        f"select {key}, numerator, denominator from marts.fct_kpi_{GRAINS[grain]} where brand_id = '{brand}' and "
        f"kpi_id = '{kpi}' and segment_type = '{segment_type}' and status <> 'not_loaded'"
    )
    return {label: (numerator, denominator) for label, numerator, denominator in rows}


def _october(*days: int) -> list[date]:
    return [date(2026, 10, day) for day in days]


def test_a_session_is_one_over_midnight_and_strangers_with_one_id_are_two(finished: Workspace) -> None:
    """Bob comes at 23:55 in Berlin and leaves at 00:06; ada's session has the same number."""
    rows = finished.rows(
        "select session_date, started_at, ended_at, is_engaged, engagement_seconds, page_views, landing_page, "
        "channel_id, source_medium, campaign, click_id_name, device_category, is_signed_in "
        "from marts.fct_sessions where brand_id = 'site' and session_date <= '2026-10-02' order by started_at"
    )
    thursday, friday = _october(1, 2)
    assert rows == [
        (
            thursday,
            datetime(2026, 10, 1, 8, 0),
            datetime(2026, 10, 1, 8, 5),
            True,
            Decimal("12.5"),
            1,
            "/a",
            "paid_search",
            "google / cpc",
            "autumn",
            "gclid",
            "desktop",
            True,
        ),
        (
            thursday,
            datetime(2026, 10, 1, 21, 55),
            datetime(2026, 10, 1, 22, 6),
            True,
            Decimal(30),
            2,
            "/b",
            "direct",
            "(direct) / (none)",
            None,
            None,
            "desktop",
            False,
        ),
        (
            friday,
            datetime(2026, 10, 2, 7, 0),
            datetime(2026, 10, 2, 7, 1),
            False,
            Decimal(0),
            1,
            "/d",
            "organic_search",
            "google / organic",
            "(organic)",
            None,
            "mobile",
            True,
        ),
    ]


def test_sessions_views_and_seconds_at_four_grains(finished: Workspace) -> None:
    """Views of nobody count, sessions of nobody don't; the developer, the office and the repeat are out."""
    sessions = dict(zip(_october(1, 2, 5, 10, 11), (2, 1, 1, 1, 1), strict=True))
    views = dict(zip(_october(1, 2, 5, 10, 11), (3, 2, 1, 1, 1), strict=True))
    assert _parts(finished, "site", "sessions", "day") == {day: (n, None) for day, n in sessions.items()}
    assert _parts(finished, "site", "page_views", "day") == {day: (n, None) for day, n in views.items()}
    expected = {
        "week": {date(2026, 9, 28): (3, 5, Decimal("46.5")), date(2026, 10, 5): (3, 3, 0)},
        "month": {date(2026, 10, 1): (6, 8, Decimal("46.5"))},
        "quarter": {date(2026, 10, 1): (6, 8, Decimal("46.5"))},
    }
    for grain, periods in expected.items():
        per_session = _parts(finished, "site", "avg_engagement_time_per_session", grain)
        assert per_session == {start: (seconds, n) for start, (n, _, seconds) in periods.items()}
        per_view = _parts(finished, "site", "avg_time_on_page", grain)
        assert per_view == {start: (seconds, n) for start, (_, n, seconds) in periods.items()}
    assert _parts(finished, "site", "bounce_rate", "month") == {date(2026, 10, 1): (6 - 2, 6)}


def test_a_day_that_no_table_covers_is_no_zero(finished: Workspace) -> None:
    ((loaded, expected),) = finished.rows(
        "select days_loaded, days_expected from marts.fct_kpi_monthly where brand_id = 'site' and kpi_id = 'sessions' "
        "and segment_type = 'overall' and period_start = '2026-10-01'"
    )
    assert (loaded, expected) == (5, 5)
    assert finished.rows(
        "select numerator, status from marts.fct_kpi_daily where brand_id = 'site' and kpi_id = 'sessions' and "
        "segment_type = 'overall' and period_start = '2026-10-03'"
    ) == [(None, "not_loaded")]


def test_users_are_distinct_per_period_and_active(finished: Workspace) -> None:
    """Ada on both days, bob on the second; cyn and dan only passed by."""
    by_day = dict(zip(_october(1, 2, 5, 10, 11), (1, 2, 0, 0, 0), strict=True))
    assert _parts(finished, "site", "active_users", "day") == {day: (n, None) for day, n in by_day.items()}
    assert _parts(finished, "site", "active_users", "week") == {
        date(2026, 9, 28): (2, None),
        date(2026, 10, 5): (0, None),
    }
    for grain in ("month", "quarter"):
        assert _parts(finished, "site", "active_users", grain) == {date(2026, 10, 1): (2, None)}


def test_a_person_signs_up_once_and_somebody_unknown_each_time(finished: Workspace) -> None:
    by_day = dict(zip(_october(1, 2, 5, 10, 11), (1, 1, 0, 0, 0), strict=True))
    assert _parts(finished, "site", "signups", "day") == {day: (n, None) for day, n in by_day.items()}
    assert _parts(finished, "site", "signups", "quarter") == {date(2026, 10, 1): (2, None)}


def test_segments_sum_to_the_whole_and_an_intraday_day_is_not_direct(finished: Workspace) -> None:
    assert _parts(finished, "site", "page_views", "month", "channel") == {
        "paid_search": (1, None),
        "organic_search": (1, None),
        "direct": (2 + 2, None),
        "unassigned": (1, None),
        "(not set)": (1, None),
    }
    assert _parts(finished, "site", "sessions", "month", "channel") == {
        "paid_search": (1, None),
        "organic_search": (1, None),
        "direct": (3, None),
        "unassigned": (1, None),
        "(not set)": (0, None),
    }
    sums = finished.rows(
        "select segment_type, sum(sessions)::int, sum(engaged_sessions)::int, sum(page_views)::int, "
        "sum(engagement_seconds)::double from marts.fct_web_traffic_daily where brand_id = 'site' group by 1"
    )
    types = ["overall", "channel", "source_medium", "campaign", "device", "landing_page"]
    assert sorted(sums) == sorted((each, 6, 2, 8, 46.5) for each in types)


def test_the_api_goes_before_the_export_where_a_brand_has_both(finished: Workspace) -> None:
    """Sessions are the report's 3 + 2; sign-ups are the export's 2 persons, not the report's 9 events."""
    october = date(2026, 10, 1)
    assert _parts(finished, "both", "sessions", "month") == {october: (5, None)}
    assert _parts(finished, "both", "page_views", "month") == {october: (6, None)}
    assert _parts(finished, "both", "signups", "month") == {october: (2, None)}
    assert finished.rows(
        "select distinct source_id from marts.fct_web_traffic_daily where brand_id = 'both'"
    ) == [("both_web",)]


def test_reports_and_events_are_compared_over_the_days_of_both(finished: Workspace) -> None:
    """GA4 counts bob on both days: 3 + 2 sessions; the export has 2 + 1. The days after the 2nd are not compared."""
    rows = finished.rows(
        "select metric, period_start, source_total::int, warehouse_total::int, difference::int "
        "from marts.fct_reconciliation where source_id = 'both_events' order by 1"
    )
    october = date(2026, 10, 1)
    assert rows == [
        ("engaged_sessions beside both_web", october, 3, 2, 1),
        ("page_views beside both_web", october, 6, 5, 1),
        ("sessions beside both_web", october, 5, 3, 2),
    ]


def test_nobody_stands_in_the_published_file_as_the_export_has_them(finished: Workspace) -> None:
    with duckdb.connect(str(finished.home / "warehouse" / "build.duckdb"), read_only=True) as build:
        (hidden,) = build.execute(
            "select list(distinct user_pseudo_id) || list(distinct user_id_hmac) || list(distinct session_key) "
            "from intermediate.int_event_sessions"
        ).fetchone() or ((),)
    secrets = {text for text in hidden if text}
    assert {"ada", "bob", "cyn", "dan"} < secrets and len(secrets) > 10
    values = {value for row in finished.rows("select * from marts.fct_sessions") for value in row}
    assert values.isdisjoint(secrets)


def _marked(workspace: Workspace, sql: str) -> int:
    with duckdb.connect(str(workspace.home / "warehouse" / "build.duckdb")) as build:
        return (build.execute(sql).fetchone() or (0,))[0]


def test_changed_days_alone_are_rebuilt_and_equal_a_full_refresh(finished: Workspace, tmp_path: Path) -> None:
    """Friday stays as it is: a mark in its rows survives, though bob's session is another now.

    Thursday comes again with a late event of bob's and without ada's repeat, Monday's daily table arrives, the dump
    loses the 11th. The mark is on a column that nothing published is made of.
    """
    shutil.copytree(finished.home, tmp_path / "workspace", copy_function=shutil.copy2)
    workspace = Workspace(tmp_path / "workspace")
    letter = {"manual_source": "letter", "manual_medium": "email", "manual_campaign_name": "october"}
    late = at(
        "2026-10-01 23:50:00", "page_view", "bob", 7, params=page("/late"), collected_traffic_source=letter
    )
    thursday = event_export.thursday()
    del thursday[2]
    drop(workspace.home, "events_20261001.jsonl", [*thursday, late])
    attributed = {"session_traffic_source_last_click": {"cross_channel_campaign": event_export.LAST_CLICK}}
    drop(workspace.home, "events_20261005.jsonl", [event | attributed for event in event_export.monday()])
    drop(workspace.home, "dump.jsonl", event_export.weekend(10))
    mark = "update intermediate.int_event_session_days set property_id = 'marked' where slice = '2026-10-{}'"
    for day in ("01", "02"):
        _marked(workspace, mark.format(day))

    workspace.run()
    marks = "select count(*) from intermediate.int_event_session_days where property_id = 'marked' and slice = '2026-10-{}'"
    assert _marked(workspace, marks.format("01")) == 0
    assert _marked(workspace, marks.format("02")) == 6
    assert workspace.rows(
        "select session_date, started_at, page_views, landing_page, channel_id, source_medium, campaign "
        "from marts.fct_sessions where brand_id = 'site' and engagement_seconds = 30"
    ) == [
        (
            date(2026, 10, 1),
            datetime(2026, 10, 1, 21, 50),
            3,
            "/late",
            "email",
            "letter / email",
            "october",
        )
    ]
    assert _parts(workspace, "site", "sessions", "day") == {
        day: (n, None) for day, n in zip(_october(1, 2, 5, 10), (2, 1, 1, 1), strict=True)
    }
    assert _parts(workspace, "site", "page_views", "day")[date(2026, 10, 1)] == (4, None)
    assert "unassigned" not in _parts(workspace, "site", "sessions", "month", "channel")

    before = Path(shutil.copy(workspace.published, tmp_path / "before.duckdb"))
    workspace.run("--full-refresh")
    assert differing_tables(before, workspace.published) == {}
