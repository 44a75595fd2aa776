with

    lines as (select * from {{ ref("fct_order_lines") }}),

    headers as (select * from {{ ref("int_orders_from_headers") }}),

    rules as (select * from {{ ref("int_order_rules") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    shop_refunds as (select * from {{ ref("int_order_refunds_from_shops") }}),

    line_returns as (
        select
            lines.brand_id,
            lines.source_id,
            lines.order_id,
            lines.line_date as return_date,
            min(lines.customer_key) as customer_key,
            min(lines.utm_campaign) as utm_campaign,
            min(lines.country) as country,
            lines.currency_code,
            - {{ exact_sum("lines.line_amount") }} as returned_amount
        from lines
        left join
            headers
            on lines.source_id = headers.source_id
            and lines.order_id = headers.order_id
        where lines.counts_as_return and headers.order_id is null
        group by
            lines.brand_id,
            lines.source_id,
            lines.order_id,
            lines.line_date,
            lines.currency_code
    ),

    undivided as (select * from headers where not coalesce(has_refund_list, false)),

    header_returns as (
        select
            brand_id,
            source_id,
            order_id,
            refund_date as return_date,
            customer_key,
            utm_campaign,
            country,
            currency_code,
            cast(refunded_amount as decimal(38, 6)) as returned_amount
        from undivided
        where counts_as_order and refunded_amount > 0
    ),

    -- Each refund of a shop on its own day, as many as an order has.
    shop_returns as (
        select
            headers.brand_id,
            headers.source_id,
            headers.order_id,
            {{ local_date("shop_refunds.refunded_at", "rules.timezone") }}
            as return_date,
            min(headers.customer_key) as customer_key,
            min(headers.utm_campaign) as utm_campaign,
            min(headers.country) as country,
            headers.currency_code,
            {{ exact_sum("shop_refunds.returned_amount") }} as returned_amount
        from shop_refunds
        inner join
            headers
            on shop_refunds.source_id = headers.source_id
            and shop_refunds.order_id = headers.order_id
        inner join rules on shop_refunds.source_id = rules.source_id
        where headers.counts_as_order and shop_refunds.returned_amount > 0
        group by
            headers.brand_id,
            headers.source_id,
            headers.order_id,
            {{ local_date("shop_refunds.refunded_at", "rules.timezone") }},
            headers.currency_code
    ),

    returns as (
        select *
        from line_returns
        union all
        select *
        from header_returns
        union all
        select *
        from shop_returns
    ),

    final as (
        select
            returns.brand_id,
            returns.source_id,
            returns.order_id,
            returns.return_date,
            returns.customer_key,
            returns.utm_campaign,
            returns.country,
            returns.currency_code,
            returns.returned_amount,
            rules.reporting_currency_code,
            {{
                reporting_amount(
                    "returns.returned_amount",
                    "returns.currency_code",
                    "rules.reporting_currency_code",
                    "rates.rate",
                )
            }} as returned_amount_reporting,
            rules.subtract_returns as is_subtracted
        from returns
        inner join rules on returns.source_id = rules.source_id
        left join
            rates
            on returns.return_date = rates.rate_date
            and returns.currency_code = rates.from_currency
            and rules.reporting_currency_code = rates.to_currency
    )

select *
from final
