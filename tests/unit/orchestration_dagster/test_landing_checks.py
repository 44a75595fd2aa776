"""What the checks of a landing say about the facts of it."""

from __future__ import annotations

from datetime import date, timedelta

import dagster as dg
from hypothesis import given
from hypothesis import strategies as st

from connectors.registry import STREAMS
from orchestration.checks.landing import (
    StreamFacts,
    check_stream,
    days_covered,
    expected_through,
    missing_days,
)
from orchestration.source_settings import ExpectKind

TOTALS = STREAMS["ga4/totals"]
DAY = date(2026, 11, 1)


def _day(number: int) -> date:
    return DAY + timedelta(days=number)


def _results(fact: StreamFacts) -> dict[str | None, dg.AssetCheckResult]:
    return {result.check_name: result for result in check_stream(TOTALS, [fact])}


def test_a_good_landing_passes_everything() -> None:
    fact = StreamFacts(
        source_id="web", listed_rows=3, stored_rows=3, windows=((DAY, _day(3)),), expected_through=_day(2)
    )
    assert all(result.passed for result in _results(fact).values())


def test_a_failed_source_fails_its_check_and_says_why() -> None:
    result = _results(StreamFacts(source_id="web", error="no column date"))["sources_landed"]
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert "no column date" in (result.description or "")


def test_rows_that_the_manifest_does_not_list_fail() -> None:
    assert not _results(StreamFacts(source_id="web", listed_rows=3, stored_rows=4))["rows_landed"].passed


def test_rejects_warn() -> None:
    result = _results(StreamFacts(source_id="web", rejected=1))["rejects"]
    assert (result.passed, result.severity) == (False, dg.AssetCheckSeverity.WARN)


def test_a_gap_between_landed_days_warns() -> None:
    fact = StreamFacts(source_id="web", windows=((DAY, _day(1)), (_day(3), _day(4))))
    assert "2 days missing" in (_results(fact)["window_covered"].description or "")


def test_a_requested_window_that_did_not_come_warns() -> None:
    fact = StreamFacts(source_id="web", windows=((DAY, _day(1)),), requested=(DAY, _day(2)))
    assert not _results(fact)["window_covered"].passed


def test_a_late_newest_day_warns() -> None:
    fact = StreamFacts(source_id="web", windows=((DAY, _day(1)),), expected_through=_day(5))
    assert not _results(fact)["newest_day"].passed


def test_days_covered_span_all_sources() -> None:
    first = StreamFacts(source_id="web", windows=((_day(3), _day(4)),))
    second = StreamFacts(source_id="shop", windows=((DAY, _day(1)), (_day(5), _day(8))))
    assert days_covered([first, second]) == f"{DAY} to {_day(7)}"
    assert days_covered([StreamFacts(source_id="web")]) is None


def test_nothing_is_said_of_a_stream_without_sources() -> None:
    assert check_stream(TOTALS, []) == []


def test_what_is_expected_follows_the_source() -> None:
    def through(kind: ExpectKind, until: date | None = None) -> date | None:
        return expected_through(kind, until=until, today=_day(10), usable_after=2)

    assert through(ExpectKind.NONE) is None
    assert through(ExpectKind.DAILY) == _day(8)
    assert through(ExpectKind.UNTIL, _day(3)) == _day(3)
    assert through(ExpectKind.UNTIL, _day(20)) == _day(8)


@given(st.lists(st.tuples(st.integers(-5, 25), st.integers(0, 8)), max_size=6))
def test_missing_days_equal_counting_them_one_by_one(spans: list[tuple[int, int]]) -> None:
    windows = [(_day(start), _day(start + length)) for start, length in spans]
    days = [_day(number) for number in range(20)]
    uncovered = [day for day in days if not any(start <= day < end for start, end in windows)]
    assert missing_days(windows, within=(DAY, _day(20))) == len(uncovered)
