"""Fees, tools and other marketing costs outside the ad platforms."""

from connectors.costs.streams import COSTS
from connectors.files.preset import FilePreset

PRESET = FilePreset(
    connector="costs_file",
    streams=(COSTS,),
    headers={
        COSTS.id: {
            "date": ("Start date", "From", "Day", "تاریخ", "از تاریخ", "تاریخ شروع"),
            "end_date": ("End date", "To", "Until", "تا تاریخ", "تاریخ پایان"),
            "category": ("Category", "Type", "نوع", "دسته", "نوع هزینه"),
            "channel": ("Channel", "کانال"),
            "campaign": ("Campaign", "کمپین"),
            "vendor": ("Vendor", "Supplier", "فروشنده", "طرف حساب"),
            "amount": ("Amount", "Cost", "Amount (*)", "مبلغ", "هزینه", "مبلغ (*)", "هزینه (*)"),
            "currency_code": ("Currency", "ارز"),
        }
    },
)
