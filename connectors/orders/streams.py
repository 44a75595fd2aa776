"""Orders of a shop: lines or whole orders.

Amounts are in the currency of ``currency_code`` (else the source's); instants are UTC.
"""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

ORDER_LINES = Stream(
    connector="orders",
    name="order_lines",
    kind=Kind.ENTITY,
    description="Order lines as exported, returns and fees included; a record is a line of a file",
    columns=(
        Column("order_id", Type.STRING, "Order or invoice number as printed", required=True),
        Column("line_id", Type.STRING, "Number of the line within the order, where the export has one"),
        Column("sku", Type.STRING, "Article code, services and fees included"),
        Column("product_name", Type.STRING, "Article name"),
        Column("quantity", Type.DECIMAL, "Units; negative on returns", required=True),
        Column("unit_price", Type.MONEY, "Price of one unit, tax as the shop exports it", required=True),
        Column("discount_amount", Type.MONEY, "Discount on the line, positive"),
        Column("ordered_at", Type.INSTANT, "When the line was booked", required=True),
        Column("customer_id", Type.STRING, "Customer number of the shop"),
        Column("customer_email", Type.STRING, "Customer address", personal=Personal.EMAIL),
        Column("status", Type.STRING, "Order status of the shop"),
        Column("currency_code", Type.STRING, "ISO code of the amounts"),
        Column("utm_source", Type.STRING, "UTM source of the visit that bought"),
        Column("utm_medium", Type.STRING, "UTM medium"),
        Column("utm_campaign", Type.STRING, "UTM campaign"),
        Column("country", Type.STRING, "Country as the shop writes it"),
        Column("is_test", Type.BOOLEAN, "Marked as a test by the shop"),
    ),
    cursor="ordered_at",
    day_zone="brand",
    ids=(
        Identity("order_id", IdKind.ORDER),
        Identity("customer_id", IdKind.PERSON),
    ),
)

ORDERS = Stream(
    connector="orders",
    name="orders",
    kind=Kind.ENTITY,
    description="Whole orders with their amounts and refunds",
    columns=(
        Column("order_id", Type.STRING, "Order number", required=True),
        Column("ordered_at", Type.INSTANT, "When the order was placed", required=True),
        Column("updated_at", Type.INSTANT, "Last change of the order"),
        Column("customer_id", Type.STRING, "Customer number of the shop"),
        Column("customer_email", Type.STRING, "Customer address", personal=Personal.EMAIL),
        Column("status", Type.STRING, "Order status of the shop"),
        Column("goods_amount", Type.MONEY, "Goods before discount, without tax and shipping", required=True),
        Column("discount_amount", Type.MONEY, "Discount, positive"),
        Column("shipping_amount", Type.MONEY, "Shipping"),
        Column("tax_amount", Type.MONEY, "Tax"),
        Column("total_amount", Type.MONEY, "What the customer paid, shipping and tax included"),
        Column("refunded_amount", Type.MONEY, "Goods value given back so far, positive"),
        Column("refunded_at", Type.INSTANT, "When it was given back"),
        Column("currency_code", Type.STRING, "ISO code of the amounts"),
        Column("utm_source", Type.STRING, "UTM source of the visit that bought"),
        Column("utm_medium", Type.STRING, "UTM medium"),
        Column("utm_campaign", Type.STRING, "UTM campaign"),
        Column("country", Type.STRING, "Country as the shop writes it"),
        Column("is_test", Type.BOOLEAN, "Marked as a test by the shop"),
    ),
    key=("order_id",),
    cursor="ordered_at",
    day_zone="brand",
    ids=(
        Identity("order_id", IdKind.ORDER),
        Identity("customer_id", IdKind.PERSON),
    ),
)

STREAMS = (ORDER_LINES, ORDERS)
