with

    tiers as (
        select *
        from
            {{
                tier_rows(
                    ref("int_subscription_item_history"),
                    ["source_id", "item_id", "effective_at", "tier_unit"],
                )
            }}
    ),

    typed as (
        select
            source_id,
            item_id,
            effective_at,
            cast(tier_number as bigint) as tier_number,
            try_cast(up_to as decimal(18, 6)) as up_to,
            cast(
                try_cast(coalesce(unit_amount, '0') as decimal(20, 6))
                * tier_unit as decimal(18, 6)
            ) as unit_amount,
            cast(
                try_cast(coalesce(flat_amount, '0') as decimal(20, 6))
                * tier_unit as decimal(18, 6)
            ) as flat_amount
        from tiers
    ),

    final as (
        select
            *,
            coalesce(
                lag(up_to) over (
                    partition by source_id, item_id, effective_at
                    order by tier_number asc nulls last
                ),
                0
            ) as from_units
        from typed
    )

select *
from final
