"""What a Facebook page lands: followers now, posts with their counters, insights of the page by day."""

from connectors.core.stream import Column, Kind, Stream, Type

FOLLOWERS = Stream(
    connector="facebook_page",
    name="followers",
    kind=Kind.SNAPSHOT,
    description="The page at the moment of the run; the past can't be asked for",
    columns=(
        Column("captured_at", Type.INSTANT, "The run's clock", required=True),
        Column("page_id", Type.STRING, "Page", required=True),
        Column("name", Type.STRING, "Its name", required=True),
        Column("username", Type.STRING, "Its handle; null where it has none"),
        Column("followers_count", Type.INTEGER, "Followers", required=True),
        Column("fan_count", Type.INTEGER, "People who like the page, an older and smaller number"),
    ),
    key=("page_id",),
    cursor="captured_at",
    day_zone="brand",
)

POSTS = Stream(
    connector="facebook_page",
    name="posts",
    kind=Kind.ENTITY,
    description="Published posts with their counters, lifetime totals; a row lands when something changed",
    columns=(
        Column("post_id", Type.STRING, "Id of the post", required=True),
        Column("page_id", Type.STRING, "Page", required=True),
        Column("created_time", Type.INSTANT, "When it was published", required=True),
        Column("status_type", Type.STRING, "added_photos, added_video, shared_story …"),
        Column("permalink_url", Type.STRING, "Address"),
        Column("message", Type.STRING, "What it says; null with captions: drop"),
        Column("reactions", Type.INTEGER, "Reactions of all kinds"),
        Column("comments", Type.INTEGER, "Comments"),
        Column("shares", Type.INTEGER, "Shares; null where Facebook says nothing, as of a post never shared"),
        Column("reach", Type.INTEGER, "People who saw it (reach_metric); null where Facebook says nothing"),
        Column("views", Type.INTEGER, "Times it was seen (views_metric); null as above"),
        Column("clicks", Type.INTEGER, "Clicks on it (clicks_metric); null as above"),
    ),
    key=("post_id",),
    cursor="created_time",
    usable_after_days=2,
    final_after_days=30,
    day_zone="brand",
)

PAGE_DAYS = Stream(
    connector="facebook_page",
    name="page_days",
    kind=Kind.REPORT,
    description="Insights of the page per day and metric; no row where Facebook gives none, which isn't zero",
    columns=(
        Column("date", Type.DATE, "Day, Pacific", required=True),
        Column("page_id", Type.STRING, "Page", required=True),
        Column("metric", Type.STRING, "page_follows, page_media_view …", required=True),
        Column("value", Type.INTEGER, "Its value; people of several days can't be added", required=True),
    ),
    key=("date", "page_id", "metric"),
    cursor="date",
    reread_days=4,
    usable_after_days=3,
    final_after_days=3,
    day_zone="America/Los_Angeles",
)

STREAMS = (FOLLOWERS, POSTS, PAGE_DAYS)
