"""Google Search Console performance: API answers and the zip of the UI land in the same streams.

Days are Pacific time whatever the site (developers.google.com, "Getting your performance data").
"""

from connectors.core.stream import Column, Kind, Stream, Type

_PERIOD = (
    Column("period_start", Type.DATE, "First day (Pacific time) the row covers", required=True),
    Column("period_end", Type.DATE, "Day after the last day it covers", required=True),
    Column("site", Type.STRING, "Property the numbers belong to"),
)
_MEASURES = (
    Column("clicks", Type.INTEGER, "Clicks", required=True),
    Column("impressions", Type.INTEGER, "Impressions", required=True),
    Column("position", Type.NUMBER, "Mean position, weighted by impressions"),
)

TOTALS = Stream(
    connector="search_console",
    name="totals",
    kind=Kind.REPORT,
    description="Site totals per day, without query or page",
    columns=(
        Column("date", Type.DATE, "Day in Pacific time", required=True),
        Column("site", Type.STRING, "Property the numbers belong to"),
        *_MEASURES,
    ),
    key=("date", "site"),
    cursor="date",
    reread_days=5,
    usable_after_days=3,
    final_after_days=4,
    day_zone="America/Los_Angeles",
)


def _breakdown(name: str, dimension: str, description: str) -> Stream:
    """Performance per value of one dimension; ``description`` says what the dimension holds."""
    return Stream(
        connector="search_console",
        name=name,
        kind=Kind.REPORT,
        description=(
            f"Clicks and impressions per {dimension} over a period: one day from the API, the exported "
            "range from a file"
        ),
        columns=(*_PERIOD, Column(dimension, Type.STRING, description, required=True), *_MEASURES),
        key=("period_start", "period_end", "site", dimension),
        cursor="period_start",
        reread_days=5,
        usable_after_days=3,
        final_after_days=4,
        day_zone="America/Los_Angeles",
    )


QUERIES = _breakdown("queries", "query", "Search query; rare queries are withheld by Google")
PAGES = _breakdown("pages", "page", "Address of the page")
COUNTRIES = _breakdown("countries", "country", "Country as Google names it")
DEVICES = _breakdown("devices", "device", "Device")

BRAND_SPLIT = Stream(
    connector="search_console",
    name="brand_split",
    kind=Kind.REPORT,
    description=(
        "Clicks and impressions per day of queries that name the brand and of those that don't; what is "
        "missing to the total is anonymised"
    ),
    columns=(
        Column("date", Type.DATE, "Day in Pacific time", required=True),
        Column("site", Type.STRING, "Property the numbers belong to"),
        Column("part", Type.STRING, "brand or non_brand", required=True),
        *_MEASURES,
    ),
    key=("date", "site", "part"),
    cursor="date",
    reread_days=5,
    usable_after_days=3,
    final_after_days=4,
    day_zone="America/Los_Angeles",
)

STREAMS = (TOTALS, QUERIES, PAGES, COUNTRIES, DEVICES, BRAND_SPLIT)
