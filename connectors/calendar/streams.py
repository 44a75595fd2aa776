"""The calendar: days and periods in Gregorian and Jalali, 1990 to 2060, made in Python."""

from connectors.core.stream import Column, Kind, Stream, Type

DAYS = Stream(
    connector="calendar",
    name="days",
    kind=Kind.REPORT,
    description="One row per day",
    columns=(
        Column("date", Type.DATE, "The day", required=True),
        Column("day_number", Type.INTEGER, "Days since 1970-01-01", required=True),
        Column("iso_weekday", Type.INTEGER, "1 Monday to 7 Sunday", required=True),
        Column("year", Type.INTEGER, "Gregorian year", required=True),
        Column("quarter", Type.INTEGER, "Gregorian quarter", required=True),
        Column("month", Type.INTEGER, "Gregorian month", required=True),
        Column("day", Type.INTEGER, "Gregorian day of the month", required=True),
        Column("iso_year", Type.INTEGER, "ISO year", required=True),
        Column("iso_week", Type.INTEGER, "ISO week", required=True),
        Column("jalali_year", Type.INTEGER, "Jalali year", required=True),
        Column("jalali_quarter", Type.INTEGER, "Jalali quarter", required=True),
        Column("jalali_month", Type.INTEGER, "Jalali month", required=True),
        Column("jalali_day", Type.INTEGER, "Jalali day of the month", required=True),
        Column("jalali_date", Type.STRING, "Jalali date as yyyy/mm/dd", required=True),
        Column("jalali_month_name_fa", Type.STRING, "Persian name of the Jalali month", required=True),
        Column("weekday_name_en", Type.STRING, "English name of the weekday", required=True),
        Column("weekday_name_fa", Type.STRING, "Persian name of the weekday", required=True),
    ),
    key=("date",),
    cursor="date",
)

PERIODS = Stream(
    connector="calendar",
    name="periods",
    kind=Kind.REPORT,
    description=(
        "One row per period of each calendar in use; calendar_key is calendar-week_start-fiscal_year_start"
    ),
    columns=(
        Column("calendar_key", Type.STRING, "e.g. gregorian-monday-1", required=True),
        Column("calendar", Type.STRING, "gregorian or jalali", required=True),
        Column("week_start", Type.STRING, "Weekday a week starts on", required=True),
        Column(
            "fiscal_year_start",
            Type.INTEGER,
            "Month the fiscal year starts on, in the calendar's months",
            required=True,
        ),
        Column("grain", Type.STRING, "day, week, month or quarter", required=True),
        Column(
            "period_index",
            Type.INTEGER,
            "Running number of the period within calendar_key and grain",
            required=True,
        ),
        Column("period_start", Type.DATE, "First day", required=True),
        Column("period_end", Type.DATE, "Day after the last day", required=True),
        Column("days", Type.INTEGER, "Length in days", required=True),
        Column("previous_start", Type.DATE, "Start of the period before"),
        Column(
            "year_ago_start",
            Type.DATE,
            "Start of the counterpart a year before: same date, 52 weeks, 12 months or 4 quarters back; "
            "null where there is none",
        ),
        Column("label_en", Type.STRING, "English label", required=True),
        Column("label_fa", Type.STRING, "Persian label, Persian digits", required=True),
    ),
    key=("calendar_key", "grain", "period_start"),
)

STREAMS = (DAYS, PERIODS)
