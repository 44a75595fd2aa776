"""Order lines: one row per article of an order or invoice, returns and fees included."""

from connectors.files.preset import FilePreset
from connectors.orders.streams import ORDER_LINES

PRESET = FilePreset(
    connector="order_lines_file",
    streams=(ORDER_LINES,),
    headers={
        ORDER_LINES.id: {
            "order_id": (
                "InvoiceNo",
                "Invoice",
                "Order",
                "Order ID",
                "Order number",
                "Name",
                "شماره سفارش",
                "شماره فاکتور",
                "کد سفارش",
            ),
            "line_id": ("Line", "Line number", "Line item ID", "ردیف"),
            "sku": (
                "StockCode",
                "SKU",
                "Lineitem sku",
                "Product ID",
                "Item code",
                "کد کالا",
                "کد محصول",
                "شناسه محصول",
            ),
            "product_name": (
                "Description",
                "Lineitem name",
                "Product",
                "Product name",
                "نام کالا",
                "نام محصول",
                "شرح کالا",
            ),
            "quantity": ("Qty", "Lineitem quantity", "تعداد", "مقدار"),
            "unit_price": (
                "UnitPrice",
                "Price",
                "Lineitem price",
                "قیمت واحد",
                "قیمت",
                "مبلغ واحد",
                "قیمت واحد (*)",
                "قیمت (*)",
            ),
            "discount_amount": ("Discount", "Lineitem discount", "تخفیف", "مبلغ تخفیف", "تخفیف (*)"),
            "ordered_at": (
                "InvoiceDate",
                "Order date",
                "Date",
                "Created at",
                "تاریخ سفارش",
                "تاریخ فاکتور",
                "تاریخ",
            ),
            "customer_id": (
                "CustomerID",
                "Customer",
                "Customer number",
                "کد مشتری",
                "شناسه مشتری",
                "شماره مشتری",
            ),
            "customer_email": ("Email", "E-mail", "Customer email", "ایمیل", "پست الکترونیک", "ایمیل مشتری"),
            "status": ("Order status", "Financial status", "وضعیت", "وضعیت سفارش"),
            "currency_code": ("Currency", "Currency code", "ارز", "واحد پول"),
            "country": ("Country", "Shipping country", "کشور"),
            "is_test": ("Test",),
        }
    },
)
