{{ config(materialized="table") }}

{# A rule names a column as the source's own stream has it. #}
{% set rule_columns = {
    "order_id": "order_id",
    "customer_email_domain": "customer_email_domain",
    "billing_email_domain": "customer_email_domain",
    "email_domain": "customer_email_domain",
    "status": "status",
    "payment_method": "payment_method",
    "display_financial_status": "status",
    "utm_campaign": "utm_campaign",
    "country": "country",
    "billing_country": "country",
} %}

{% set node = customer_node(
    "rules.customer_ids", "orders.customer_id", "orders.customer_email_hmac"
) %}

with

    orders as (select * from {{ ref("int_orders_unioned") }}),

    rules as (select * from {{ ref("int_order_rules") }}),

    customers as (select * from {{ ref("int_customers") }}),

    row_rules as (select * from {{ source("control", "row_rules") }}),

    test_orders as (
        select distinct orders.source_id, orders.order_id
        from orders
        inner join row_rules as rules on orders.source_id = rules.source_id
        where {{ matches_row_rule(rule_columns, "orders.") }}
    ),

    marked as (
        select
            orders.*,
            rules.require_customer,
            rules.require_positive_price,
            rules.returns_are_activity,
            rules.subtract_returns,
            upper(
                coalesce(orders.currency_code, rules.source_currency_code)
            ) as order_currency_code,
            {{ local_date("orders.ordered_at", "rules.timezone") }} as order_date,
            {{
                local_date(
                    "coalesce(orders.refunded_at, orders.updated_at, orders.ordered_at)",
                    "rules.timezone",
                )
            }}
            as refund_date,
            {{ surviving_customer_key("rules.customer_salt", node) }} as customer_key,
            cast(
                orders.goods_amount - orders.discount_amount as decimal(38, 6)
            ) as order_value,
            coalesce(
                substr(orders.order_id, 1, length(rules.cancellation_prefix))
                = rules.cancellation_prefix,
                false
            ) as is_cancellation,
            coalesce(
                substr(orders.order_id, 1, length(rules.bad_debt_prefix))
                = rules.bad_debt_prefix,
                false
            ) as is_bad_debt,
            (
                orders.is_test
                or test_orders.order_id is not null
                or {{ is_test_address("orders.customer_email_flags") }}
            ) as is_marked_test,
            (
                rules.counted_statuses is null
                or
                {{ list_holds("rules.counted_statuses", "lower(trim(orders.status))") }}
            ) as has_counted_status
        from orders
        inner join
            rules on orders.source_id = rules.source_id
            {{ join_customers("orders", node) }}
        left join
            test_orders
            on orders.source_id = test_orders.source_id
            and orders.order_id = test_orders.order_id
    ),

    judged as (
        select
            *,
            has_counted_status
            and not is_marked_test
            and not is_bad_debt
            and not is_cancellation
            and (customer_key is not null or not require_customer)
            and (goods_amount > 0 or not require_positive_price) as counts_as_order
        from marked
    ),

    final as (
        select
            brand_id,
            source_id,
            order_id,
            customer_key,
            ordered_at,
            order_date,
            status,
            country,
            utm_source,
            utm_medium,
            utm_campaign,
            order_currency_code as currency_code,
            order_value,
            cast(
                coalesce(
                    total_amount,
                    order_value + coalesce(shipping_amount, 0) + coalesce(tax_amount, 0)
                ) as decimal(38, 6)
            ) as paid_amount,
            refunded_amount,
            refund_date,
            coalesce(has_refund_list, false) as has_refund_list,
            line_count,
            subtract_returns,
            is_cancellation,
            is_bad_debt,
            is_marked_test as is_test,
            counts_as_order,
            counts_as_order
            or (
                returns_are_activity
                and customer_key is not null
                and has_counted_status
                and not is_marked_test
                and not is_bad_debt
            ) as counts_as_activity,
            order_value > 0 and refunded_amount >= order_value as is_fully_refunded
        from judged
    )

select *
from final
