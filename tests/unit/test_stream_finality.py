"""Days whose numbers a vendor still changes are provisional until they settle."""

from connectors.registry import API_CONNECTORS, STREAMS


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
