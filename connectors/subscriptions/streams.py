"""Subscriptions as full lists taken at moments, or as a history of their items."""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

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
    ids=(Identity("subscriber_id", IdKind.PERSON),),
)

ITEMS = Stream(
    connector="subscriptions",
    name="items",
    kind=Kind.ENTITY,
    description="State of a subscription item from effective_at until its next row",
    columns=(
        Column("item_id", Type.STRING, "Item of a subscription", required=True),
        Column("subscription_id", Type.STRING, "Its subscription; without one the item is its own"),
        Column("subscriber_id", Type.STRING, "Who pays", required=True),
        Column("subscriber_email", Type.STRING, "E-mail address of who pays", personal=Personal.EMAIL),
        Column("plan", Type.STRING, "Plan or tier"),
        Column("effective_at", Type.INSTANT, "When this state began", required=True),
        Column("status", Type.STRING, "Status word of the billing system", required=True),
        Column("is_paused", Type.BOOLEAN, "Whether collection is paused"),
        Column("quantity", Type.DECIMAL, "Units; 1 where there is none"),
        Column("unit_amount", Type.MONEY, "Price of one unit per billing period, before discounts"),
        Column("currency_code", Type.STRING, "Currency of all amounts of the row"),
        Column("interval", Type.STRING, "day, week, month or year; month where there is none"),
        Column("interval_count", Type.INTEGER, "Intervals per billing period; 1 where there is none"),
        Column("usage_type", Type.STRING, "licensed or metered"),
        Column(
            "pricing_tiers",
            Type.STRING,
            'JSON list of tiers, ascending: [{"up_to": 10, "unit_amount": "5.00", "flat_amount": "0"}, '
            '{"up_to": null, "unit_amount": "4.00"}]; amounts in the unit of the file',
        ),
        Column("tiers_mode", Type.STRING, "graduated or volume"),
        Column("tier_unit", Type.MONEY, "What 1 in pricing_tiers is worth: 10 where a file writes tomans"),
        Column("discount_percent", Type.DECIMAL, "Percent off this item, 0 to 100"),
        Column(
            "discount_amount",
            Type.MONEY,
            "Amount off the whole subscription per billing period, repeated on its items",
        ),
        Column("discount_duration", Type.STRING, "once, repeating or forever"),
        Column("discount_ends_at", Type.INSTANT, "End of a repeating discount"),
        Column("cancel_at_period_end", Type.BOOLEAN, "Whether it ends with the period already paid"),
        Column("current_period_end", Type.INSTANT, "End of the period already paid"),
        Column("is_deleted", Type.BOOLEAN, "Whether the item no longer exists from effective_at on"),
    ),
    key=("item_id", "effective_at"),
    cursor="effective_at",
    day_zone="brand",
    ids=(Identity("subscriber_id", IdKind.PERSON),),
)

STREAMS = (SNAPSHOTS, ITEMS)
