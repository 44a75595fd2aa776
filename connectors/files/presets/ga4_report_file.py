"""Google Analytics 4 reports: exports of the UI, and Data API reports saved as CSV and JSON.

A table's headers decide where it lands: daily tables in the streams of the API, tables without a day in
``ga4/period_reports``, totals of a JSON answer in ``ga4/report_totals``.
"""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset, Layout
from connectors.ga4 import streams as ga4

_METRICS = {
    "date": ("Day", "تاریخ", "روز"),
    "property_id": ("Property", "Property ID"),
    "sessions": ("visits", "نشست‌ها", "جلسه‌ها"),
    "engaged_sessions": ("Engaged sessions", "engagedSessions"),
    "engagement_seconds": ("User engagement", "userEngagementDuration"),
    "page_views": ("Views", "pageviews", "screenPageViews", "بازدیدها", "بازدید صفحه"),
    "active_users": ("Active users", "active_visitors", "activeUsers", "کاربران فعال"),
    "key_events": ("Key events", "keyEvents", "Conversions"),
    "revenue": ("Total revenue", "totalRevenue", "Total revenue (*)"),
}

PRESET = FilePreset(
    connector="ga4_report_file",
    streams=(
        ga4.TOTALS,
        ga4.TRAFFIC,
        ga4.DEVICES,
        ga4.PAGES,
        ga4.LANDING_PAGES,
        ga4.EVENTS,
        ga4.PERIOD_REPORTS,
        ga4.REPORT_TOTALS,
    ),
    layout=Layout.GA4,
    covers=Covers.DATES,
    headers={
        ga4.TOTALS.id: _METRICS,
        ga4.TRAFFIC.id: _METRICS
        | {
            "channel_group": (
                "session_default_channel_group",
                "Session default channel group",
                "Session primary channel group (Default channel group)",
                "sessionDefaultChannelGroup",
                "Default channel group",
                "کانال",
            ),
            "source": ("Session source", "sessionSource", "منبع"),
            "medium": ("Session medium", "sessionMedium", "رسانه"),
            "campaign": ("Session campaign", "sessionCampaignName", "کمپین"),
        },
        ga4.DEVICES.id: _METRICS | {"device": ("Device category", "deviceCategory", "دستگاه")},
        ga4.PAGES.id: _METRICS
        | {"page_path": ("Page path", "Page path and screen class", "pagePath", "page", "صفحه")},
        ga4.LANDING_PAGES.id: _METRICS
        | {"landing_page": ("Landing page", "Landing page + query string", "landingPage", "صفحه فرود")},
        ga4.EVENTS.id: _METRICS
        | {"event_name": ("Event name", "eventName", "رویداد"), "event_count": ("Event count", "eventCount")},
    },
)
