"""Google Search Console performance: API answers and the zip of the UI land in the same streams.

Days are Pacific time whatever the site (developers.google.com, "Getting your performance data").
"""

from connectors.core.stream import Column, Kind, Stream, Type

TOTALS = Stream(
    connector="search_console",
    name="totals",
    kind=Kind.REPORT,
    description="Site totals per day, without query or page",
    columns=(
        Column("date", Type.DATE, "Day in Pacific time", required=True),
        Column("site", Type.STRING, "Property the numbers belong to"),
        Column("clicks", Type.INTEGER, "Clicks", required=True),
        Column("impressions", Type.INTEGER, "Impressions", required=True),
        Column("position", Type.NUMBER, "Mean position, weighted by impressions"),
    ),
    key=("date", "site"),
    cursor="date",
    reread_days=5,
    usable_after_days=3,
    final_after_days=4,
    day_zone="America/Los_Angeles",
)

QUERIES = Stream(
    connector="search_console",
    name="queries",
    kind=Kind.REPORT,
    description=(
        "Clicks and impressions per query over a period: one day from the API, the exported range from a file"
    ),
    columns=(
        Column("period_start", Type.DATE, "First day (Pacific time) the row covers", required=True),
        Column("period_end", Type.DATE, "Day after the last day it covers", required=True),
        Column("site", Type.STRING, "Property the numbers belong to"),
        Column("query", Type.STRING, "Search query; rare queries are withheld by Google", required=True),
        Column("clicks", Type.INTEGER, "Clicks", required=True),
        Column("impressions", Type.INTEGER, "Impressions", required=True),
        Column("position", Type.NUMBER, "Mean position, weighted by impressions"),
    ),
    key=("period_start", "period_end", "site", "query"),
    cursor="period_start",
    reread_days=5,
    usable_after_days=3,
    final_after_days=4,
    day_zone="America/Los_Angeles",
)

PAGES = Stream(
    connector="search_console",
    name="pages",
    kind=Kind.REPORT,
    description=(
        "Clicks and impressions per page over a period: one day from the API, the exported range from a file"
    ),
    columns=(
        Column("period_start", Type.DATE, "First day (Pacific time) the row covers", required=True),
        Column("period_end", Type.DATE, "Day after the last day it covers", required=True),
        Column("site", Type.STRING, "Property the numbers belong to"),
        Column("page", Type.STRING, "Address of the page", required=True),
        Column("clicks", Type.INTEGER, "Clicks", required=True),
        Column("impressions", Type.INTEGER, "Impressions", required=True),
        Column("position", Type.NUMBER, "Mean position, weighted by impressions"),
    ),
    key=("period_start", "period_end", "site", "page"),
    cursor="period_start",
    reread_days=5,
    usable_after_days=3,
    final_after_days=4,
    day_zone="America/Los_Angeles",
)

COUNTRIES = Stream(
    connector="search_console",
    name="countries",
    kind=Kind.REPORT,
    description=(
        "Clicks and impressions per country over a period: one day from the API, the "
        "exported range from a file"
    ),
    columns=(
        Column("period_start", Type.DATE, "First day (Pacific time) the row covers", required=True),
        Column("period_end", Type.DATE, "Day after the last day it covers", required=True),
        Column("site", Type.STRING, "Property the numbers belong to"),
        Column("country", Type.STRING, "Country as Google names it", required=True),
        Column("clicks", Type.INTEGER, "Clicks", required=True),
        Column("impressions", Type.INTEGER, "Impressions", required=True),
        Column("position", Type.NUMBER, "Mean position, weighted by impressions"),
    ),
    key=("period_start", "period_end", "site", "country"),
    cursor="period_start",
    reread_days=5,
    usable_after_days=3,
    final_after_days=4,
    day_zone="America/Los_Angeles",
)

DEVICES = Stream(
    connector="search_console",
    name="devices",
    kind=Kind.REPORT,
    description=(
        "Clicks and impressions per device over a period: one day from the API, the "
        "exported range from a file"
    ),
    columns=(
        Column("period_start", Type.DATE, "First day (Pacific time) the row covers", required=True),
        Column("period_end", Type.DATE, "Day after the last day it covers", required=True),
        Column("site", Type.STRING, "Property the numbers belong to"),
        Column("device", Type.STRING, "Device", required=True),
        Column("clicks", Type.INTEGER, "Clicks", required=True),
        Column("impressions", Type.INTEGER, "Impressions", required=True),
        Column("position", Type.NUMBER, "Mean position, weighted by impressions"),
    ),
    key=("period_start", "period_end", "site", "device"),
    cursor="period_start",
    reread_days=5,
    usable_after_days=3,
    final_after_days=4,
    day_zone="America/Los_Angeles",
)

STREAMS = (TOTALS, QUERIES, PAGES, COUNTRIES, DEVICES)
