"""Reports: whole days are replaced, walls and failures cost one window, periods that aren't over come again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.errors import PageDriftError, SchemaError, SourceDataError, TransientError
from connectors.core.feed import ReportFeed
from connectors.core.report_landing import ReportLanding
from connectors.core.window import Ask
from tests.fakes.faults import Fault
from tests.unit.core.toy_api import days
from tests.unit.core.toy_connector import MARKS, VISITS, feeds
from tests.unit.core.toy_workspace import Toy, fresh_toy, noon, november

_PAGES = st.dictionaries(st.sampled_from("ab"), st.integers(0, 9), max_size=2)
_ANSWER = st.dictionaries(st.integers(1, 6).map(lambda day: f"2026-11-{day:02d}"), _PAGES, max_size=6)


def only_visits(toy: Toy, **keys: object) -> ReportFeed:
    """The feed of visits."""
    (feed,) = feeds(toy.config(streams=("visits",), **keys))
    assert isinstance(feed, ReportFeed)
    return feed


def counts(toy: Toy) -> dict[str, int]:
    """Visits of page ``a`` by day that landed; -1 for a day without."""
    return {day: pages.get("a", -1) for day, pages in toy.visits().items()}


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(_ANSWER, st.integers(0, 2)), min_size=2, max_size=3))
def test_each_day_holds_its_last_answer_after_any_answers(
    answers: list[tuple[dict[str, dict[str, object]], int]],
) -> None:
    """Every run asks for all days; pages of 2 rows, windows of 6 days."""
    with fresh_toy() as toy:
        for answer, absent_days in answers:
            toy.api.visits = answer
            on = 7 - absent_days
            toy.land(noon(7), window=november(1, on - 1), streams=("visits",), window_days=6)
            stored = toy.visits()
            asked = [f"2026-11-{day:02d}" for day in range(1, on)]
            assert {day: stored[day] for day in asked} == {day: answer.get(day, {}) for day in asked}


def test_restated_days_change_and_the_others_keep_their_load(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1, 2, 3, 4, 5])
    toy.land(noon(6), streams=("visits",))
    toy.api.visits = days("2026-11-01", [91, 92, 93, 94, 95, 96])
    landed = toy.land(noon(7), streams=("visits",))["visits"]
    assert counts(toy) == {
        "2026-11-01": 1,
        "2026-11-02": 2,
        "2026-11-03": 3,
        "2026-11-04": 4,
        "2026-11-05": 95,
        "2026-11-06": 96,
    }
    loads = {key: entry.load_id for key, entry in toy.manifest(VISITS).slices.items()}
    assert [loads[f"2026-11-{day:02d}"] for day in range(1, 7)] == [1, 1, 1, 1, 2, 2]
    assert (landed.windows, landed.changed_slices, landed.rows) == (1, 2, 2)


def test_the_same_answer_again_changes_no_byte(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1, 2, 3])
    toy.api.users = {"month/2026-11-01": 5}
    every: dict[str, Any] = {"streams": ("visits", "users"), "has_marks": True}
    toy.land(noon(4), **every)
    before = {path: path.read_bytes() for path in toy.zone.root.rglob("*") if path.is_file()}
    landed = toy.land(noon(4), **every)
    assert {path: path.read_bytes() for path in toy.zone.root.rglob("*") if path.is_file()} == before
    assert [each.changed_slices for each in landed.values()] == [0, 0, 0]


def test_rows_that_vanished_leave_an_empty_day(toy: Toy) -> None:
    toy.api.visits = {"2026-11-01": {"a": 1, "b": 2}, "2026-11-02": {"a": 3}}
    toy.land(noon(3), streams=("visits",))
    toy.api.visits = {"2026-11-01": {"b": 2}}
    toy.land(noon(3), streams=("visits",))
    assert toy.visits() == {"2026-11-01": {"b": 2}, "2026-11-02": {}}


def test_days_without_rows_are_known_and_not_asked_again(toy: Toy) -> None:
    toy.land(noon(8), streams=("visits",))
    assert set(counts(toy).values()) == {-1}
    assert toy.plan(noon(9), streams=("visits",)) == [
        "toy/visits: days 2026-11-07 to 2026-11-08, in 1 windows"
    ]


def test_a_failed_window_leaves_the_earlier_ones_and_the_next_run_asks_for_the_rest(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", range(10, 18))
    toy.api.order(
        Fault.SERVER_ERROR, times=3, matches=lambda request: request.args.get("from") == "2026-11-04"
    )
    landed = toy.try_land(noon(9), streams=("visits",))["visits"]
    assert landed.error is not None
    assert "still failing after 3 tries" in landed.error
    assert counts(toy) == {"2026-11-01": 10, "2026-11-02": 11, "2026-11-03": 12}
    asked_before = len(toy.api.paths("visits"))
    toy.land(noon(9), streams=("visits",))
    asked = [query for query in toy.api.paths("visits")[asked_before:] if "after" not in query]
    assert asked == ["from=2026-11-04 to=2026-11-06", "from=2026-11-07 to=2026-11-08"]
    assert counts(toy) == {f"2026-11-{day:02d}": 9 + day for day in range(1, 9)}


def test_days_that_were_young_at_the_last_run_are_read_again_after_a_break(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1] * 5)
    toy.land(noon(6), streams=("visits",))
    (plan,) = toy.plan(noon(20), streams=("visits",), window_days=30)
    assert plan == "toy/visits: days 2026-11-05 to 2026-11-19, in 1 windows"


def test_an_earlier_start_asks_for_the_days_before_and_restates_no_others(toy: Toy) -> None:
    feed = replace(only_visits(toy), stream=replace(VISITS, reread_days=0))
    toy.api.visits = days("2026-11-01", [1] * 9)
    asked: list[str] = []

    def land(landing: ReportLanding) -> None:
        asked.extend(str(window) for window in landing.windows(feed, Ask()))
        landing.land(feed, Ask())

    toy.directly(ReportLanding, noon(9), land, start=date(2026, 11, 4))
    toy.directly(ReportLanding, noon(9), land, start=date(2026, 11, 2))
    toy.directly(ReportLanding, noon(10), land, start=date(2026, 11, 2))
    assert asked == [
        "2026-11-04 to 2026-11-06",
        "2026-11-07 to 2026-11-08",
        "2026-11-02 to 2026-11-03",
        "2026-11-09",
    ]


def test_changed_questions_ask_for_every_day_anew(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1, 2, 3, 4, 5, 6])
    toy.land(noon(7), streams=("visits",), events="share")
    toy.api.visits = days("2026-11-01", [71, 72, 73, 74, 75, 76])
    toy.land(noon(7), streams=("visits",), events="share, sign_up")
    assert counts(toy) == {f"2026-11-{day:02d}": 70 + day for day in range(1, 7)}
    assert toy.plan(noon(7), streams=("visits",), events="share, sign_up") == [
        "toy/visits: days 2026-11-05 to 2026-11-06, in 1 windows"
    ]


def test_changed_questions_that_broke_off_go_on_behind_the_last_window(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1] * 9)
    toy.land(noon(10), streams=("visits",))
    toy.api.visits = days("2026-11-01", [8] * 9)
    toy.api.order(
        Fault.SERVER_ERROR, times=3, matches=lambda request: request.args.get("from") == "2026-11-04"
    )
    toy.try_land(noon(10), streams=("visits",), events="new")
    assert list(counts(toy).values()) == [8, 8, 8, 1, 1, 1, 1, 1, 1]
    assert toy.plan(noon(10), streams=("visits",), events="new") == [
        "toy/visits: days 2026-11-04 to 2026-11-09, in 2 windows"
    ]
    toy.land(noon(10), streams=("visits",), events="new")
    assert list(counts(toy).values()) == [8] * 9
    assert toy.plan(noon(10), streams=("visits",), events="newer") == [
        "toy/visits: days 2026-11-01 to 2026-11-09, in 3 windows"
    ]


def test_requested_days_are_asked_alone_and_closing_days_besides(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1] * 12)
    toy.land(noon(13), streams=("visits",), window_days=30)
    toy.api.visits = days("2026-11-01", [5] * 12)
    toy.land(noon(13), window=november(3, 4), streams=("visits",))
    assert [day for day, count in counts(toy).items() if count == 5] == ["2026-11-03", "2026-11-04"]
    assert toy.plan(noon(13), also=november(6, 7), streams=("visits",)) == [
        "toy/visits: days 2026-11-06 to 2026-11-07, 2026-11-11 to 2026-11-12, in 2 windows"
    ]
    toy.land(noon(13), also=november(6, 7), streams=("visits",))
    assert [day[-2:] for day, count in counts(toy).items() if count == 5] == [
        "03",
        "04",
        "06",
        "07",
        "11",
        "12",
    ]


def test_requested_days_that_the_api_cannot_tell_are_noted(toy: Toy) -> None:
    landed = toy.land(noon(20), window=november(1, 2), streams=("visits",), memory_days=5)["visits"]
    assert landed.notes == ("2026-11-01 to 2026-11-02 is outside of what the API can tell",)
    assert toy.api.paths("visits") == []


def test_days_beyond_the_vendors_memory_are_not_asked(toy: Toy) -> None:
    assert toy.plan(noon(20), streams=("visits",), memory_days=4, window_days=30) == [
        "toy/visits: days 2026-11-16 to 2026-11-19, in 1 windows"
    ]


def test_without_a_start_three_years_are_asked(toy: Toy) -> None:
    toy.start = None
    (plan,) = toy.plan(noon(20), streams=("visits",), window_days=400)
    assert (
        plan == f"toy/visits: days {date(2026, 11, 20) - timedelta(days=3 * 365)} to 2026-11-19, in 3 windows"
    )


def test_a_row_that_comes_twice_is_drift_and_the_window_is_read_again(toy: Toy) -> None:
    toy.api.visits = {"2026-11-01": {"a": 1, "b": 2, "c": 3, "d": 4}}

    def grow() -> None:
        toy.api.visits = {"2026-11-01": {"0": 9, "a": 1, "b": 2, "c": 3, "d": 4}}

    toy.api.on_request(2, grow, matches=lambda request: request.path == "/visits")
    toy.land(noon(2), streams=("visits",))
    assert toy.visits() == {"2026-11-01": {"0": 9, "a": 1, "b": 2, "c": 3, "d": 4}}


def test_rows_that_never_hold_still_are_given_up_after_three_readings(toy: Toy) -> None:
    toy.api.visits = {"2026-11-01": {"a": 1, "b": 2}}
    toy.api.page_size = 1
    toy.api.extra = {"page": "same"}
    feed = only_visits(toy)
    with pytest.raises(PageDriftError, match=r"toy/visits: the row of date 2026-11-01, page same came twice"):
        toy.directly(ReportLanding, noon(2), lambda landing: landing.land(feed, Ask()))
    assert len(toy.api.paths("visits")) == 6
    assert toy.visits() == {}


def test_rows_of_days_that_were_not_asked_for_are_refused(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1])
    toy.api.extra = {"date": "2026-10-31"}
    feed = only_visits(toy)
    with pytest.raises(
        SourceDataError, match=r"asked for 2026-11-01, the answer holds 2026-10-31 to 2026-10-31"
    ):
        toy.directly(ReportLanding, noon(2), lambda landing: landing.land(feed, Ask()))
    assert toy.visits() == {}


def test_a_property_that_vanished_is_named_and_nothing_is_stored(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1, 2])
    toy.land(noon(2), streams=("visits",))
    toy.api.hidden = {"cost"}
    feed = only_visits(toy)
    with pytest.raises(SchemaError, match=r"shop, stream toy/visits: column cost is missing"):
        toy.directly(ReportLanding, noon(3), lambda landing: landing.land(feed, Ask()))
    assert counts(toy) == {"2026-11-01": 1}


def test_a_new_property_lands_and_is_reported_once(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1, 2, 3])
    toy.land(noon(2), streams=("visits",))
    toy.api.extra = {"device": "mobile"}
    assert toy.land(noon(3), streams=("visits",))["visits"].new_columns == ("device",)
    assert toy.land(noon(4), streams=("visits",))["visits"].new_columns == ()


def test_a_retyped_value_is_named_by_column_and_shape_and_nothing_is_stored(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1])
    toy.land(noon(2), streams=("visits",))
    toy.api.visits = {"2026-11-01": {"a": 5, "b": "Ali 12"}}
    feed = only_visits(toy)
    with pytest.raises(SourceDataError, match=r"column visits should hold whole numbers.*'xxx 99'") as caught:
        toy.directly(ReportLanding, noon(3), lambda landing: landing.land(feed, Ask()))
    assert caught.value.column == "visits"
    assert "Ali" not in str(caught.value)
    assert counts(toy) == {"2026-11-01": 1}


def test_an_answer_of_another_shape_is_a_change_of_the_api(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1])
    toy.api.lists_as = "items"
    feed = only_visits(toy)
    with pytest.raises(
        SchemaError, match=r"toy/visits: .*isn't of the shape that is known \('rows' is missing\)"
    ):
        toy.directly(ReportLanding, noon(2), lambda landing: landing.land(feed, Ask()))


def test_what_comes_beside_a_report_lands_with_its_days(toy: Toy) -> None:
    toy.api.visits = {"2026-11-01": {"a": 1, "b": 2}, "2026-11-02": {}}
    toy.land(noon(3), streams=("visits",), has_marks=True)
    assert toy.rows(MARKS, "_slice, rows") == [("toy/visits/2026-11-01", 2), ("toy/visits/2026-11-02", 0)]
    entry = toy.manifest(MARKS).slices["toy/visits/2026-11-02"]
    assert (entry.window_start, entry.window_end) == (date(2026, 11, 2), date(2026, 11, 3))


def test_a_wall_stops_between_windows_and_says_so(toy: Toy) -> None:
    toy.api.visits = days("2026-11-01", [1] * 6)
    feed = only_visits(toy)

    def land(landing: ReportLanding) -> None:
        stopping = iter([False, True])
        object.__setattr__(landing, "should_stop", lambda: next(stopping))
        landing.land(feed, Ask())

    with pytest.raises(TransientError, match="toy/visits: not asked any further, since another stream"):
        toy.directly(ReportLanding, noon(7), land)
    assert list(counts(toy)) == ["2026-11-01", "2026-11-02", "2026-11-03"]
