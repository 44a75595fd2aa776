with

    lines as (select * from {{ ref("fct_order_lines") }}),

    final as (
        select
            brand_id,
            source_id,
            order_id,
            min(customer_key) as customer_key,
            min(ordered_at) as ordered_at,
            min(line_date) as order_date,
            min(status) as status,
            min(country) as country,
            min(utm_source) as utm_source,
            min(utm_medium) as utm_medium,
            min(utm_campaign) as utm_campaign,
            -- Amounts of two currencies in one order have no sum.
            case
                when min(currency_code) = max(currency_code) then min(currency_code)
            end as currency_code,
            {{ exact_sum("case when counts_as_order then line_amount else 0 end") }}
            as order_value,
            {{ exact_sum("case when counts_as_paid then line_amount else 0 end") }}
            as paid_amount,
            cast(count(*) as bigint) as line_count,
            cast(
                sum(case when counts_as_order then 1 else 0 end) as bigint
            ) as counted_line_count,
            max(case when is_cancellation then 1 else 0 end) = 1 as is_cancellation,
            max(case when is_bad_debt then 1 else 0 end) = 1 as is_bad_debt,
            max(case when is_test then 1 else 0 end) = 1 as is_test,
            max(case when counts_as_order then 1 else 0 end) = 1 as counts_as_order,
            max(case when counts_as_activity then 1 else 0 end)
            = 1 as counts_as_activity,
            -- Only goods that come back under the order's own number tell that it did.
            {{ exact_sum("case when counts_as_order then line_amount else 0 end") }} > 0
            and
            {{
                exact_sum(
                    "case when counts_as_order or counts_as_return then line_amount else 0 end"
                )
            }}
            <= 0 as is_fully_refunded
        from lines
        group by brand_id, source_id, order_id
    )

select *
from final
