"""Snapshots: one reading a run, under the brand's day of the run's clock; no other day is ever touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connectors.core.errors import PageDriftError, SchemaError, SourceDataError
from connectors.core.feed import SnapshotFeed
from connectors.core.snapshot_landing import SnapshotLanding
from tests.fakes.faults import Fault
from tests.unit.core.toy_connector import AUDIENCE, CONTACTS, FOLLOWERS, MARKS, VISITS, feeds
from tests.unit.core.toy_workspace import Toy, noon, november

STREAMS = ("followers",)


def land(toy: Toy, at: datetime, **keys: Any) -> None:
    """A run at the moment ``at``."""
    toy.land(at, streams=STREAMS, **keys)


def counts(toy: Toy) -> list[tuple[str, str, int]]:
    """Stored counts by day and account."""
    return toy.rows(FOLLOWERS, "_slice, account, followers")


def directly(toy: Toy, at: datetime, **keys: Any) -> None:
    """A landing whose errors come as they are."""
    (feed,) = feeds(toy.config(streams=STREAMS, **keys))
    assert isinstance(feed, SnapshotFeed)
    toy.directly(SnapshotLanding, at, lambda landing: landing.land(feed))


def test_rows_bear_the_runs_clock_and_lie_under_the_brands_day(toy: Toy) -> None:
    """20:45 UTC is after midnight in Tehran."""
    toy.api.followers = {"a": 10, "b": 20, "c": 30}
    at = datetime(2026, 11, 5, 20, 45, 30, tzinfo=UTC)
    land(toy, at)
    assert toy.rows(FOLLOWERS, "_slice, captured_at, account, followers") == [
        ("2026-11-06", at.replace(tzinfo=None), account, count)
        for account, count in (("a", 10), ("b", 20), ("c", 30))
    ]
    entry = toy.manifest(FOLLOWERS).slices["2026-11-06"]
    assert (entry.window_start, entry.window_end) == (date(2026, 11, 6), date(2026, 11, 7))


def test_a_later_run_replaces_its_own_day_and_no_other(toy: Toy) -> None:
    toy.api.followers = {"a": 10, "b": 20}
    land(toy, noon(5))
    before = toy.manifest(FOLLOWERS).slices["2026-11-05"]
    toy.api.followers = {"a": 11}
    land(toy, noon(6))
    toy.api.followers = {"a": 12, "c": 1}
    land(toy, noon(6) + timedelta(hours=5))
    assert counts(toy) == [
        ("2026-11-05", "a", 10),
        ("2026-11-05", "b", 20),
        ("2026-11-06", "a", 12),
        ("2026-11-06", "c", 1),
    ]
    assert replace(toy.manifest(FOLLOWERS).slices["2026-11-05"], file=None) == replace(before, file=None)


def test_days_without_a_run_are_not_loaded(toy: Toy) -> None:
    toy.api.followers = {"a": 10}
    land(toy, noon(2))
    land(toy, noon(6))
    assert sorted(toy.manifest(FOLLOWERS).slices) == ["2026-11-02", "2026-11-06"]


def test_days_cant_be_asked_for_and_the_run_says_so(toy: Toy) -> None:
    toy.api.followers = {"a": 10}
    assert toy.plan(noon(6), window=november(1, 3), streams=STREAMS) == [
        "toy/followers: one snapshot of today"
    ]
    landed = toy.land(noon(6), window=november(1, 3), streams=STREAMS)["followers"]
    assert landed.notes == ("read as it is now, the past can't be asked for: --from and --to don't apply",)
    assert counts(toy) == [("2026-11-06", "a", 10)]


def test_a_run_of_the_same_moment_changes_nothing(toy: Toy) -> None:
    toy.api.followers = {"a": 10}
    land(toy, noon(6))
    again = toy.land(noon(6), streams=STREAMS)["followers"]
    assert (again.changed_slices, toy.manifest(FOLLOWERS).slices["2026-11-06"].load_id) == (0, 1)


def test_a_day_whose_accounts_are_all_gone_is_known_and_empty(toy: Toy) -> None:
    toy.api.followers = {"a": 10}
    land(toy, noon(5))
    land(toy, noon(6))
    toy.api.followers = {}
    land(toy, noon(6) + timedelta(hours=1))
    assert counts(toy) == [("2026-11-05", "a", 10)]
    assert toy.manifest(FOLLOWERS).slices["2026-11-06"].rows == 0


def test_a_count_that_is_unknown_stays_unknown(toy: Toy) -> None:
    toy.api.followers = {"a": None}
    land(toy, noon(5))
    assert toy.rows(FOLLOWERS, "account, followers") == [("a", None)]


def test_a_failure_stores_nothing_and_what_was_read_before_stays(toy: Toy) -> None:
    toy.api.followers = {"a": 10, "b": 20, "c": 30}
    land(toy, noon(5))
    toy.api.order(Fault.SERVER_ERROR, times=3, matches=lambda request: request.args.get("after") == "2")
    outcome = toy.try_land(noon(6), streams=STREAMS)["followers"]
    assert outcome.error is not None
    assert sorted(toy.manifest(FOLLOWERS).slices) == ["2026-11-05"]


def test_a_column_that_vanished_or_changed_its_type_is_an_error(toy: Toy) -> None:
    toy.api.followers = {"a": 10}
    land(toy, noon(5))
    toy.api.followers = {"a": "many"}
    with pytest.raises(SourceDataError, match="column followers should hold whole numbers"):
        directly(toy, noon(6))
    toy.api.followers, toy.api.hidden = {"a": 11}, {"followers"}
    with pytest.raises(SchemaError, match="column followers is missing"):
        directly(toy, noon(6))
    assert counts(toy) == [("2026-11-05", "a", 10)]


def test_an_account_that_comes_twice_is_read_again_and_then_an_error(toy: Toy) -> None:
    toy.api.page_size = 1
    toy.api.followers = {"a": 10, "b": 20}
    toy.api.extra = {"account": "same"}
    with pytest.raises(PageDriftError, match="account same came twice"):
        directly(toy, noon(5))
    assert toy.api.paths("followers") == ["", "after=1"] * 3


def test_what_comes_beside_is_a_snapshot_of_the_same_moment(toy: Toy) -> None:
    toy.api.followers = {"a": 10}
    toy.api.audience = {"a": {"IR": 6, "DE": 4}}
    land(toy, noon(5), has_audience=True)
    toy.api.audience = {"a": {"IR": 7}}
    land(toy, noon(6), has_audience=True)
    toy.api.audience = {}
    land(toy, noon(7), has_audience=True)
    land(toy, noon(6) + timedelta(hours=1), has_audience=True)
    assert toy.rows(AUDIENCE, "_slice, captured_at, country, followers") == [
        ("2026-11-05", noon(5).replace(tzinfo=None), "DE", 4),
        ("2026-11-05", noon(5).replace(tzinfo=None), "IR", 6),
    ]
    assert {key: entry.rows for key, entry in toy.manifest(AUDIENCE).slices.items()} == {
        "2026-11-05": 2,
        "2026-11-06": 0,
        "2026-11-07": 0,
    }


def test_what_comes_beside_comes_once(toy: Toy) -> None:
    toy.api.page_size = 1
    toy.api.followers = {"a": 10, "b": 20}
    toy.api.audience = {"a": {"IR": 6}, "b": {"IR": 6}}
    land(toy, noon(5), has_audience=True)
    assert len(toy.rows(AUDIENCE, "account")) == 2


@pytest.mark.parametrize(
    ("stream", "beside"),
    [
        (VISITS, ()),
        (CONTACTS, ()),
        (replace(FOLLOWERS, cursor=None), ()),
        (replace(FOLLOWERS, day_zone="source"), ()),
        (FOLLOWERS, (CONTACTS,)),
        (FOLLOWERS, (replace(AUDIENCE, day_zone="UTC"),)),
    ],
)
def test_only_snapshots_of_an_instant_can_be_declared(stream: Any, beside: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match=r"a snapshot feed of toy/.*must be of Kind\.SNAPSHOT"):
        SnapshotFeed(stream=stream, read=lambda _: iter(()), beside=beside)


def test_reports_may_come_beside() -> None:
    assert SnapshotFeed(stream=FOLLOWERS, read=lambda _: iter(()), beside=(MARKS,)).beside == (MARKS,)
