"""Orders, their lines and refunds, and customers, in Shopify's own words; instants are UTC.

Ids are the numbers at the end of Shopify's ``gid://shopify/Order/1``. Amounts are in the shop's currency.
Names, streets, telephone numbers and notes are not asked for.
"""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

ORDERS = Stream(
    connector="shopify",
    name="orders",
    kind=Kind.ENTITY,
    description="Orders, tests and cancelled ones included; one row per version that a run saw",
    columns=(
        Column("order_id", Type.STRING, "Id of the order", required=True),
        Column("name", Type.STRING, "Number as the customer sees it, such as #1001"),
        Column("created_at", Type.INSTANT, "When Shopify got to know it"),
        Column(
            "processed_at", Type.INSTANT, "When it was placed; imported orders have a past", required=True
        ),
        Column("updated_at", Type.INSTANT, "Last change", required=True),
        Column("cancelled_at", Type.INSTANT, "When it was cancelled; empty otherwise"),
        Column("test", Type.BOOLEAN, "Paid through a gateway in test mode", required=True),
        Column("display_financial_status", Type.STRING, "PAID, PARTIALLY_REFUNDED, REFUNDED, VOIDED …"),
        Column("display_fulfillment_status", Type.STRING, "FULFILLED, UNFULFILLED …"),
        Column("source_name", Type.STRING, "web, pos, or an app's id"),
        Column("currency_code", Type.STRING, "Currency of the amounts: the shop's when it was placed"),
        Column("taxes_included", Type.BOOLEAN, "Prices hold the tax"),
        Column(
            "subtotal_price", Type.MONEY, "Lines after all discounts, before returns; with tax if included"
        ),
        Column("total_discounts", Type.MONEY, "All discounts"),
        Column("total_shipping_price", Type.MONEY, "Shipping, before returns"),
        Column("total_tax", Type.MONEY, "Tax, before returns"),
        Column("total_price", Type.MONEY, "What the customer pays, before returns", required=True),
        Column("current_total_price", Type.MONEY, "The same after edits and returns"),
        Column("total_refunded", Type.MONEY, "Money given back so far"),
        Column("customer_id", Type.STRING, "Customer; empty where the order names none"),
        Column("email", Type.STRING, "Address of the order", personal=Personal.EMAIL),
        Column("billing_country", Type.STRING, "Country code of the bill"),
        Column("utm_source", Type.STRING, "UTM source of the last visit before the order"),
        Column("utm_medium", Type.STRING, "UTM medium"),
        Column("utm_campaign", Type.STRING, "UTM campaign"),
        Column("line_count", Type.INTEGER, "Lines that came with it"),
        Column("items_tax", Type.MONEY, "Tax of its lines together"),
    ),
    key=("order_id",),
    cursor="processed_at",
    usable_after_days=1,
    final_after_days=14,
    day_zone="brand",
    ids=(
        Identity("order_id", IdKind.ORDER),
        Identity("customer_id", IdKind.PERSON),
    ),
)

ORDER_LINES = Stream(
    connector="shopify",
    name="order_lines",
    kind=Kind.ENTITY,
    description="Lines of the orders",
    columns=(
        Column("order_id", Type.STRING, "Order", required=True),
        Column("line_id", Type.STRING, "Id of the line", required=True),
        Column("processed_at", Type.INSTANT, "When the order was placed", required=True),
        Column("title", Type.STRING, "Name of the product"),
        Column("sku", Type.STRING, "Article code"),
        Column("quantity", Type.DECIMAL, "Units ordered"),
        Column("current_quantity", Type.DECIMAL, "Units left after edits and returns"),
        Column("original_total", Type.MONEY, "Before discounts"),
        Column(
            "discounted_total", Type.MONEY, "After the line's own discounts, those of the order not taken off"
        ),
        Column("tax", Type.MONEY, "Tax of the line"),
    ),
    key=("order_id", "line_id"),
    cursor="processed_at",
    usable_after_days=1,
    final_after_days=14,
    day_zone="brand",
    ids=(Identity("order_id", IdKind.ORDER),),
)

REFUNDS = Stream(
    connector="shopify",
    name="refunds",
    kind=Kind.ENTITY,
    description="Refunds of the orders, each on its own day",
    columns=(
        Column("order_id", Type.STRING, "Order", required=True),
        Column("refund_id", Type.STRING, "Id of the refund", required=True),
        Column("created_at", Type.INSTANT, "When it was made", required=True),
        Column("total_refunded", Type.MONEY, "Money given back; 0 where goods only went back to stock"),
        Column("line_count", Type.INTEGER, "Lines that it names; 0 for a mere amount"),
        Column("items_subtotal", Type.MONEY, "Value of these lines after discounts; with tax if included"),
        Column("items_tax", Type.MONEY, "Tax of these lines"),
        Column("shipping_subtotal", Type.MONEY, "Shipping that it gives back; with tax if included"),
        Column("shipping_tax", Type.MONEY, "Tax of that shipping"),
    ),
    key=("order_id", "refund_id"),
    cursor="created_at",
    usable_after_days=1,
    final_after_days=14,
    day_zone="brand",
    ids=(Identity("order_id", IdKind.ORDER),),
)

CUSTOMERS = Stream(
    connector="shopify",
    name="customers",
    kind=Kind.ENTITY,
    description="Customers of the shop",
    columns=(
        Column("customer_id", Type.STRING, "Id of the customer", required=True),
        Column("created_at", Type.INSTANT, "When it was made", required=True),
        Column("updated_at", Type.INSTANT, "Last change", required=True),
        Column("email", Type.STRING, "Address", personal=Personal.EMAIL),
        Column("state", Type.STRING, "ENABLED, DISABLED, INVITED, DECLINED"),
        Column("number_of_orders", Type.INTEGER, "Orders so far, as Shopify counts"),
    ),
    key=("customer_id",),
    cursor="created_at",
    day_zone="brand",
    ids=(Identity("customer_id", IdKind.PERSON),),
)

STREAMS = (ORDERS, ORDER_LINES, REFUNDS, CUSTOMERS)
