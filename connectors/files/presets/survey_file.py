"""Survey answers with a 0..10 score (NPS); an empty or "NA" score is no answer."""

from connectors.files.preset import FilePreset, RowCheck
from connectors.surveys.streams import RESPONSES

PRESET = FilePreset(
    connector="survey_file",
    streams=(RESPONSES,),
    na_values=("NA", "N/A"),
    headers={
        RESPONSES.id: {
            "response_id": ("Response ID", "Respondent ID", "شناسه پاسخ", "کد پاسخ"),
            "survey_id": ("Survey", "Survey ID", "نظرسنجی"),
            "wave": ("Wave", "موج"),
            "submitted_at": (
                "Date",
                "Submitted",
                "Submitted at",
                "Timestamp",
                "End date",
                "تاریخ",
                "تاریخ پاسخ",
            ),
            "person_id": ("Person", "User ID", "Customer ID", "شناسه کاربر", "شناسه مشتری"),
            "respondent_email": ("Email", "E-mail", "ایمیل", "پست الکترونیک"),
            "score": ("NPS", "Score", "recommendation_score", "LikelyToRecommend", "امتیاز", "نمره"),
        }
    },
    row_checks=(
        RowCheck(
            column="score", holds="score between 0 and 10", reason="a score is a whole number from 0 to 10"
        ),
    ),
)
