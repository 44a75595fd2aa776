"""Subscriptions as full lists: every row says at which moment the list was taken."""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset
from connectors.subscriptions.streams import SNAPSHOTS

PRESET = FilePreset(
    connector="subscription_snapshots_file",
    streams=(SNAPSHOTS,),
    covers=Covers.DATES,
    constants={"quantity": "1", "interval": "month", "interval_count": "1"},
    headers={
        SNAPSHOTS.id: {
            "snapshot_at": ("snapshot_at_utc", "Snapshot", "Taken at", "Date", "تاریخ", "تاریخ گزارش"),
            "subscriber_id": (
                "Subscriber",
                "Customer",
                "Customer ID",
                "sponsor_key",
                "مشترک",
                "شناسه مشتری",
                "کد مشتری",
            ),
            "item_id": ("Item", "Subscription ID", "شناسه اشتراک"),
            "plan": ("Plan", "Tier", "Product", "طرح", "پلن"),
            "platform": ("Platform", "Source", "سکو"),
            "status": ("Status", "وضعیت"),
            "quantity": ("Quantity", "Seats", "تعداد"),
            "amount": (
                "Amount",
                "MRR",
                "Price",
                "monthly_usd",
                "مبلغ",
                "مبلغ ماهانه",
                "مبلغ (*)",
                "مبلغ ماهانه (*)",
            ),
            "currency_code": ("Currency", "ارز"),
            "interval": ("Interval", "Billing interval", "دوره"),
            "interval_count": ("Interval count",),
        }
    },
)
