"""Days whose numbers a vendor still changes are provisional until they settle."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors.core.stream import Kind, Stream
from connectors.core.window import Ask, days_to_ask
from connectors.registry import API_CONNECTORS, STREAMS

_TODAY = date(2026, 11, 10)
_RESTATED = [stream for stream in STREAMS.values() if stream.kind is Kind.REPORT and stream.reread_days]


@pytest.mark.parametrize("stream", _RESTATED, ids=lambda stream: stream.id)
def test_the_day_that_could_change_until_yesterday_evening_is_read_this_morning(stream: Stream) -> None:
    settled = _TODAY - timedelta(days=stream.final_after_days + 1)
    every_day = [_TODAY - timedelta(days=age) for age in range(1, 200)]
    asked = days_to_ask(
        listed=every_day,
        first=every_day[-1],
        last=_TODAY - timedelta(days=1),
        reread_days=stream.reread_days,
        ask=Ask(),
        earliest=None,
    )
    assert any(settled in window for window in asked)


def test_a_report_that_is_read_again_too_rarely_is_no_stream() -> None:
    declared = STREAMS["meta_ads/conversions"]
    with pytest.raises(ValueError, match="declare reread_days=29 or more"):
        replace(declared, reread_days=28)


def test_a_report_that_is_never_read_again_may_settle_whenever_it_does() -> None:
    assert replace(STREAMS["meta_ads/conversions"], reread_days=0).reread_days == 0


def test_posts_settle_no_sooner_than_their_counters_stop_being_read() -> None:
    posts = [
        stream for stream in STREAMS.values() if stream.name == "posts" and stream.connector in API_CONNECTORS
    ]
    assert {stream.connector for stream in posts} == {
        "facebook_page",
        "instagram",
        "linkedin_page",
        "x",
        "youtube",
    }
    assert {
        stream.connector: stream.final_after_days for stream in posts if stream.final_after_days < 30
    } == {}
