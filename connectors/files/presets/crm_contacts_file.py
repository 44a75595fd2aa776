"""CRM contacts with their lifecycle dates."""

from connectors.crm.streams import CONTACTS
from connectors.files.config import Covers
from connectors.files.preset import FilePreset

PRESET = FilePreset(
    connector="crm_contacts_file",
    streams=(CONTACTS,),
    covers=Covers.KEYS,
    headers={
        CONTACTS.id: {
            "contact_id": ("Record ID", "Contact ID", "Lead ID", "id", "شناسه", "شناسه مخاطب", "کد مخاطب"),
            "email": ("E-mail", "Email address", "ایمیل", "پست الکترونیک"),
            "phone": ("Phone number", "Mobile", "موبایل", "تلفن", "شماره تماس", "تلفن همراه"),
            "full_name": ("Name", "Full name", "نام", "نام و نام خانوادگی"),
            "created_at": ("Create date", "Created", "Created at", "تاریخ ایجاد", "تاریخ ثبت"),
            "updated_at": ("Last modified date", "Updated at", "Modified", "آخرین تغییر"),
            "lifecycle_stage": ("Lifecycle stage", "Stage", "مرحله"),
            "became_lead_at": ("Became a lead date", "تاریخ سرنخ"),
            "became_qualified_at": (
                "Became a marketing qualified lead date",
                "Became a sales qualified lead date",
                "تاریخ سرنخ واجد شرایط",
            ),
            "became_customer_at": ("Became a customer date", "تاریخ مشتری شدن"),
            "lead_source": ("Original source", "Lead source", "Source", "منبع", "منبع سرنخ"),
            "owner": ("Contact owner", "مسئول"),
            "merged_into": ("Merged into", "ادغام در"),
            "is_deleted": ("Deleted", "Archived", "حذف‌شده"),
            "is_test": ("Test", "آزمایشی"),
        }
    },
)
