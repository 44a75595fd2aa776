"""Members of channels and groups; Telegram tells bots nothing else of them."""

from connectors.core.stream import Column, Kind, Stream, Type

FOLLOWERS = Stream(
    connector="telegram",
    name="followers",
    kind=Kind.SNAPSHOT,
    description="Members of each chat at the moment of the run",
    columns=(
        Column("captured_at", Type.INSTANT, "When they were counted", required=True),
        Column("account_id", Type.STRING, "Id of the chat, which stays when its name changes", required=True),
        Column("username", Type.STRING, "Public name without @; null for a private chat"),
        Column("title", Type.STRING, "Title"),
        Column("type", Type.STRING, "channel, supergroup or group"),
        Column("followers", Type.INTEGER, "Members, bots included", required=True),
    ),
    key=("account_id",),
    cursor="captured_at",
    day_zone="brand",
)

STREAMS = (FOLLOWERS,)
