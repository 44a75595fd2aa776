"""Marketing costs outside the ad platforms: fees, tools, production."""

from connectors.core.stream import Column, Kind, Stream, Type

COSTS = Stream(
    connector="costs",
    name="costs",
    kind=Kind.REPORT,
    description="One row per cost; a cost with an end day is spread evenly over its days",
    columns=(
        Column("date", Type.DATE, "First day of the cost", required=True),
        Column("end_date", Type.DATE, "Last day of the cost; the first day where empty"),
        Column(
            "category", Type.STRING, "fees, tools, media, production or the team's own word", required=True
        ),
        Column("channel", Type.STRING, "Channel it belongs to; empty for all"),
        Column("campaign", Type.STRING, "Campaign it belongs to; empty for all"),
        Column("vendor", Type.STRING, "Who was paid"),
        Column("amount", Type.MONEY, "Amount in currency_code", required=True),
        Column("currency_code", Type.STRING, "Currency of amount"),
    ),
    cursor="date",
)

STREAMS = (COSTS,)
