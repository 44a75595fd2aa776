-- A new customer is credited as the order, or without a shop the won deal, that made it
-- one.
with

    new_customers as (select * from {{ ref("int_new_customers") }}),

    conversions as (
        select *
        from {{ ref("int_conversions") }}
        where customer_key is not null and not is_fully_refunded
    ),

    entries as (
        select *
        from {{ ref("int_attributed_entries") }}
        where is_configured_rule and entry_type <> 'refund'
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by brand_id, customer_key, conversion_type
                order by
                    converted_date asc nulls last,
                    converted_at asc nulls last,
                    source_id asc nulls last,
                    conversion_id asc nulls last
            ) as conversion_rank
        from conversions
    ),

    final as (
        select
            new_customers.brand_id,
            new_customers.customer_key,
            new_customers.first_date,
            new_customers.is_from_orders,
            entries.channel_id,
            entries.campaign,
            entries.conversions as new_customers
        from new_customers
        inner join
            ranked
            on new_customers.brand_id = ranked.brand_id
            and new_customers.customer_key = ranked.customer_key
            and new_customers.is_from_orders = (ranked.conversion_type = 'order')
        inner join
            entries
            on ranked.brand_id = entries.brand_id
            and ranked.conversion_type = entries.conversion_type
            and ranked.source_id = entries.source_id
            and ranked.conversion_id = entries.conversion_id
        where ranked.conversion_rank = 1
    )

select *
from final
