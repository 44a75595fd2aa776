"""Stripe's records in its own words: moments are UTC, amounts whole numbers of the currency's minor unit.

How many digits the minor unit has is SQL's affair (seed ``stripe_currencies.csv``). Lists of ids are text, in
Stripe's order, semicolon separated.
"""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

_SUBSCRIPTION = (
    Column("status", Type.STRING, "incomplete, trialing, active, past_due, unpaid, paused, canceled …"),
    Column("customer_id", Type.STRING, "Who pays"),
    Column("currency", Type.STRING, "Currency, in lower case"),
    Column("created", Type.INSTANT, "When the subscription was created", required=True),
    Column("start_date", Type.INSTANT, "When it began; before created where it was backdated"),
    Column("trial_start", Type.INSTANT, "Begin of the trial, also where it is over"),
    Column("trial_end", Type.INSTANT, "End of the trial, also where it is over"),
    Column("cancel_at_period_end", Type.BOOLEAN, "Ends with the period already paid"),
    Column("cancel_at", Type.INSTANT, "When it is to end"),
    Column("canceled_at", Type.INSTANT, "When somebody decided to end it"),
    Column("ended_at", Type.INSTANT, "When it ended"),
    Column(
        "pause_behavior", Type.STRING, "void, keep_as_draft or mark_uncollectible while collection is paused"
    ),
    Column("pause_resumes_at", Type.INSTANT, "When paused collection resumes by itself"),
    Column("discount_ids", Type.STRING, "Discounts of the whole subscription"),
    Column("item_ids", Type.STRING, "Its items"),
)
_PRICE = (
    Column("price_id", Type.STRING, "Price"),
    Column("product_id", Type.STRING, "Product"),
    Column("nickname", Type.STRING, "Name of the price within the account"),
    Column("price_currency", Type.STRING, "Currency of the price, in lower case"),
    Column("billing_scheme", Type.STRING, "per_unit or tiered"),
    Column(
        "unit_amount_decimal", Type.RATE, "Price of a unit in minor units, up to 12 digits; null for tiers"
    ),
    Column("tiers_mode", Type.STRING, "graduated or volume"),
    Column("interval", Type.STRING, "day, week, month or year"),
    Column("interval_count", Type.INTEGER, "Intervals per billing period"),
    Column("usage_type", Type.STRING, "licensed or metered"),
    Column("package_size", Type.INTEGER, "Units that are sold together (transform_quantity.divide_by)"),
    Column("package_rounding", Type.STRING, "up or down: how a part of a package counts"),
)
_ITEM = (
    Column("item_created", Type.INSTANT, "When the item was added"),
    Column("quantity", Type.INTEGER, "Units; metered items have none"),
    *_PRICE,
    Column("current_period_start", Type.INSTANT, "Begin of the period already paid"),
    Column("current_period_end", Type.INSTANT, "End of the period already paid"),
    Column("item_discount_ids", Type.STRING, "Discounts of this item alone"),
)
_DISCOUNT = (
    Column("subscription_id", Type.STRING, "Subscription that it is on"),
    Column("item_id", Type.STRING, "Item that it is on alone"),
    Column("customer_id", Type.STRING, "Customer that it is on"),
    Column("discount_start", Type.INSTANT, "When it began"),
    Column("discount_end", Type.INSTANT, "When it ends; null for once and forever"),
)
_COUPON = (
    Column("coupon_id", Type.STRING, "Coupon that it comes from"),
    Column("percent_off", Type.DECIMAL, "Percent off"),
    Column("amount_off", Type.INTEGER, "Amount off in minor units of coupon_currency"),
    Column("coupon_currency", Type.STRING, "Currency of amount_off, in lower case"),
    Column("duration", Type.STRING, "once, repeating or forever"),
)
_PERSON = (Identity("customer_id", IdKind.PERSON),)

