"""Channels, their videos and, for who owns them, their days, in YouTube's own words."""

from connectors.core.stream import Column, Kind, Stream, Type

FOLLOWERS = Stream(
    connector="youtube",
    name="followers",
    kind=Kind.SNAPSHOT,
    description="Subscribers of each channel at the moment of the run, as the public sees them",
    columns=(
        Column("captured_at", Type.INSTANT, "When they were counted", required=True),
        Column("account_id", Type.STRING, "Id of the channel, UC…", required=True),
        Column("handle", Type.STRING, "Its handle, with @"),
        Column("title", Type.STRING, "Its title"),
        Column("subscriber_count", Type.INTEGER, "Subscribers; null where the channel hides them"),
        Column(
            "is_rounded", Type.BOOLEAN, "The count is rounded down to three figures; null where it is hidden"
        ),
        Column("hidden_subscriber_count", Type.BOOLEAN, "The channel hides its subscribers", required=True),
        Column("view_count", Type.INTEGER, "Views of all time"),
        Column("video_count", Type.INTEGER, "Public videos"),
    ),
    key=("account_id",),
    cursor="captured_at",
    day_zone="brand",
)

POSTS = Stream(
    connector="youtube",
    name="posts",
    kind=Kind.ENTITY,
    description="Videos with their lifetime counters; each change of a counter is a version",
    columns=(
        Column("account_id", Type.STRING, "Channel", required=True),
        Column("handle", Type.STRING, "Its handle, with @"),
        Column("post_id", Type.STRING, "Id of the video", required=True),
        Column("published_at", Type.INSTANT, "When it was published", required=True),
        Column("title", Type.STRING, "Title"),
        Column("default_audio_language", Type.STRING, "Language that is spoken, where it is told"),
        Column("view_count", Type.INTEGER, "Views"),
        Column("like_count", Type.INTEGER, "Likes; null where they are hidden"),
        Column("comment_count", Type.INTEGER, "Comments; null where they are switched off"),
    ),
    key=("account_id", "post_id"),
    cursor="published_at",
    final_after_days=30,
    day_zone="brand",
)

CHANNEL_DAYS = Stream(
    connector="youtube",
    name="channel_days",
    kind=Kind.REPORT,
    description="Exact gains, losses and use per day and channel, from YouTube Analytics",
    columns=(
        Column("day", Type.DATE, "Day, Pacific time", required=True),
        Column("account_id", Type.STRING, "Channel", required=True),
        Column("subscribers_gained", Type.INTEGER, "Subscriptions"),
        Column("subscribers_lost", Type.INTEGER, "Subscriptions that were ended"),
        Column("views", Type.INTEGER, "Views"),
        Column("likes", Type.INTEGER, "Likes less those taken back; may be negative"),
        Column("comments", Type.INTEGER, "Comments"),
        Column("shares", Type.INTEGER, "Uses of the share button"),
        Column("estimated_minutes_watched", Type.INTEGER, "Minutes watched"),
    ),
    key=("day", "account_id"),
    cursor="day",
    reread_days=15,
    usable_after_days=4,
    final_after_days=14,
    day_zone="America/Los_Angeles",
)

STREAMS = (FOLLOWERS, POSTS, CHANNEL_DAYS)
