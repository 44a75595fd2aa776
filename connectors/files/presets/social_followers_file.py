"""Follower counts per account and day."""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset
from connectors.social.streams import FOLLOWERS

PRESET = FilePreset(
    connector="social_followers_file",
    streams=(FOLLOWERS,),
    covers=Covers.KEYS,
    headers={
        FOLLOWERS.id: {
            "date": ("Day", "تاریخ", "روز"),
            "platform": ("Network", "Channel", "شبکه", "پلتفرم", "شبکه اجتماعی"),
            "account": ("Account", "Page", "Profile", "Handle", "حساب", "صفحه", "نام کاربری"),
            "followers": (
                "Followers",
                "Follower count",
                "Subscribers",
                "Members",
                "دنبال‌کننده",
                "دنبال‌کنندگان",
                "اعضا",
            ),
        }
    },
)
