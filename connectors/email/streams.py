"""E-mail campaign reports: counts per send, and per link."""

from connectors.core.stream import Column, Kind, Stream, Type

CAMPAIGNS = Stream(
    connector="email",
    name="campaigns",
    kind=Kind.ENTITY,
    description="One row per send with its counts to date; later reports of a send replace earlier ones",
    columns=(
        Column("campaign_id", Type.STRING, "Id of the send", required=True),
        Column("subject", Type.STRING, "Subject line"),
        Column("campaign_name", Type.STRING, "Internal name"),
        Column("list_name", Type.STRING, "Audience or list"),
        Column("sent_at", Type.INSTANT, "When it was sent", required=True),
        Column("status", Type.STRING, "Delivery status"),
        Column("sent", Type.INTEGER, "Recipients sent to", required=True),
        Column("delivered", Type.INTEGER, "Recipients delivered to"),
        Column("hard_bounces", Type.INTEGER, "Hard bounces"),
        Column("soft_bounces", Type.INTEGER, "Soft bounces"),
        Column("bounces", Type.INTEGER, "Bounces where the tool does not split them"),
        Column("unique_opens", Type.INTEGER, "Recipients with an open, machine opens included"),
        Column("opens", Type.INTEGER, "Opens, repeated ones included"),
        Column(
            "human_unique_opens",
            Type.INTEGER,
            "Recipients with an open that no machine made; null where unknown",
        ),
        Column(
            "machine_only_opens",
            Type.INTEGER,
            "Recipients whose opens were all by machines; null where unknown",
        ),
        Column("unique_clicks", Type.INTEGER, "Recipients with a click"),
        Column("clicks", Type.INTEGER, "Clicks, repeated ones included"),
        Column("unsubscribes", Type.INTEGER, "Recipients who unsubscribed"),
        Column("complaints", Type.INTEGER, "Spam complaints"),
        Column("utm_campaign", Type.STRING, "UTM campaign of the links"),
        Column("is_test", Type.BOOLEAN, "Marked as a test by the tool"),
    ),
    key=("campaign_id",),
    cursor="sent_at",
    final_after_days=14,
    day_zone="brand",
)

LINKS = Stream(
    connector="email",
    name="links",
    kind=Kind.ENTITY,
    description="One row per link of a send with its counts to date",
    columns=(
        Column("campaign_id", Type.STRING, "Id of the send", required=True),
        Column("link_id", Type.STRING, "Id of the link", required=True),
        Column("url", Type.STRING, "Address"),
        Column("unique_clicks", Type.INTEGER, "Recipients who clicked it"),
        Column("clicks", Type.INTEGER, "Clicks"),
    ),
    key=("campaign_id", "link_id"),
)

STREAMS = (CAMPAIGNS, LINKS)
