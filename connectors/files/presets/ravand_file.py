"""Ravand (روند) web statistics, by mapped file; any other stream with ``stream:``.

The vendor documents no export, so the headers are the ordinary Persian ones: name your own under ``columns``.
"""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset
from connectors.web.streams import TRAFFIC

PRESET = FilePreset(
    connector="ravand_file",
    streams=(TRAFFIC,),
    covers=Covers.DATES,
    total_words=("جمع", "مجموع", "Total"),
    headers={
        TRAFFIC.id: {
            "date": ("تاریخ", "روز", "Day"),
            "channel_group": ("کانال", "گروه کانال", "Channel"),
            "source": ("منبع", "ورودی", "Source"),
            "medium": ("رسانه", "Medium"),
            "campaign": ("کمپین", "Campaign"),
            "sessions": ("نشست", "نشست‌ها", "جلسات", "تعداد نشست", "بازدید", "بازدیدها", "Visits"),
            "engaged_sessions": ("نشست‌های درگیر", "نشست درگیر"),
            "engagement_seconds": ("زمان تعامل", "زمان تعامل (ثانیه)"),
            "page_views": ("بازدید صفحه", "صفحات بازدیدشده", "تعداد صفحات", "Pageviews"),
            "active_users": ("کاربران", "کاربر", "کاربران فعال", "بازدیدکننده", "بازدیدکنندگان", "Users"),
            "key_events": ("تبدیل", "رویداد کلیدی"),
            "revenue": ("درآمد", "درآمد (*)"),
            "currency_code": ("ارز",),
        }
    },
)
