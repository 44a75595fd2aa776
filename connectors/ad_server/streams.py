"""Event log of an ad server: one row per impression or click."""

from connectors.core.stream import Column, Kind, Stream, Type

EVENTS = Stream(
    connector="ad_server",
    name="events",
    kind=Kind.ENTITY,
    description="Impressions with their clicks; a record is a line of a file",
    columns=(
        Column("event_at", Type.INSTANT, "When the ad was shown", required=True),
        Column("campaign", Type.STRING, "Campaign or policy that showed it"),
        Column("ad_id", Type.STRING, "Creative or item shown"),
        Column("placement", Type.STRING, "Position or slot"),
        Column("impressions", Type.INTEGER, "Impressions of the row; 1 where the log has no such column"),
        Column("clicks", Type.INTEGER, "Clicks of the row", required=True),
        Column("cost", Type.MONEY, "Spend of the row"),
        Column("currency_code", Type.STRING, "Currency of cost"),
    ),
    cursor="event_at",
    day_zone="brand",
)

STREAMS = (EVENTS,)
