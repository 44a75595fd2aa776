-- Each row is a word or a price of a billing history that nobody can tell; recurring
-- revenue of its source is null on the days on which it holds.
{{ config(severity="warn") }}

with

    states as (
        select * from {{ ref("int_subscription_item_states") }} where is_unknown
    ),

    items as (select * from {{ ref("stg_subscriptions__items") }}),

    brands as (select * from {{ source("control", "brands") }}),

    judged as (
        select
            items.*,
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
    )

select
    judged.brand_id,
    judged.source_id,
    judged.problem,
    count(*) as states,
    min(judged.item_id) as first_item_id,
    min(states.valid_from) as first_day,
    max(states.valid_to) as day_after_last
from judged
inner join
    states
    on judged.source_id = states.source_id
    and judged.item_id = states.item_id
    and judged.effective_date = states.valid_from
group by judged.brand_id, judged.source_id, judged.problem
