"""Daily counts of forms: people who saw a form and people who sent it, whatever tool counted them.

Both counts are of distinct people per form and day, so that one who sends a form twice on a day is one. Days
are those of the tool.
"""

from connectors.core.stream import Column, Kind, Stream, Type

FORM_DAYS = Stream(
    connector="forms",
    name="form_days",
    kind=Kind.REPORT,
    description="One row per day and form with the people who saw it and who sent it",
    columns=(
        Column("form_date", Type.DATE, "Day as the form tool counts it", required=True),
        Column("form_id", Type.STRING, "Id of the form; its name where the tool has none", required=True),
        Column("form_name", Type.STRING, "Name of the form"),
        Column("page_url", Type.STRING, "Page the form is on"),
        Column("viewers", Type.INTEGER, "Distinct people who saw the form that day; empty where unknown"),
        Column("submitters", Type.INTEGER, "Distinct people who sent it that day; empty where unknown"),
        Column("submissions", Type.INTEGER, "Times it was sent that day, repeats included"),
    ),
    key=("form_date", "form_id"),
    cursor="form_date",
    final_after_days=2,
)

STREAMS = (FORM_DAYS,)
