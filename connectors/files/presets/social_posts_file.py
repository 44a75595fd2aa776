"""Posts with their counters at the moment of the export."""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset
from connectors.social.streams import POSTS

POST_HEADERS = {
    "platform": ("Network", "Channel", "شبکه", "پلتفرم", "شبکه اجتماعی"),
    "account": ("Account", "Page", "Profile", "Handle", "حساب", "صفحه", "نام کاربری"),
    "post_id": ("Post ID", "Post", "Permalink", "شناسه پست", "شناسه", "کد پست", "پیوند پست"),
    "published_at": (
        "Publish time",
        "Published",
        "Posted at",
        "Date",
        "تاریخ انتشار",
        "زمان انتشار",
        "تاریخ",
    ),
    "captured_at": ("Captured at", "Exported at", "زمان گزارش", "تاریخ گزارش"),
    "reach": ("Reach", "دسترسی", "بازدید یکتا"),
    "impressions": ("Impressions", "Views", "نمایش", "بازدید"),
    "likes": ("Likes", "Reactions", "لایک", "پسند", "پسندها"),
    "comments": ("Comments", "Replies", "کامنت", "دیدگاه", "نظرات"),
    "shares": ("Shares", "Forwards", "Reposts", "اشتراک‌گذاری", "بازنشر"),
    "saves": ("Saves", "Saved", "ذخیره", "ذخیره‌شده"),
    "clicks": ("Clicks", "Link clicks", "کلیک"),
}
"""Headers of post exports, also used by tools that export posts under Persian headers."""

PRESET = FilePreset(
    connector="social_posts_file",
    streams=(POSTS,),
    covers=Covers.KEYS,
    headers={POSTS.id: POST_HEADERS},
)
