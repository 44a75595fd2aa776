"""Survey answers (NPS and others)."""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

RESPONSES = Stream(
    connector="surveys",
    name="responses",
    kind=Kind.ENTITY,
    description="One row per answer to a 0..10 question; a record is a line of a file unless it has an id",
    columns=(
        Column("response_id", Type.STRING, "Id of the answer"),
        Column("survey_id", Type.STRING, "Survey"),
        Column("wave", Type.STRING, "Wave of the survey, where it repeats"),
        Column("submitted_at", Type.INSTANT, "When it was answered", required=True),
        Column("person_id", Type.STRING, "Respondent, where known"),
        Column("respondent_email", Type.STRING, "Respondent address", personal=Personal.EMAIL),
        Column("score", Type.INTEGER, "Whole number 0..10; blank is no answer"),
    ),
    cursor="submitted_at",
    day_zone="brand",
    ids=(
        Identity("response_id", IdKind.ANSWER),
        Identity("person_id", IdKind.PERSON),
    ),
)

STREAMS = (RESPONSES,)
