"""Dated exchange rates from a file."""

from connectors.core.stream import Column, Kind, Stream, Type

RATES = Stream(
    connector="exchange_rates",
    name="rates",
    kind=Kind.REPORT,
    description="Rate of a day: one unit of from_currency in to_currency",
    columns=(
        Column("date", Type.DATE, "Day of the rate", required=True),
        Column("from_currency", Type.STRING, "ISO code", required=True),
        Column("to_currency", Type.STRING, "ISO code", required=True),
        Column("rate", Type.RATE, "Units of to_currency for one unit of from_currency", required=True),
    ),
    key=("date", "from_currency", "to_currency"),
    cursor="date",
)

STREAMS = (RATES,)
