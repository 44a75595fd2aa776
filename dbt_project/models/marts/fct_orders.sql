with

    headers as (select * from {{ ref("int_orders_from_headers") }}),

    from_lines as (select * from {{ ref("int_orders_from_lines") }}),

    rules as (select * from {{ ref("int_order_rules") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    orders as (
        select
            headers.brand_id,
            headers.source_id,
            headers.order_id,
            headers.customer_key,
            headers.ordered_at,
            headers.order_date,
            headers.status,
            headers.country,
            headers.utm_source,
            headers.utm_medium,
            headers.utm_campaign,
            headers.currency_code,
            headers.order_value,
            headers.paid_amount,
            coalesce(from_lines.line_count, headers.line_count) as line_count,
            coalesce(
                from_lines.counted_line_count,
                case when headers.counts_as_order then headers.line_count else 0 end
            ) as counted_line_count,
            headers.is_cancellation,
            headers.is_bad_debt,
            headers.is_test,
            headers.is_fully_refunded,
            headers.counts_as_order,
            headers.counts_as_activity
        from headers
        left join
            from_lines
            on headers.source_id = from_lines.source_id
            and headers.order_id = from_lines.order_id
        union all
        -- Lines speak for an order only where the shop gives no header for it.
        select
            from_lines.brand_id,
            from_lines.source_id,
            from_lines.order_id,
            from_lines.customer_key,
            from_lines.ordered_at,
            from_lines.order_date,
            from_lines.status,
            from_lines.country,
            from_lines.utm_source,
            from_lines.utm_medium,
            from_lines.utm_campaign,
            from_lines.currency_code,
            from_lines.order_value,
            from_lines.paid_amount,
            from_lines.line_count,
            from_lines.counted_line_count,
            from_lines.is_cancellation,
            from_lines.is_bad_debt,
            from_lines.is_test,
            from_lines.is_fully_refunded,
            from_lines.counts_as_order,
            from_lines.counts_as_activity
        from from_lines
        left join
            headers
            on from_lines.source_id = headers.source_id
            and from_lines.order_id = headers.order_id
        where headers.order_id is null
    ),

    final as (
        select
            orders.brand_id,
            orders.source_id,
            orders.order_id,
            orders.customer_key,
            orders.ordered_at,
            orders.order_date,
            orders.status,
            orders.country,
            orders.utm_source,
            orders.utm_medium,
            orders.utm_campaign,
            {{ campaign_shown("orders.utm_campaign") }} as campaign,
            orders.currency_code,
            orders.order_value,
            orders.paid_amount,
            rules.reporting_currency_code,
            {{
                reporting_amount(
                    "orders.order_value",
                    "orders.currency_code",
                    "rules.reporting_currency_code",
                    "rates.rate",
                )
            }} as order_value_reporting,
            {{
                reporting_amount(
                    "orders.paid_amount",
                    "orders.currency_code",
                    "rules.reporting_currency_code",
                    "rates.rate",
                )
            }} as paid_amount_reporting,
            orders.line_count,
            orders.counted_line_count,
            orders.is_cancellation,
            orders.is_bad_debt,
            orders.is_test,
            orders.is_fully_refunded,
            orders.counts_as_order,
            orders.counts_as_activity
        from orders
        inner join
            rules on orders.source_id = rules.source_id
            {{ join_campaign_names("orders", "orders.utm_campaign") }}
        left join
            rates
            on orders.order_date = rates.rate_date
            and orders.currency_code = rates.from_currency
            and rules.reporting_currency_code = rates.to_currency
    )

select *
from final
