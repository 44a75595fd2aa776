"""Surveys, their questions, responses and answers, in Hotjar's own words; instants are UTC.

Free text and e-mail answers may name people, so the text of an answer lands for choices and scores only.
"""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

SURVEYS = Stream(
    connector="hotjar",
    name="surveys",
    kind=Kind.ENTITY,
    description="Surveys of the site",
    columns=(
        Column("survey_id", Type.STRING, "Id of the survey", required=True),
        Column("site_id", Type.STRING, "Site that it runs on"),
        Column("name", Type.STRING, "Name"),
        Column("type", Type.STRING, "popover, full_screen, link …"),
        Column("is_enabled", Type.BOOLEAN, "Collects answers now"),
        Column("created_time", Type.INSTANT, "When it was made"),
        Column("updated_time", Type.INSTANT, "Last change"),
    ),
    key=("survey_id",),
    day_zone="UTC",
)

QUESTIONS = Stream(
    connector="hotjar",
    name="questions",
    kind=Kind.ENTITY,
    description="Questions of the surveys",
    columns=(
        Column("survey_id", Type.STRING, "Survey", required=True),
        Column("question_id", Type.STRING, "Id of the question", required=True),
        Column("position", Type.INTEGER, "Place in the survey, from 1"),
        Column("type", Type.STRING, "nps, rating-1-5, single-option, long-text …", required=True),
        Column("text", Type.STRING, "Wording"),
        Column("is_required", Type.BOOLEAN, "Must be answered"),
    ),
    key=("survey_id", "question_id"),
    day_zone="UTC",
)

RESPONSES = Stream(
    connector="hotjar",
    name="responses",
    kind=Kind.ENTITY,
    description="One row per response to a survey",
    columns=(
        Column("response_id", Type.STRING, "Id of the response", required=True),
        Column("survey_id", Type.STRING, "Survey", required=True),
        Column("created_time", Type.INSTANT, "When it was given", required=True),
        Column("is_complete", Type.BOOLEAN, "Reached the last question"),
        Column("device", Type.STRING, "desktop, tablet or mobile"),
        Column("browser", Type.STRING, "Browser"),
        Column("os", Type.STRING, "Operating system"),
        Column("country", Type.STRING, "Country code"),
        Column("hotjar_user_id", Type.STRING, "Hotjar's random id of the browser"),
        Column("response_origin_url", Type.STRING, "Page it was given on, without query and fragment"),
    ),
    key=("response_id",),
    cursor="created_time",
    usable_after_days=1,
    final_after_days=1,
    day_zone="UTC",
    ids=(
        Identity("response_id", IdKind.ANSWER),
        Identity("hotjar_user_id", IdKind.BROWSER),
    ),
)

ANSWERS = Stream(
    connector="hotjar",
    name="answers",
    kind=Kind.ENTITY,
    description="One row per answered question of a response",
    columns=(
        Column("response_id", Type.STRING, "Response", required=True),
        Column("survey_id", Type.STRING, "Survey", required=True),
        Column("question_id", Type.STRING, "Question", required=True),
        Column("position", Type.INTEGER, "Place among the answers to this question, from 1", required=True),
        Column("created_time", Type.INSTANT, "When the response was given", required=True),
        Column("answer", Type.STRING, "Text of a choice or score, digits as given; null for free text"),
        Column("answer_email", Type.STRING, "Answer to an e-mail question", personal=Personal.EMAIL),
        Column("is_answered", Type.BOOLEAN, "There is an answer, whatever its kind"),
        Column("sentiment", Type.STRING, "positive, negative or neutral"),
        Column("tags", Type.STRING, "Names of the tags, semicolon separated"),
    ),
    key=("response_id", "question_id", "position"),
    cursor="created_time",
    usable_after_days=1,
    final_after_days=1,
    day_zone="UTC",
    ids=(Identity("response_id", IdKind.ANSWER),),
)

STREAMS = (SURVEYS, QUESTIONS, RESPONSES, ANSWERS)
