"""Google Analytics 4 reports: API answers and exports of reports land in the same streams.

Days are the property's own; users are per period and never summed. Field meanings: Data API v1beta schema.
Google restates numbers for two days, key events for twelve, for attribution moves them.
"""

from connectors.core.stream import Column, Kind, Stream, Type

_DAY = (
    Column("date", Type.DATE, "Day in the property time zone", required=True),
    Column("property_id", Type.STRING, "Property the numbers belong to"),
)
_MEASURES = (
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
)

TOTALS = Stream(
    connector="ga4",
    name="totals",
    kind=Kind.REPORT,
    description="Property totals per day without any breakdown",
    columns=(
        *_DAY,
        *_MEASURES,
    ),
    key=("date", "property_id"),
    cursor="date",
    reread_days=14,
    usable_after_days=2,
    final_after_days=3,
)

TRAFFIC = Stream(
    connector="ga4",
    name="traffic",
    kind=Kind.REPORT,
    description="Traffic per day, channel, source, medium and campaign",
    columns=(
        *_DAY,
        Column("channel_group", Type.STRING, "Default channel group"),
        Column("source", Type.STRING, "Session source"),
        Column("medium", Type.STRING, "Session medium"),
        Column("campaign", Type.STRING, "Session campaign"),
        *_MEASURES,
    ),
    key=("date", "property_id", "channel_group", "source", "medium", "campaign"),
    cursor="date",
    reread_days=14,
    usable_after_days=2,
    final_after_days=3,
)

DEVICES = Stream(
    connector="ga4",
    name="devices",
    kind=Kind.REPORT,
    description="Traffic per day and device category",
    columns=(
        *_DAY,
        Column("device", Type.STRING, "Device category", required=True),
        *_MEASURES,
    ),
    key=("date", "property_id", "device"),
    cursor="date",
    reread_days=14,
    usable_after_days=2,
    final_after_days=3,
)

PAGES = Stream(
    connector="ga4",
    name="pages",
    kind=Kind.REPORT,
    description="Views per day and page",
    columns=(
        *_DAY,
        Column("page_path", Type.STRING, "Path of the page", required=True),
        Column("page_views", Type.INTEGER, "Views"),
        Column("engagement_seconds", Type.NUMBER, "Seconds in the foreground, summed"),
        Column("active_users", Type.INTEGER, "Active users of this row; never summed"),
    ),
    key=("date", "property_id", "page_path"),
    cursor="date",
    reread_days=7,
    usable_after_days=2,
    final_after_days=3,
)

LANDING_PAGES = Stream(
    connector="ga4",
    name="landing_pages",
    kind=Kind.REPORT,
    description="Sessions per day and landing page",
    columns=(
        *_DAY,
        Column("landing_page", Type.STRING, "Path of the first page", required=True),
        Column("sessions", Type.INTEGER, "Sessions"),
        Column("engaged_sessions", Type.INTEGER, "Engaged sessions"),
        Column("key_events", Type.DECIMAL, "Key events"),
    ),
    key=("date", "property_id", "landing_page"),
    cursor="date",
    reread_days=14,
    usable_after_days=2,
    final_after_days=3,
)

EVENTS = Stream(
    connector="ga4",
    name="events",
    kind=Kind.REPORT,
    description="Events per day and name",
    columns=(
        *_DAY,
        Column("event_name", Type.STRING, "Event name, e.g. sign_up, share", required=True),
        Column("event_count", Type.INTEGER, "How often it fired", required=True),
    ),
    key=("date", "property_id", "event_name"),
    cursor="date",
    reread_days=7,
    usable_after_days=2,
    final_after_days=3,
)

USERS = Stream(
    connector="ga4",
    name="users",
    kind=Kind.REPORT,
    description="Users per period, asked from the API for that period; a slice is a period",
    columns=(
        Column("grain", Type.STRING, "day, week, month or quarter", required=True),
        Column("period_start", Type.DATE, "First day of the period", required=True),
        Column("period_end", Type.DATE, "Day after the last day", required=True),
        Column("property_id", Type.STRING, "Property the numbers belong to"),
        Column("active_users", Type.INTEGER, "Users with an engaged session in the period"),
        Column("total_users", Type.INTEGER, "Users with any event in the period"),
        Column("new_users", Type.INTEGER, "Users first seen in the period"),
    ),
    key=("grain", "period_start", "period_end", "property_id"),
    cursor="period_start",
    reread_days=7,
    usable_after_days=2,
    final_after_days=3,
)

PERIOD_REPORTS = Stream(
    connector="ga4",
    name="period_reports",
    kind=Kind.REPORT,
    description=(
        "Tables over one fixed period (top pages, sources, domains of 30 days): one "
        "row per table row and metric; a slice is a report and period"
    ),
    columns=(
        Column("report", Type.STRING, "Name of the report", required=True),
        Column("period_start", Type.DATE, "First day of the period", required=True),
        Column("period_end", Type.DATE, "Day after the last day", required=True),
        Column("property_id", Type.STRING, "Property the numbers belong to"),
        Column("row_number", Type.INTEGER, "Position of the row in the table, from 1", required=True),
        Column("dimension_1", Type.STRING, "Value of the first dimension"),
        Column("dimension_2", Type.STRING, "Value of the second dimension"),
        Column("dimension_names", Type.STRING, "Names of the dimensions, comma separated", required=True),
        Column("metric", Type.STRING, "Name of the metric", required=True),
        Column("metric_value", Type.NUMBER, "Its value; rates as the report gives them"),
    ),
    key=("report", "period_start", "row_number", "metric"),
    cursor="period_start",
    reread_days=7,
    usable_after_days=2,
    final_after_days=3,
)

REPORT_TOTALS = Stream(
    connector="ga4",
    name="report_totals",
    kind=Kind.REPORT,
    description="Totals that the vendor gives beside a report; a slice is a report and period",
    columns=(
        Column("report", Type.STRING, "Name of the report", required=True),
        Column("period_start", Type.DATE, "First day of the period", required=True),
        Column("period_end", Type.DATE, "Day after the last day", required=True),
        Column("property_id", Type.STRING, "Property the numbers belong to"),
        Column("metric", Type.STRING, "Name of the metric", required=True),
        Column("segment", Type.STRING, "Row the total is of; null for the whole report"),
        Column("metric_value", Type.NUMBER, "The total", required=True),
        Column("taken_at", Type.INSTANT, "When the report was taken"),
    ),
    key=("report", "period_start", "metric", "segment"),
    cursor="period_start",
    reread_days=7,
    usable_after_days=2,
    final_after_days=3,
)

STREAMS = (TOTALS, TRAFFIC, DEVICES, PAGES, LANDING_PAGES, EVENTS, USERS, PERIOD_REPORTS, REPORT_TOTALS)
