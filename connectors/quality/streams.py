"""Quality of reports, as the vendors tell it: sampling, thresholds, cut answers, days not complete yet.

Every API that tells such things lands them here beside its rows, so that a number can be doubted for a
reason. A slice is one report and day, ``<connector>/<stream>/<day>``.
"""

from connectors.core.stream import Column, Kind, Stream, Type

REPORT_DAYS = Stream(
    connector="quality",
    name="report_days",
    kind=Kind.REPORT,
    description="What the vendor said of the answer that a day of a report came in",
    columns=(
        Column("date", Type.DATE, "Day of the report, in the zone of its stream", required=True),
        Column("report", Type.STRING, "Stream that the answer landed in, connector/stream", required=True),
        Column("landed_rows", Type.INTEGER, "Rows of that day that landed", required=True),
        Column(
            "answer_rows",
            Type.INTEGER,
            "Rows of that day that the vendor gave, in an answer as long as it says itself",
        ),
        Column("is_sampled", Type.BOOLEAN, "The answer is computed from a sample"),
        Column("sampled_share", Type.NUMBER, "Share of the events that the sample read, 0 to 1"),
        Column("is_thresholded", Type.BOOLEAN, "Rows are withheld to protect people"),
        Column("has_other_row", Type.BOOLEAN, "Rare values are lumped into a row (other)"),
        Column("truncation", Type.STRING, "Reasons for which the vendor cut the answer, semicolon separated"),
        Column("is_incomplete", Type.BOOLEAN, "The vendor still collects data of this day"),
        Column("attribution_setting", Type.STRING, "Attribution windows that conversions were counted with"),
        Column("empty_reason", Type.STRING, "Why the answer has no rows"),
    ),
    key=("date", "report"),
    cursor="date",
)

STREAMS = (REPORT_DAYS,)
