"""Subscriptions as full lists taken at moments."""

from connectors.core.stream import Column, Kind, Stream, Type

SNAPSHOTS = Stream(
    connector="subscriptions",
    name="snapshots",
    kind=Kind.SNAPSHOT,
    description="Every subscription item at one moment; a slice is the moment",
    columns=(
        Column("snapshot_at", Type.INSTANT, "The moment", required=True),
        Column("subscriber_id", Type.STRING, "Who pays", required=True),
        Column("item_id", Type.STRING, "Item of the subscription, where there are several"),
        Column("plan", Type.STRING, "Plan or tier"),
        Column("platform", Type.STRING, "Where it is billed"),
        Column("status", Type.STRING, "Status word of the billing system"),
        Column("quantity", Type.DECIMAL, "Units; 1 where the list has none"),
        Column("amount", Type.MONEY, "Price of one unit per interval, after recurring discounts"),
        Column("currency_code", Type.STRING, "Currency of amount"),
        Column("interval", Type.STRING, "day, week, month or year"),
        Column("interval_count", Type.INTEGER, "Intervals per billing period"),
    ),
    cursor="snapshot_at",
    day_zone="brand",
)

STREAMS = (SNAPSHOTS,)
