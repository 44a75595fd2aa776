"""Accounts and their posts in X's own words; of posts only the counters, not what they say."""

from connectors.core.stream import Column, Kind, Stream, Type

FOLLOWERS = Stream(
    connector="x",
    name="followers",
    kind=Kind.SNAPSHOT,
    description="Followers of each account at the moment of the run",
    columns=(
        Column("captured_at", Type.INSTANT, "When they were counted", required=True),
        Column(
            "account_id", Type.STRING, "Id of the account, which stays when its name changes", required=True
        ),
        Column("username", Type.STRING, "Name of the account without @", required=True),
        Column("name", Type.STRING, "Displayed name"),
        Column("followers_count", Type.INTEGER, "Followers", required=True),
        Column("following_count", Type.INTEGER, "Accounts that it follows"),
        Column("tweet_count", Type.INTEGER, "Posts, reposts included"),
        Column("listed_count", Type.INTEGER, "Lists that it is on"),
    ),
    key=("account_id",),
    cursor="captured_at",
    day_zone="brand",
)

POSTS = Stream(
    connector="x",
    name="posts",
    kind=Kind.ENTITY,
    description="Posts with their lifetime counters; each change of a counter is a version",
    columns=(
        Column("account_id", Type.STRING, "Account that posted", required=True),
        Column("username", Type.STRING, "Its name without @", required=True),
        Column("post_id", Type.STRING, "Id of the post", required=True),
        Column("created_at", Type.INSTANT, "When it was posted", required=True),
        Column("reference_type", Type.STRING, "quoted or replied_to; null for a post of its own"),
        Column("retweet_count", Type.INTEGER, "Reposts, quotes left out"),
        Column("quote_count", Type.INTEGER, "Posts that quote it"),
        Column("reply_count", Type.INTEGER, "Replies"),
        Column("like_count", Type.INTEGER, "Likes"),
        Column("bookmark_count", Type.INTEGER, "Bookmarks"),
        Column("impression_count", Type.INTEGER, "Times it was seen; not people"),
    ),
    key=("account_id", "post_id"),
    cursor="created_at",
    final_after_days=30,
    day_zone="brand",
)

STREAMS = (FOLLOWERS, POSTS)
