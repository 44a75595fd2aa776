with

    items as (select * from {{ ref("int_subscription_item_history") }}),

    -- A product of two short decimals is a short decimal on DuckDB, too short for
    -- rials.
    tiers as (
        select
            source_id,
            item_id,
            effective_at,
            from_units,
            up_to,
            cast(unit_amount as decimal(20, 6)) as unit_amount,
            cast(flat_amount as decimal(20, 6)) as flat_amount
        from {{ ref("int_subscription_item_tiers") }}
    ),

    -- Graduated: each tier's units at its own price, its fee once it is reached.
    -- Volume: all units at the price of the tier that holds the quantity, and its fee.
    tier_charges as (
        select
            items.source_id,
            items.item_id,
            items.effective_at,
            case
                when
                    items.tiers_mode = 'graduated' and items.quantity > tiers.from_units
                then
                    (
                        least(items.quantity, coalesce(tiers.up_to, items.quantity))
                        - tiers.from_units
                    )
                    * tiers.unit_amount
                    + tiers.flat_amount
                when
                    items.tiers_mode = 'volume'
                    and items.quantity > tiers.from_units
                    and items.quantity <= coalesce(tiers.up_to, items.quantity)
                then items.quantity * tiers.unit_amount + tiers.flat_amount
                when items.tiers_mode is not null
                then 0
            end as charge
        from items
        inner join
            tiers
            on items.source_id = tiers.source_id
            and items.item_id = tiers.item_id
            and items.effective_at = tiers.effective_at
    ),

    tiered as (
        select
            source_id,
            item_id,
            effective_at,
            case
                when count(*) = count(charge) then cast(sum(charge) as decimal(38, 12))
            end as price
        from tier_charges
        group by source_id, item_id, effective_at
    ),

    final as (
        select
            items.source_id,
            items.item_id,
            items.effective_at,
            case
                when items.pricing_tiers is null
                then
                    cast(
                        cast(items.unit_amount as decimal(20, 6))
                        * items.quantity as decimal(38, 12)
                    )
                else tiered.price
            end as price
        from items
        left join
            tiered
            on items.source_id = tiered.source_id
            and items.item_id = tiered.item_id
            and items.effective_at = tiered.effective_at
    )

select *
from final
