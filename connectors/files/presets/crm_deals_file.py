"""CRM deals with their stage and amount."""

from connectors.crm.streams import DEALS
from connectors.files.config import Covers
from connectors.files.preset import FilePreset

PRESET = FilePreset(
    connector="crm_deals_file",
    streams=(DEALS,),
    covers=Covers.KEYS,
    headers={
        DEALS.id: {
            "deal_id": ("Record ID", "Deal ID", "id", "شناسه", "شناسه معامله", "کد معامله"),
            "contact_id": ("Contact ID", "Associated contact", "شناسه مخاطب", "کد مخاطب"),
            "deal_name": ("Deal name", "Name", "عنوان", "نام معامله"),
            "pipeline": ("Pipeline", "کاریز", "قیف"),
            "stage": ("Deal stage", "Stage", "مرحله"),
            "amount": ("Amount", "Amount (*)", "مبلغ", "ارزش", "مبلغ (*)", "ارزش (*)"),
            "currency_code": ("Currency", "Deal currency", "ارز"),
            "created_at": ("Create date", "Created", "Created at", "تاریخ ایجاد"),
            "closed_at": ("Close date", "Closed at", "تاریخ بسته‌شدن", "تاریخ بسته شدن"),
            "updated_at": ("Last modified date", "Updated at", "آخرین تغییر"),
            "is_won": ("Is closed won", "Won", "برنده", "موفق"),
            "is_closed": ("Is deal closed?", "Closed", "بسته‌شده"),
            "is_deleted": ("Deleted", "Archived", "حذف‌شده"),
        }
    },
)
