"""Sources land at the same time, each once; what breaks off or fails is told to who waits for it."""

from __future__ import annotations

import threading

import pytest

from connectors.core.outcome import StreamLanding
from connectors.hotjar.streams import ANSWERS, RESPONSES, SURVEYS
from orchestration.pipeline import SourceResult, landing_line
from orchestration.side_by_side import SideBySide


def done(source_id: str) -> SourceResult:
    return SourceResult(source_id=source_id)


def test_two_sources_land_at_the_same_time() -> None:
    both_there = threading.Barrier(2, timeout=30)
    landing = SideBySide()

    def land(source_id: str) -> SourceResult:
        both_there.wait()
        return done(source_id)

    for source_id in ("a", "b"):
        landing.begin(source_id, lambda source_id=source_id: land(source_id))  # type: ignore[misc]
    assert [landing.result(each) for each in ("a", "b")] == [done("a"), done("b")]
    landing.close()


def test_a_source_lands_once_however_often_it_is_begun() -> None:
    landing, times = SideBySide(), []
    for _ in range(3):
        landing.begin("a", lambda: times.append(1) or done("a"))  # type: ignore[func-returns-value]
    assert landing.result("a") == done("a")
    assert (times, landing.results(), landing.result("never begun")) == ([1], [done("a")], None)
    landing.close()


def test_what_nobody_foresaw_is_raised_where_it_is_waited_for() -> None:
    landing = SideBySide()
    landing.begin("a", lambda: 1 / 0)  # type: ignore[arg-type, return-value]
    with pytest.raises(ZeroDivisionError):
        landing.result("a")
    assert landing.results() == []
    landing.close()


def test_closing_tells_those_at_work_and_waits_for_them() -> None:
    landing, left = SideBySide(), []

    def land() -> SourceResult:
        landing.stopped.wait(timeout=30)
        left.append("a")
        return done("a")

    landing.begin("a", land)
    landing.close()
    assert left == ["a"]


def test_a_source_fails_with_every_reason_once_and_tells_which_stream_landed() -> None:
    landings = (
        StreamLanding(stream=SURVEYS, rows=3, requests=1),
        StreamLanding(stream=RESPONSES, error="no scope", requests=2, waited_seconds=12.4),
        StreamLanding(stream=ANSWERS, error="no scope"),
    )
    result = SourceResult.of("survey", landings)
    assert result.error == "no scope"
    assert [result.error_of(stream) for stream in (SURVEYS, RESPONSES)] == [None, "no scope"]
    assert landing_line(result) == (
        "survey: hotjar/surveys 3 new rows by 1 request, hotjar/responses 0 new rows by 2 requests, waited 12 s"
    )
