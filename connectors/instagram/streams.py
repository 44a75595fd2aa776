"""What Instagram lands: followers now, posts with their counters, insights of the account by day."""

from connectors.core.stream import Column, Kind, Stream, Type

FOLLOWERS = Stream(
    connector="instagram",
    name="followers",
    kind=Kind.SNAPSHOT,
    description="The account at the moment of the run; the past can't be asked for",
    columns=(
        Column("captured_at", Type.INSTANT, "The run's clock", required=True),
        Column("account_id", Type.STRING, "Instagram user", required=True),
        Column("username", Type.STRING, "Handle, without @; may be changed by its owner", required=True),
        Column("followers_count", Type.INTEGER, "Followers", required=True),
        Column("follows_count", Type.INTEGER, "Accounts that it follows"),
        Column("media_count", Type.INTEGER, "Posts"),
    ),
    key=("account_id",),
    cursor="captured_at",
    day_zone="brand",
)

POSTS = Stream(
    connector="instagram",
    name="posts",
    kind=Kind.ENTITY,
    description="Posts and reels with their counters, lifetime totals; a row lands when something changed",
    columns=(
        Column("media_id", Type.STRING, "Id of the post", required=True),
        Column("account_id", Type.STRING, "Instagram user", required=True),
        Column("username", Type.STRING, "Its handle"),
        Column("timestamp", Type.INSTANT, "When it was published", required=True),
        Column("media_type", Type.STRING, "IMAGE, VIDEO or CAROUSEL_ALBUM"),
        Column("media_product_type", Type.STRING, "FEED or REELS"),
        Column("permalink", Type.STRING, "Address"),
        Column("caption", Type.STRING, "What it says; null with captions: drop"),
        Column("like_count", Type.INTEGER, "Likes; null where the owner hides them"),
        Column("comments_count", Type.INTEGER, "Comments, replies left out"),
        Column("reach", Type.INTEGER, "Accounts that saw it, estimated; null where Instagram says nothing"),
        Column("views", Type.INTEGER, "Times it was seen; null as above"),
        Column("saved", Type.INTEGER, "Times it was saved; null as above"),
        Column("shares", Type.INTEGER, "Times it was shared; null as above"),
        Column("total_interactions", Type.INTEGER, "Likes, comments, saves and shares; null as above"),
    ),
    key=("media_id",),
    cursor="timestamp",
    usable_after_days=2,
    final_after_days=30,
    day_zone="brand",
)

ACCOUNT_DAYS = Stream(
    connector="instagram",
    name="account_days",
    kind=Kind.REPORT,
    description="Insights of the account per day and metric; no row where Instagram gives none: not zero",
    columns=(
        Column("date", Type.DATE, "Day, Pacific", required=True),
        Column("account_id", Type.STRING, "Instagram user", required=True),
        Column("metric", Type.STRING, "reach, follower_count (new followers), views …", required=True),
        Column("value", Type.INTEGER, "Its value; people of several days can't be added", required=True),
    ),
    key=("date", "account_id", "metric"),
    cursor="date",
    reread_days=4,
    usable_after_days=3,
    final_after_days=3,
    day_zone="America/Los_Angeles",
)

STREAMS = (FOLLOWERS, POSTS, ACCOUNT_DAYS)
