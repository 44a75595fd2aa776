"""Reports of form tools: people who saw and people who sent each form, per day."""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset, RowCheck
from connectors.forms.streams import FORM_DAYS

PRESET = FilePreset(
    connector="form_days_file",
    streams=(FORM_DAYS,),
    covers=Covers.DATES,
    na_values=("-", "–", "N/A"),
    total_words=("Total", "Sum", "جمع", "مجموع"),
    copied={"form_id": "form_name"},
    headers={
        FORM_DAYS.id: {
            "form_date": ("Date", "Day", "تاریخ", "روز"),
            "form_id": ("Form ID", "شناسه فرم", "کد فرم"),
            "form_name": ("Form", "Form name", "فرم", "نام فرم", "عنوان فرم"),
            "page_url": ("Page", "Page URL", "URL", "صفحه", "نشانی صفحه", "آدرس صفحه"),
            "viewers": (
                "Unique views",
                "Unique viewers",
                "Unique visitors",
                "Form viewers",
                "بازدیدکننده",
                "بازدیدکنندگان",
                "بازدید یکتا",
                "بیننده یکتا",
            ),
            "submitters": (
                "Unique submissions",
                "Unique submitters",
                "Form submitters",
                "ارسال‌کننده",
                "ارسال‌کنندگان",
                "ارسال یکتا",
                "ثبت‌کننده یکتا",
            ),
            "submissions": (
                "Total submissions",
                "Responses",
                "Entries",
                "ارسال",
                "ارسال‌ها",
                "تعداد ارسال",
                "پاسخ‌ها",
            ),
        }
    },
    row_checks=(
        RowCheck(column="viewers", holds="viewers >= 0", reason="people can't be fewer than none"),
        RowCheck(column="submitters", holds="submitters >= 0", reason="people can't be fewer than none"),
        RowCheck(
            column="submitters",
            holds="submitters <= submissions",
            reason="more people sent the form than it was sent; the columns are mixed up",
        ),
    ),
)