SUBSCRIPTIONS = Stream(
    connector="stripe",
    name="subscriptions",
    kind=Kind.ENTITY,
    description="Subscriptions of all statuses, cancelled ones included; one row per version that a run saw",
    columns=(
        Column("subscription_id", Type.STRING, "Subscription", required=True),
        *_SUBSCRIPTION,
        Column("is_live", Type.BOOLEAN, "False in test mode"),
    ),
    key=("subscription_id",),
    cursor="created",
    day_zone="brand",
    ids=_PERSON,
)

SUBSCRIPTION_ITEMS = Stream(
    connector="stripe",
    name="subscription_items",
    kind=Kind.ENTITY,
    description="Items of subscriptions with their prices; one row per version that a run saw",
    columns=(
        Column("item_id", Type.STRING, "Item", required=True),
        Column("subscription_id", Type.STRING, "Its subscription", required=True),
        Column("customer_id", Type.STRING, "Who pays"),
        *_ITEM,
    ),
    key=("item_id",),
    cursor="item_created",
    day_zone="brand",
    ids=_PERSON,
)

DISCOUNTS = Stream(
    connector="stripe",
    name="discounts",
    kind=Kind.ENTITY,
    description="Discounts that a run saw on subscriptions and items; one that was taken off stays",
    columns=(Column("discount_id", Type.STRING, "Discount", required=True), *_DISCOUNT, *_COUPON),
    key=("discount_id",),
    day_zone="brand",
    ids=_PERSON,
)

EVENTS = Stream(
    connector="stripe",
    name="events",
    kind=Kind.ENTITY,
    description=(
        "Subscription items as an event tells them: after it, and before it where it says what changed. "
        "Stripe keeps events for 30 days; what landed stays"
    ),
    columns=(
        Column("event_id", Type.STRING, "Event", required=True),
        Column("phase", Type.STRING, "before or after", required=True),
        Column("item_id", Type.STRING, "Item", required=True),
        Column("event_created", Type.INSTANT, "When it happened", required=True),
        Column("type", Type.STRING, "customer.subscription.created, .updated, .deleted, .paused …"),
        Column("api_version", Type.STRING, "Version in whose shape the event was written"),
        Column("subscription_id", Type.STRING, "Subscription", required=True),
        *_SUBSCRIPTION,
        *_ITEM,
        Column("has_all_items", Type.BOOLEAN, "The event tells all items of its subscription"),
    ),
    key=("event_id", "phase", "item_id"),
    cursor="event_created",
    day_zone="brand",
    ids=_PERSON,
)

DISCOUNT_EVENTS = Stream(
    connector="stripe",
    name="discount_events",
    kind=Kind.ENTITY,
    description="Discounts as events tell them when they are put on and taken off",
    columns=(
        Column("event_id", Type.STRING, "Event", required=True),
        Column("event_created", Type.INSTANT, "When it happened", required=True),
        Column("type", Type.STRING, "customer.discount.created, .updated or .deleted"),
        Column("discount_id", Type.STRING, "Discount", required=True),
        *_DISCOUNT,
        *_COUPON,
    ),
    key=("event_id", "discount_id"),
    cursor="event_created",
    day_zone="brand",
    ids=_PERSON,
)

PRICES = Stream(
    connector="stripe",
    name="prices",
    kind=Kind.ENTITY,
    description="Prices, archived ones included, with their tiers and the product's name",
    columns=(
        *_PRICE,
        Column(
            "pricing_tiers",
            Type.STRING,
            'JSON list of tiers, ascending, amounts in minor units: [{"up_to": 10, "unit_amount": "500", '
            '"flat_amount": "0"}, {"up_to": null, …}]',
        ),
        Column("product_name", Type.STRING, "Name of the product"),
        Column("is_active", Type.BOOLEAN, "Can still be bought"),
        Column("created", Type.INSTANT, "When it was made"),
    ),
    key=("price_id",),
    cursor="created",
    day_zone="brand",
)

