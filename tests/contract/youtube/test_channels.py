"""YouTube: rounded and hidden counts, numbers as strings, absent ``items``, a quota of a day, an owner's exact days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import ValidationError
from werkzeug import Request, Response

from connectors.core.raw_zone import RawZone
from connectors.registry import api_config
from tests.contract.landed import Workbench, errors_of
from tests.fakes.faults import Fault
from tests.fakes.youtube import (
    API_KEY,
    CLIENT_ID,
    CLIENT_KEY,
    REFRESH,
    Channel,
    Video,
    YouTubeApi,
    refusal,
)

NOON = datetime(2026, 11, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SIB, ACME = "UCsib0000000000000000000", "UCacme000000000000000000"
VIDEOS = "select post_id, view_count, like_count, comment_count from raw.youtube__posts where not _is_deleted order by 1"


@pytest.fixture
def api() -> Iterator[YouTubeApi]:
    """Two channels, one with three videos; the contract must not be broken."""
    with YouTubeApi() as server:
        videos = [
            Video(f"video-{number}", NOON - number * 20 * DAY, f"فیلم {number}", views=number, likes=number)
            for number in (1, 2, 3)
        ]
        server.channels = [
            Channel(SIB, "@sib.shop", "سیب", subscribers=12_399, videos=videos),
            Channel(ACME, "@acme", "Acme", subscribers=999),
        ]
        yield server
    assert server.violations == []


@pytest.fixture
def bench(api: YouTubeApi, zone: RawZone, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A project's key, for both channels."""
    monkeypatch.setenv("TUBE_KEY", API_KEY)
    keys = {
        "connector": "youtube",
        "key_env": "TUBE_KEY",
        "channels": [SIB, "@acme"],
        "base_url": api.base_url,
        "page_size": 2,
    }
    return Workbench(zone, keys)


