"""Orders, their lines and refunds, and customers, in WooCommerce's own words.

Instants are those of the ``_gmt`` twins: UTC. Amounts are in the order's ``currency``, which may be one of
the codes of Persian plugins (IRT, IRHR, IRHT). Names, streets, telephone numbers and notes are not asked for,
reasons of refunds neither.
"""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

ORDERS = Stream(
    connector="woocommerce",
    name="orders",
    kind=Kind.ENTITY,
    description="Orders of every status, those in the trash included; one row per version that a run saw",
    columns=(
        Column("order_id", Type.STRING, "Id of the order", required=True),
        Column("number", Type.STRING, "Number as the customer sees it; a plugin may change it"),
        Column("status", Type.STRING, "pending, processing, completed, refunded … or a plugin's"),
        Column("currency", Type.STRING, "Code of the amounts: ISO, or IRT, IRHR, IRHT"),
        Column(
            "date_created", Type.STRING, "On the site's clock and calendar, which may be Jalali; as it came"
        ),
        Column("date_created_gmt", Type.INSTANT, "When it was placed", required=True),
        Column("date_modified_gmt", Type.INSTANT, "Last change"),
        Column("date_paid_gmt", Type.INSTANT, "When it was paid; empty until then"),
        Column("date_completed_gmt", Type.INSTANT, "When it was completed"),
        Column("items_subtotal", Type.MONEY, "Sum of the lines before discount, without tax", required=True),
        Column("items_total", Type.MONEY, "Sum of the lines after discount, without tax", required=True),
        Column("discount_total", Type.MONEY, "Discount of coupons, without tax"),
        Column("shipping_total", Type.MONEY, "Shipping, without tax"),
        Column("total_tax", Type.MONEY, "Tax of lines, fees and shipping"),
        Column("total", Type.MONEY, "What the customer pays; refunds don't lower it", required=True),
        Column("customer_id", Type.STRING, "Account of the customer; empty for guests (0 in the API)"),
        Column("is_guest", Type.BOOLEAN, "Ordered without an account"),
        Column("billing_email", Type.STRING, "Billing address", personal=Personal.EMAIL),
        Column("billing_country", Type.STRING, "Country code of the bill"),
        Column("payment_method", Type.STRING, "Id of the way to pay"),
        Column("created_via", Type.STRING, "checkout, admin, rest-api …"),
        Column("utm_source", Type.STRING, "UTM source, where order attribution is on"),
        Column("utm_medium", Type.STRING, "UTM medium"),
        Column("utm_campaign", Type.STRING, "UTM campaign"),
        Column("line_item_ids", Type.STRING, "Ids of its lines now, ascending, semicolon separated"),
        Column("refund_ids", Type.STRING, "Ids of its refunds now, ascending, semicolon separated"),
    ),
    key=("order_id",),
    cursor="date_created_gmt",
    usable_after_days=1,
    final_after_days=14,
    day_zone="brand",
    ids=(
        Identity("order_id", IdKind.ORDER),
        Identity("customer_id", IdKind.PERSON),
    ),
)

ORDER_LINES = Stream(
    connector="woocommerce",
    name="order_lines",
    kind=Kind.ENTITY,
    description="Lines of the orders; one that its order no longer names was taken out",
    columns=(
        Column("order_id", Type.STRING, "Order", required=True),
        Column("line_id", Type.STRING, "Id of the line", required=True),
        Column("date_created_gmt", Type.INSTANT, "When the order was placed", required=True),
        Column("product_id", Type.STRING, "Product"),
        Column("variation_id", Type.STRING, "Variation; 0 for none"),
        Column("name", Type.STRING, "Name of the product"),
        Column("sku", Type.STRING, "Article code"),
        Column("quantity", Type.DECIMAL, "Units"),
        Column("subtotal", Type.MONEY, "Before discount, without tax"),
        Column("total", Type.MONEY, "After discount, without tax"),
        Column("total_tax", Type.MONEY, "Tax of the line"),
    ),
    key=("order_id", "line_id"),
    cursor="date_created_gmt",
    usable_after_days=1,
    final_after_days=14,
    day_zone="brand",
    ids=(Identity("order_id", IdKind.ORDER),),
)

REFUNDS = Stream(
    connector="woocommerce",
    name="refunds",
    kind=Kind.ENTITY,
    description="Refunds of the orders, each on its own day; one that its order no longer names was deleted",
    columns=(
        Column("order_id", Type.STRING, "Order", required=True),
        Column("refund_id", Type.STRING, "Id of the refund", required=True),
        Column("date_created_gmt", Type.INSTANT, "When it was made", required=True),
        Column("amount", Type.MONEY, "What the customer gets back, positive", required=True),
        Column("part_count", Type.INTEGER, "Lines, fees and shipping it names; 0 for a mere amount"),
        Column("items_total", Type.MONEY, "Of it goods, without tax; negative, as WooCommerce writes it"),
        Column("fees_total", Type.MONEY, "Of it fees, without tax, negative"),
        Column("shipping_total", Type.MONEY, "Of it shipping, without tax, negative"),
    ),
    key=("order_id", "refund_id"),
    cursor="date_created_gmt",
    usable_after_days=1,
    final_after_days=14,
    day_zone="brand",
    ids=(Identity("order_id", IdKind.ORDER),),
)

CUSTOMERS = Stream(
    connector="woocommerce",
    name="customers",
    kind=Kind.ENTITY,
    description="Accounts of the shop, whatever their role",
    columns=(
        Column("customer_id", Type.STRING, "Id of the account", required=True),
        Column("date_created_gmt", Type.INSTANT, "When it was made", required=True),
        Column("date_modified_gmt", Type.INSTANT, "Last change of the account, where WooCommerce knows it"),
        Column("email", Type.STRING, "Address of the account", personal=Personal.EMAIL),
        Column("role", Type.STRING, "customer, subscriber, administrator …"),
        Column("is_paying_customer", Type.BOOLEAN, "Has paid an order"),
    ),
    key=("customer_id",),
    cursor="date_created_gmt",
    day_zone="brand",
    ids=(Identity("customer_id", IdKind.PERSON),),
)

STREAMS = (ORDERS, ORDER_LINES, REFUNDS, CUSTOMERS)
