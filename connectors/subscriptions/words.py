"""Words of billing exports by what they mean: statuses, intervals, kinds of prices.

The SQL knows the same words by the seed ``subscription_words.csv``; a test holds the two together. A word
that is in neither is refused where a file lands, and makes recurring revenue unknown where it got further.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "status": {
            "active": ("active", "فعال"),
            "past_due": ("past_due", "past due", "معوق", "سررسید گذشته"),
            "trialing": ("trialing", "trial", "in_trial", "آزمایشی"),
            "unpaid": ("unpaid", "پرداخت نشده"),
            "paused": ("paused", "متوقف"),
            "incomplete": ("incomplete", "incomplete_expired", "pending", "در انتظار"),
            "ended": ("canceled", "cancelled", "expired", "ended", "لغو شده", "منقضی", "پایان یافته"),
        },
        "interval": {
            "day": ("day", "days", "daily", "روز", "روزانه"),
            "week": ("week", "weeks", "weekly", "هفته", "هفتگی"),
            "month": ("month", "months", "monthly", "ماه", "ماهانه"),
            "year": ("year", "years", "yearly", "annual", "annually", "سال", "سالانه"),
        },
        "usage_type": {
            "licensed": ("licensed", "ثابت"),
            "metered": ("metered", "مصرفی"),
        },
        "tiers_mode": {
            "graduated": ("graduated", "پلکانی"),
            "volume": ("volume", "حجمی"),
        },
        "discount_duration": {
            "once": ("once", "یک بار", "یکبار"),
            "repeating": ("repeating", "موقت"),
            "forever": ("forever", "دائمی", "همیشگی"),
        },
    }
)
"""Column of ``subscriptions/items`` -> meaning -> words, in lower case and Persian letters."""
