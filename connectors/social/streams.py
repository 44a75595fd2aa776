"""Social accounts: follower counts and posts."""

from connectors.core.stream import Column, Kind, Stream, Type

FOLLOWERS = Stream(
    connector="social",
    name="followers",
    kind=Kind.REPORT,
    description="Follower count per account and day; the last count of a day holds",
    columns=(
        Column("date", Type.DATE, "Day of the count", required=True),
        Column("platform", Type.STRING, "Network, e.g. instagram, telegram, linkedin", required=True),
        Column("account", Type.STRING, "Account handle or id", required=True),
        Column("followers", Type.INTEGER, "Followers at the count", required=True),
    ),
    key=("date", "platform", "account"),
    cursor="date",
)

POSTS = Stream(
    connector="social",
    name="posts",
    kind=Kind.ENTITY,
    description="Posts with their counters at the moment of the export; counters are lifetime totals",
    columns=(
        Column("platform", Type.STRING, "Network", required=True),
        Column("account", Type.STRING, "Account handle or id", required=True),
        Column("post_id", Type.STRING, "Id of the post", required=True),
        Column("published_at", Type.INSTANT, "When it was published", required=True),
        Column(
            "captured_at",
            Type.INSTANT,
            "When the counters were read; landing time where the export does not say",
        ),
        Column("reach", Type.INTEGER, "People reached; never summed over posts as people"),
        Column("impressions", Type.INTEGER, "Impressions"),
        Column("likes", Type.INTEGER, "Likes or reactions"),
        Column("comments", Type.INTEGER, "Comments"),
        Column("shares", Type.INTEGER, "Shares, forwards or reposts"),
        Column("saves", Type.INTEGER, "Saves"),
        Column("clicks", Type.INTEGER, "Clicks"),
    ),
    key=("platform", "account", "post_id"),
    cursor="published_at",
    day_zone="brand",
)

STREAMS = (FOLLOWERS, POSTS)
