with

    states as (
        select * from {{ ref("int_subscription_item_states") }} where is_unknown
    ),

    items as (select * from {{ ref("int_subscription_item_history") }}),

    brands as (select * from {{ source("control", "brands") }}),

    judged as (
        select
            items.source_id,
            items.item_id,
            items.effective_at,
            case
                when items.status is null
                then 'status ' || coalesce(items.status_word, '(none)')
                when items.usage_type is null
                then 'usage type ' || items.usage_word
                when items.billing_interval is null
                then 'interval ' || items.interval_word
                when items.interval_count < 1
                then 'interval count ' || items.interval_count
                when items.discount_duration is null
                then 'discount duration ' || items.duration_word
                when items.pricing_tiers is not null and items.tiers_mode is null
                then 'tiers without a mode'
                when items.pricing_tiers is not null
                then 'malformed tiers'
                else 'no price'
            end as problem,
            {{ local_date("items.effective_at", "brands.timezone") }} as effective_date
        from items
        inner join brands on items.brand_id = brands.brand_id
    ),

    -- Of several states of a day only the last one holds.
    last_of_day as (
        select *
        from judged
        qualify
            row_number() over (
                partition by source_id, item_id, effective_date
                order by effective_at desc nulls last
            )
            = 1
    ),

    final as (
        select
            states.brand_id,
            states.source_id,
            states.item_id,
            last_of_day.problem,
            states.valid_from as first_day,
            case
                when states.valid_to < date '9999-12-31'
                then {{ add_days("states.valid_to", -1) }}
            end as last_day
        from states
        inner join
            last_of_day
            on states.source_id = last_of_day.source_id
            and states.item_id = last_of_day.item_id
            and states.valid_from = last_of_day.effective_date
    )

select *
from final
