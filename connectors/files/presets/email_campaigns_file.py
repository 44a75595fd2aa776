"""E-mail campaign reports: one row per send; the report of links lands with ``stream: email/links``."""

from connectors.email.streams import CAMPAIGNS, LINKS
from connectors.files.config import Covers
from connectors.files.preset import FilePreset

PRESET = FilePreset(
    connector="email_campaigns_file",
    streams=(CAMPAIGNS, LINKS),
    covers=Covers.KEYS,
    headers={
        CAMPAIGNS.id: {
            "campaign_id": ("id", "Campaign ID", "Unique id", "bulletin_id", "شناسه کمپین", "شناسه"),
            "subject": ("Subject", "Subject line", "موضوع", "عنوان"),
            "campaign_name": ("Campaign name", "Title", "Campaign", "نام کمپین", "کمپین"),
            "list_name": ("List", "Audience", "to_text", "Segment", "فهرست", "لیست", "مخاطبان"),
            "sent_at": ("created_at", "Send date", "Sent at", "Send time", "تاریخ ارسال", "زمان ارسال"),
            "status": ("delivery_status_name", "Status", "وضعیت"),
            "sent": (
                "Sent",
                "Recipients",
                "Total recipients",
                "addresses_count",
                "ارسال‌شده",
                "تعداد ارسال",
                "ارسال شده",
            ),
            "delivered": (
                "Delivered",
                "Successful deliveries",
                "emails_delivered",
                "success_count",
                "تحویل‌شده",
                "تحویل شده",
            ),
            "hard_bounces": ("Hard bounces", "برگشت دائم"),
            "soft_bounces": ("Soft bounces", "برگشت موقت"),
            "bounces": ("Bounces", "Total bounces", "emails_failed", "برگشت‌خورده", "برگشتی"),
            "unique_opens": ("Unique opens", "opens_count", "بازشده یکتا", "بازکننده یکتا"),
            "opens": ("Total opens", "Opens", "nonunique_opens_count", "بازشده", "تعداد باز شدن"),
            "unique_clicks": ("Unique clicks", "clicks_count", "کلیک یکتا"),
            "clicks": ("Total clicks", "Clicks", "nonunique_clicks_count", "کلیک", "تعداد کلیک"),
            "unsubscribes": ("Unsubscribed", "Unsubscribes", "لغو عضویت", "لغو اشتراک"),
            "complaints": ("Abuse complaints", "Spam complaints", "Complaints", "گزارش هرزنامه"),
            "utm_campaign": ("utm_campaign",),
        },
        LINKS.id: {
            "campaign_id": ("bulletin_id", "Campaign ID", "شناسه کمپین"),
            "link_id": ("id", "Link ID", "شناسه پیوند"),
            "url": ("link_url", "URL", "Link", "پیوند", "لینک"),
            "unique_clicks": ("Unique clicks", "unique_click_count", "کلیک یکتا"),
            "clicks": ("Total clicks", "total_click_count", "کلیک"),
        },
    },
)
