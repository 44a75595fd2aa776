"""Company pages: followers, gains per day and posts with their statistics; of posts not what they say."""

from connectors.core.stream import Column, Kind, Stream, Type

FOLLOWERS = Stream(
    connector="linkedin_page",
    name="followers",
    kind=Kind.SNAPSHOT,
    description="Followers of each page at the moment of the run",
    columns=(
        Column("captured_at", Type.INSTANT, "When they were counted", required=True),
        Column("account_id", Type.STRING, "Id of the organization", required=True),
        Column("first_degree_size", Type.INTEGER, "Followers", required=True),
    ),
    key=("account_id",),
    cursor="captured_at",
    day_zone="brand",
)

FOLLOWER_GAINS = Stream(
    connector="linkedin_page",
    name="follower_gains",
    kind=Kind.REPORT,
    description="New followers per day and page, those who left taken off; never a total",
    columns=(
        Column("day", Type.DATE, "Day, UTC", required=True),
        Column("account_id", Type.STRING, "Organization", required=True),
        Column("organic_follower_gains", Type.INTEGER, "Gained without ads; may be negative"),
        Column("paid_follower_gains", Type.INTEGER, "Gained by ads"),
    ),
    key=("day", "account_id"),
    cursor="day",
    reread_days=8,
    usable_after_days=3,
    final_after_days=7,
    day_zone="UTC",
)

POSTS = Stream(
    connector="linkedin_page",
    name="posts",
    kind=Kind.ENTITY,
    description="Posts with their lifetime statistics; each change of a counter is a version",
    columns=(
        Column("account_id", Type.STRING, "Organization that posted", required=True),
        Column("post_id", Type.STRING, "Id of the post, urn:li:share:… or urn:li:ugcPost:…", required=True),
        Column("published_at", Type.INSTANT, "When it was published", required=True),
        Column("lifecycle_state", Type.STRING, "PUBLISHED and others"),
        Column("visibility", Type.STRING, "PUBLIC and others"),
        Column("title", Type.STRING, "Title of the article or medium in it"),
        Column("impression_count", Type.INTEGER, "Times it was seen"),
        Column(
            "unique_impressions_count", Type.INTEGER, "People who saw it; never summed over posts as people"
        ),
        Column("click_count", Type.INTEGER, "Clicks"),
        Column("like_count", Type.INTEGER, "Reactions; LinkedIn may count one that was taken back"),
        Column("comment_count", Type.INTEGER, "Comments"),
        Column("share_count", Type.INTEGER, "Reposts"),
    ),
    key=("account_id", "post_id"),
    cursor="published_at",
    final_after_days=30,
    day_zone="brand",
)

STREAMS = (FOLLOWERS, FOLLOWER_GAINS, POSTS)
