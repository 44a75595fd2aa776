"""Meta Ads Manager: campaign reports with the breakdown by day."""

from connectors.core.stream import Type
from connectors.files.config import Covers
from connectors.files.preset import FilePreset, RowCheck
from connectors.meta_ads.streams import CAMPAIGN_PERFORMANCE

PRESET = FilePreset(
    connector="meta_ads_file",
    streams=(CAMPAIGN_PERFORMANCE,),
    covers=Covers.DATES,
    na_values=("--", "-"),
    total_words=("Total", "مجموع", "جمع"),
    headers={
        CAMPAIGN_PERFORMANCE.id: {
            "date": ("Day", "روز"),
            "_reporting_start": ("Reporting starts", "شروع گزارش"),
            "_reporting_end": ("Reporting ends", "پایان گزارش"),
            "account_id": ("Account ID", "شناسه حساب"),
            "campaign_id": ("Campaign ID", "شناسه کمپین"),
            "campaign_name": ("Campaign name", "Campaign", "نام کمپین", "کمپین"),
            "impressions": ("Impressions", "نمایش", "نمایش‌ها"),
            "clicks": ("Link clicks", "کلیک روی پیوند", "کلیک پیوند"),
            "clicks_all": ("Clicks (all)", "همه کلیک‌ها"),
            "reach": ("Reach", "دسترسی"),
            "cost": ("Amount spent (*)", "Amount spent", "مبلغ خرج‌شده (*)", "مبلغ خرج شده"),
            "currency_code": ("Currency", "Account currency", "ارز"),
            "attribution_setting": ("Attribution setting",),
            "conversions": ("Results", "نتایج"),
            "conversion_value": ("Results value", "Purchases conversion value", "Conversion value"),
            "conversion_goal": ("Result indicator", "Result type", "شاخص نتیجه"),
        }
    },
    helpers={"_reporting_start": Type.DATE, "_reporting_end": Type.DATE},
    copied={"date": "_reporting_start"},
    constants={"clicks": "0"},
    row_checks=(
        RowCheck(
            column="date",
            holds="date is distinct from _reporting_start or _reporting_end = date",
            reason="the row covers more than one day; export with the breakdown by day",
        ),
    ),
)
