"""Daily traffic of any other web-analytics tool (Ravand and the like), by mapped file."""

from connectors.core.stream import Column, Kind, Stream, Type

TRAFFIC = Stream(
    connector="web",
    name="traffic",
    kind=Kind.REPORT,
    description="Traffic per day and, where the tool tells, channel, source, medium and campaign",
    columns=(
        Column("date", Type.DATE, "Day in the time zone of the tool", required=True),
        Column("channel_group", Type.STRING, "Channel as the tool names it"),
        Column("source", Type.STRING, "Source"),
        Column("medium", Type.STRING, "Medium"),
        Column("campaign", Type.STRING, "Campaign"),
        Column("sessions", Type.INTEGER, "Sessions"),
        Column(
            "engaged_sessions",
            Type.INTEGER,
            "Sessions over the engagement timer, with a key event or with two views",
        ),
        Column("engagement_seconds", Type.NUMBER, "Seconds with the page in the foreground, summed"),
        Column("page_views", Type.INTEGER, "Views of pages and screens"),
        Column("active_users", Type.INTEGER, "Active users of this row; never summed"),
        Column("key_events", Type.DECIMAL, "Key events (fractional under data-driven attribution)"),
        Column("revenue", Type.MONEY, "Revenue that the tool reports"),
        Column("currency_code", Type.STRING, "Currency of revenue"),
    ),
    key=("date", "channel_group", "source", "medium", "campaign"),
    cursor="date",
)

STREAMS = (TRAFFIC,)
