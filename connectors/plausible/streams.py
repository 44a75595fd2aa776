"""Plausible's statistics, in its own words; days are the site's own, visitors are never summed.

Rates and means land where they are asked for without a breakdown, as they are: rounded, so that no count can
be made of them.
"""

from connectors.core.stream import Column, Kind, Stream, Type

_DAY = (
    Column("date", Type.DATE, "Day in the site's time zone", required=True),
    Column("site_id", Type.STRING, "Site the numbers belong to", required=True),
)
_VISITORS = Column("visitors", Type.INTEGER, "Visitors of this row; never summed")
_VISITS = Column("visits", Type.INTEGER, "Visits")
_VIEWS = Column("pageviews", Type.INTEGER, "Views of pages")
_IMPORTED = Column("imports_included", Type.BOOLEAN, "Imported statistics are in; null where not asked for")

TOTALS = Stream(
    connector="plausible",
    name="totals",
    kind=Kind.REPORT,
    description="Site totals per day without any breakdown",
    columns=(
        *_DAY,
        _VISITORS,
        _VISITS,
        _VIEWS,
        Column("bounce_rate", Type.NUMBER, "Visits with one view and nothing else, rounded percent"),
        Column("visit_duration", Type.NUMBER, "Mean seconds of a visit, rounded"),
        _IMPORTED,
    ),
    key=("date", "site_id"),
    cursor="date",
    reread_days=5,
    usable_after_days=1,
    final_after_days=2,
)

TRAFFIC = Stream(
    connector="plausible",
    name="traffic",
    kind=Kind.REPORT,
    description="Traffic per day, channel, source, medium and campaign",
    columns=(
        *_DAY,
        Column("channel", Type.STRING, "Channel, by Plausible's rules; null where not asked for"),
        Column("source", Type.STRING, "Source of the visit; Direct / None where there is none"),
        Column("utm_medium", Type.STRING, "utm_medium; (not set) where there is none"),
        Column("utm_campaign", Type.STRING, "utm_campaign; (not set) where there is none"),
        _VISITORS,
        _VISITS,
        _VIEWS,
        _IMPORTED,
    ),
    key=("date", "site_id", "channel", "source", "utm_medium", "utm_campaign"),
    cursor="date",
    reread_days=5,
    usable_after_days=1,
    final_after_days=2,
)

PAGES = Stream(
    connector="plausible",
    name="pages",
    kind=Kind.REPORT,
    description="Views per day and page",
    columns=(
        *_DAY,
        Column("page", Type.STRING, "Path of the page", required=True),
        _VISITORS,
        _VIEWS,
        _IMPORTED,
    ),
    key=("date", "site_id", "page"),
    cursor="date",
    reread_days=5,
    usable_after_days=1,
    final_after_days=2,
)

GOALS = Stream(
    connector="plausible",
    name="goals",
    kind=Kind.REPORT,
    description="Conversions per day and goal of the site",
    columns=(
        *_DAY,
        Column("goal", Type.STRING, "Name that the goal is shown by", required=True),
        _VISITORS,
        Column("events", Type.INTEGER, "How often it was reached"),
        _IMPORTED,
    ),
    key=("date", "site_id", "goal"),
    cursor="date",
    reread_days=5,
    usable_after_days=1,
    final_after_days=2,
)

VISITORS = Stream(
    connector="plausible",
    name="visitors",
    kind=Kind.REPORT,
    description="Visitors per period, asked from the API for that period; a slice is a period",
    columns=(
        Column("grain", Type.STRING, "day, week, month or quarter", required=True),
        Column("period_start", Type.DATE, "First day of the period", required=True),
        Column("period_end", Type.DATE, "Day after the last day", required=True),
        Column("site_id", Type.STRING, "Site the numbers belong to", required=True),
        Column("visitors", Type.INTEGER, "Visitors as Plausible tells them apart in the period"),
        _IMPORTED,
    ),
    key=("grain", "period_start", "period_end", "site_id"),
    cursor="period_start",
    reread_days=5,
    usable_after_days=1,
    final_after_days=2,
)

STREAMS = (TOTALS, TRAFFIC, PAGES, GOALS, VISITORS)