@pytest.fixture
def owner(api: YouTubeApi, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Keys of an owner who has consented for one channel, which was seen on three days."""
    for name, value in (("OWN_ID", CLIENT_ID), ("OWN_SECRET", CLIENT_KEY), ("OWN_REFRESH", REFRESH)):
        monkeypatch.setenv(name, value)
    api.owned = {SIB}
    for number in range(1, 4):
        api.channels[0].days[date(2026, 11, number)] = (10 + number, number, 100, -1, 0, 2, 300)
    analytics = {
        "client_id_env": "OWN_ID",
        "client_secret_env": "OWN_SECRET",
        "refresh_token_env": "OWN_REFRESH",
        "token_url": api.base_url,
        "base_url": api.base_url,
    }
    return {"analytics": analytics, "channels": [SIB], "start": date(2026, 11, 1)}


def test_counts_are_rounded_from_a_thousand_on_and_say_so(bench: Workbench) -> None:
    bench.landed(NOON)
    assert bench.rows(
        "select account_id, handle, subscriber_count, is_rounded, video_count from raw.youtube__followers order by 2"
    ) == [(ACME, "@acme", 999, False, 0), (SIB, "@sib.shop", 12_300, True, 3)]


def test_a_hidden_count_is_unknown_not_zero(api: YouTubeApi, bench: Workbench) -> None:
    api.channels[0].hides = True
    bench.landed(NOON)
    assert bench.rows(
        "select subscriber_count, is_rounded, hidden_subscriber_count from raw.youtube__followers order by handle"
    ) == [(999, False, False), (None, None, True)]
    assert "سیب hides its subscribers" in bench.check(now=NOON).notes


def test_counts_beyond_floats_stay_exact(api: YouTubeApi, bench: Workbench) -> None:
    api.channels[0].videos[0].views = 9_007_199_254_740_993
    bench.landed(NOON)
    assert bench.rows(VIDEOS)[0][1] == 9_007_199_254_740_993


def test_likes_that_are_hidden_and_comments_that_are_off_are_unknown(
    api: YouTubeApi, bench: Workbench
) -> None:
    api.channels[0].videos[1].likes = None
    api.channels[0].videos[2].comments = None
    bench.landed(NOON)
    assert bench.rows(VIDEOS) == [
        ("video-1", 1, 1, 0),
        ("video-2", 2, None, 0),
        ("video-3", 3, 3, None),
    ]


def test_the_key_travels_in_a_header(api: YouTubeApi, bench: Workbench) -> None:
    bench.landed(NOON)
    assert {seen.headers["X-Goog-Api-Key"] for seen in api.seen} == {API_KEY}
    assert [seen.query for seen in api.seen if API_KEY in str(seen.query)] == []


def test_a_channel_without_videos_is_asked_for_none(api: YouTubeApi, bench: Workbench) -> None:
    api.channels[0].videos = []
    bench.landed(NOON)
    assert {seen.path for seen in api.seen} == {"/youtube/v3/channels"}


@pytest.mark.parametrize("unknown", ["@nobody", "UCnobody0000000000000000"])
def test_absent_items_mean_an_unknown_channel(bench: Workbench, unknown: str) -> None:
    said = errors_of(bench.land(NOON, channels=[SIB, unknown]))
    assert set(said) == {"followers", "posts"}
    assert f"YouTube knows no channel {unknown}" in said["followers"]
    assert bench.rows("select count(*) from raw.youtube__followers") == [(0,)]


def test_a_video_that_comes_meanwhile_has_the_list_read_again(api: YouTubeApi, bench: Workbench) -> None:
    new = Video("video-0", NOON, "نو")
    api.on_request(
        2,
        lambda: api.channels[0].videos.append(new),
        matches=lambda request: request.path.endswith("playlistItems"),
    )
    bench.landed(NOON)
    assert [row[0] for row in bench.rows(VIDEOS)] == ["video-0", "video-1", "video-2", "video-3"]


def test_a_video_that_goes_meanwhile_hides_no_other(api: YouTubeApi, bench: Workbench) -> None:
    api.on_request(
        2,
        lambda: api.channels[0].videos.pop(0),
        matches=lambda request: request.path.endswith("playlistItems"),
    )
    bench.landed(NOON)
    assert [row[0] for row in bench.rows(VIDEOS)] == ["video-2", "video-3"]


def test_a_deleted_video_is_gone_with_the_next_whole_list(api: YouTubeApi, bench: Workbench) -> None:
    bench.landed(NOON)
    api.channels[0].videos.pop()
    bench.landed(NOON + DAY)
    assert bench.rows("select post_id from raw.youtube__posts where _is_deleted") == [("video-3",)]


def test_between_whole_lists_a_run_stops_at_what_is_old(api: YouTubeApi, bench: Workbench) -> None:
    bench.landed(NOON, relist_days=30, page_size=1)
    api.seen.clear()
    bench.landed(NOON + DAY, relist_days=30, page_size=1)
    assert sum(seen.path.endswith("/videos") for seen in api.seen) == 3
    api.seen.clear()
    bench.landed(NOON + DAY, relist_days=30, page_size=1, post_days=10)
    assert sum(seen.path.endswith("/videos") for seen in api.seen) == 2


def test_videos_before_the_first_day_are_not_wanted_and_those_of_another_are(bench: Workbench) -> None:
    bench.landed(NOON, start=date(2026, 9, 25))
    assert [row[0] for row in bench.rows(VIDEOS)] == ["video-1", "video-2"]
    bench.landed(NOON + DAY)
    assert [row[0] for row in bench.rows(VIDEOS)] == ["video-1", "video-2", "video-3"]


def test_a_used_up_quota_ends_the_run_at_once(api: YouTubeApi, bench: Workbench) -> None:
    api.order(Fault.QUOTA_EXHAUSTED, times=9)
    said = errors_of(bench.land(NOON, parallel=1))["followers"]
    assert "the allowance of the day is used up" in said
    assert "midnight Pacific time" in said
    assert len(api.seen) == 1
    assert bench.seconds.waits == []


def test_a_refused_key_comes_as_400(
    api: YouTubeApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUBE_KEY", "AIzaSy-some-other-key")
    said = errors_of(bench.land(NOON))["followers"]
    assert "the credentials are refused (API key not valid" in said
    assert "AIzaSy-some-other-key" not in said


class _Hurried(YouTubeApi):
    """Its first answer is a limit of a minute."""

    def answer(self, request: Request) -> Response:
        if not self.seen:
            return refusal(403, "Too many requests", "userRateLimitExceeded")
        return super().answer(request)


def test_a_limit_of_a_minute_is_a_403_that_passes(api: YouTubeApi, bench: Workbench) -> None:
    with _Hurried() as hurried:
        hurried.channels = api.channels
        bench.landed(NOON, base_url=hurried.base_url, parallel=1)
    assert len(bench.seconds.waits) == 1


def test_an_owner_gets_exact_days(api: YouTubeApi, bench: Workbench, owner: dict[str, object]) -> None:
    bench.keys |= owner
    bench.landed(NOON)
    assert bench.rows(
        "select day, subscribers_gained, subscribers_lost, likes, estimated_minutes_watched "
        "from raw.youtube__channel_days order by day"
    ) == [(date(2026, 11, number), 10 + number, number, -1, 300) for number in range(1, 4)]
    asked = [seen.query for seen in api.seen if seen.path == "/v2/reports"]
    # Until three days before the Pacific day, which is still the tenth of November.
    assert [(each["ids"], each["startDate"], each["endDate"]) for each in asked] == [
        (f"channel=={SIB}", "2026-11-01", "2026-11-07")
    ]


def test_without_an_owner_there_are_no_exact_days(bench: Workbench) -> None:
    assert list(bench.landed(NOON)) == ["followers", "posts"]


def test_an_access_token_that_expired_is_fetched_anew(
    api: YouTubeApi, bench: Workbench, owner: dict[str, object]
) -> None:
    api.order(Fault.EXPIRED_TOKEN, matches=lambda request: request.path == "/v2/reports")
    bench.landed(NOON, **owner)
    assert sum(seen.path == "/token" for seen in api.seen) == 2


def test_a_consent_that_was_withdrawn_costs_the_exact_days_and_is_told_by_check(
    api: YouTubeApi, bench: Workbench, owner: dict[str, object]
) -> None:
    api.refresh = "1//another"
    said = errors_of(bench.land(NOON, parallel=1, **owner))
    assert list(said) == ["channel_days"]
    assert "invalid_grant" in said["channel_days"]
    assert "consent anew" in said["channel_days"]
    assert REFRESH not in str(said)
    assert "consent anew" in bench.check(now=NOON, **owner).problems[0]


def test_a_channel_that_is_not_the_owners_is_told(
    api: YouTubeApi, bench: Workbench, owner: dict[str, object]
) -> None:
    api.owned = set()
    assert "have no right to this" in errors_of(bench.land(NOON, **owner))["channel_days"]


def test_check_tells_channels_and_what_is_seen(bench: Workbench, owner: dict[str, object]) -> None:
    assert bench.check(now=NOON).summary == "YouTube سیب, Acme; reads what the public sees"
    assert "exact days" in bench.check(now=NOON, **owner).summary
    assert "rounded down" in bench.check(now=NOON).notes[0]


@pytest.mark.parametrize("channel", ["sib.shop", "UCshort", "https://www.youtube.com/@sib"])
def test_a_channel_is_a_handle_or_an_id(channel: str) -> None:
    keys = {"connector": "youtube", "brand": "b", "key_env": "K", "channels": [channel]}
    with pytest.raises(ValidationError):
        api_config("youtube").model_validate(keys)
