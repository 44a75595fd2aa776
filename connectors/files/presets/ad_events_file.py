"""Event log of an ad server: one row per impression, with its clicks."""

from connectors.ad_server.streams import EVENTS
from connectors.files.preset import FilePreset

PRESET = FilePreset(
    connector="ad_events_file",
    streams=(EVENTS,),
    constants={"impressions": "1"},
    headers={
        EVENTS.id: {
            "event_at": ("timestamp", "Time", "Event time", "Date", "زمان", "تاریخ"),
            "campaign": ("Campaign", "Policy", "کمپین"),
            "ad_id": ("Ad ID", "Creative", "item_id", "شناسه آگهی", "آگهی"),
            "placement": ("Placement", "Position", "Slot", "جایگاه"),
            "impressions": ("Impressions", "نمایش"),
            "clicks": ("click", "Clicks", "کلیک"),
            "cost": ("Cost", "Spend", "هزینه", "هزینه (*)"),
            "currency_code": ("Currency", "ارز"),
        }
    },
)