COUPONS = Stream(
    connector="stripe",
    name="coupons",
    kind=Kind.ENTITY,
    description="Coupons that exist; a deleted one goes on in the discounts that it gave",
    columns=(
        *_COUPON,
        Column("duration_in_months", Type.INTEGER, "Months of a repeating one"),
        Column("product_ids", Type.STRING, "Products that it is limited to; null for all"),
        Column("created", Type.INSTANT, "When it was made"),
    ),
    key=("coupon_id",),
    cursor="created",
    day_zone="brand",
)

CUSTOMERS = Stream(
    connector="stripe",
    name="customers",
    kind=Kind.ENTITY,
    description="Customers; of their addresses and names only the hash of the e-mail and the country land",
    columns=(
        Column("customer_id", Type.STRING, "Customer", required=True),
        Column("email", Type.STRING, "E-mail address", personal=Personal.EMAIL),
        Column("country", Type.STRING, "Country code of the billing address"),
        Column("currency", Type.STRING, "Currency that invoices to the customer are in, in lower case"),
        Column("created", Type.INSTANT, "When the customer was created"),
        Column("is_delinquent", Type.BOOLEAN, "The newest invoice is overdue"),
        Column("discount_id", Type.STRING, "Discount on all that the customer buys"),
        Column("discount_start", Type.INSTANT, "When it began"),
        Column("discount_end", Type.INSTANT, "When it ends"),
        *_COUPON,
        Column("is_live", Type.BOOLEAN, "False in test mode"),
    ),
    key=("customer_id",),
    cursor="created",
    day_zone="brand",
    ids=_PERSON,
)

INVOICES = Stream(
    connector="stripe",
    name="invoices",
    kind=Kind.ENTITY,
    description="Invoices; one row per version that a run saw, amounts in minor units",
    columns=(
        Column("invoice_id", Type.STRING, "Invoice", required=True),
        Column("customer_id", Type.STRING, "Who pays"),
        Column("subscription_id", Type.STRING, "Subscription that it bills; null for others"),
        Column("status", Type.STRING, "draft, open, paid, uncollectible or void"),
        Column("billing_reason", Type.STRING, "subscription_cycle, subscription_create, manual …"),
        Column("currency", Type.STRING, "Currency of all amounts, in lower case"),
        Column("created", Type.INSTANT, "When it was made", required=True),
        Column("period_start", Type.INSTANT, "Begin of the time in which its lines arose"),
        Column("period_end", Type.INSTANT, "End of that time"),
        Column("due_date", Type.INSTANT, "When it is to be paid"),
        Column("finalized_at", Type.INSTANT, "When it became open"),
        Column("paid_at", Type.INSTANT, "When it was paid"),
        Column("voided_at", Type.INSTANT, "When it was voided"),
        Column("marked_uncollectible_at", Type.INSTANT, "When it was given up"),
        Column("subtotal", Type.INTEGER, "Before discounts and taxes that are added"),
        Column("discount_amount", Type.INTEGER, "Discounts in all; null where Stripe doesn't say"),
        Column("tax_amount", Type.INTEGER, "Taxes in all; null where Stripe doesn't say"),
        Column("total", Type.INTEGER, "After discounts and taxes; negative for a credit"),
        Column("amount_due", Type.INTEGER, "What is asked for, after the customer's balance"),
        Column("amount_paid", Type.INTEGER, "What was paid"),
        Column("amount_remaining", Type.INTEGER, "What is left to pay"),
        Column("credited_amount", Type.INTEGER, "Credit notes after the payment"),
        Column("is_live", Type.BOOLEAN, "False in test mode"),
    ),
    key=("invoice_id",),
    cursor="created",
    day_zone="brand",
    ids=_PERSON,
)

STREAMS = (
    SUBSCRIPTIONS,
    SUBSCRIPTION_ITEMS,
    DISCOUNTS,
    EVENTS,
    DISCOUNT_EVENTS,
    PRICES,
    COUPONS,
    CUSTOMERS,
    INVOICES,
)
