"""Google Ads: campaign reports downloaded as CSV (UTF-8) or "Excel CSV" (UTF-16LE with tabs)."""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset
from connectors.google_ads.streams import CAMPAIGN_PERFORMANCE

PRESET = FilePreset(
    connector="google_ads_file",
    streams=(CAMPAIGN_PERFORMANCE,),
    covers=Covers.DATES,
    na_values=("--",),
    total_words=("Total", "مجموع", "جمع"),
    scan_header=True,
    headers={
        CAMPAIGN_PERFORMANCE.id: {
            "date": ("Day", "روز", "تاریخ"),
            "account_id": ("Customer ID", "Account ID", "شناسه حساب"),
            "campaign_id": ("Campaign ID", "شناسه کمپین"),
            "campaign_name": ("Campaign", "Campaign name", "کمپین", "نام کمپین"),
            "campaign_type": ("Campaign type", "نوع کمپین"),
            "impressions": ("Impr.", "Impressions", "نمایش", "نمایش‌ها"),
            "clicks": ("Clicks", "کلیک", "کلیک‌ها"),
            "cost": ("Cost", "هزینه", "Cost (*)", "هزینه (*)"),
            "currency_code": ("Currency code", "Currency", "کد ارز", "ارز"),
            "conversions": ("Conversions", "Conv.", "تبدیل", "تبدیل‌ها"),
            "conversion_value": ("Conv. value", "Conversion value", "ارزش تبدیل"),
            "conversion_goal": ("Conversion action", "هدف تبدیل"),
        }
    },
)
