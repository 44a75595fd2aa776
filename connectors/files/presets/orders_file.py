"""Whole orders: one row per order with its amounts."""

from connectors.files.config import Covers
from connectors.files.preset import FilePreset
from connectors.orders.streams import ORDERS

PRESET = FilePreset(
    connector="orders_file",
    streams=(ORDERS,),
    covers=Covers.KEYS,
    headers={
        ORDERS.id: {
            "order_id": (
                "Order",
                "Order ID",
                "Order number",
                "InvoiceNo",
                "Name",
                "شماره سفارش",
                "شماره فاکتور",
                "کد سفارش",
            ),
            "ordered_at": (
                "Order date",
                "InvoiceDate",
                "Date",
                "Created at",
                "Date created",
                "تاریخ سفارش",
                "تاریخ ثبت",
                "تاریخ",
            ),
            "updated_at": ("Updated at", "Date modified", "Last modified", "تاریخ به‌روزرسانی", "آخرین تغییر"),
            "customer_id": (
                "Customer",
                "Customer ID",
                "Customer number",
                "کد مشتری",
                "شناسه مشتری",
                "شماره مشتری",
            ),
            "customer_email": (
                "Email",
                "E-mail",
                "Customer email",
                "Billing email",
                "ایمیل",
                "پست الکترونیک",
                "ایمیل مشتری",
            ),
            "status": ("Order status", "Financial status", "وضعیت", "وضعیت سفارش"),
            "goods_amount": (
                "Subtotal",
                "Goods",
                "Items total",
                "جمع کالاها",
                "مبلغ کالا",
                "مبلغ سفارش",
                "مبلغ",
                "مبلغ کالا (*)",
                "مبلغ سفارش (*)",
                "مبلغ (*)",
            ),
            "discount_amount": (
                "Discount",
                "Discount amount",
                "Discounts",
                "تخفیف",
                "مبلغ تخفیف",
                "تخفیف (*)",
            ),
            "shipping_amount": ("Shipping", "Shipping total", "هزینه ارسال", "هزینه ارسال (*)"),
            "tax_amount": ("Tax", "Taxes", "Tax total", "مالیات", "مالیات (*)"),
            "total_amount": (
                "Total",
                "Order total",
                "Grand total",
                "جمع کل",
                "مبلغ کل",
                "مبلغ پرداختی",
                "مبلغ کل (*)",
                "مبلغ پرداختی (*)",
            ),
            "refunded_amount": (
                "Refunded",
                "Refunded amount",
                "Refund",
                "مبلغ مرجوعی",
                "مبلغ بازگشتی",
                "مبلغ مرجوعی (*)",
            ),
            "refunded_at": ("Refund date", "Refunded at", "تاریخ مرجوعی", "تاریخ بازگشت وجه"),
            "currency_code": ("Currency", "Currency code", "ارز", "واحد پول"),
            "country": ("Country", "Billing country", "کشور"),
            "is_test": ("Test",),
        }
    },
)
