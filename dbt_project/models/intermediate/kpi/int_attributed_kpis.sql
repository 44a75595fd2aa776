with

    parts as (select * from {{ ref("int_kpi_parts") }}),

    brands as (select * from {{ ref("int_attribution_brands") }}),

    order_brands as (
        select distinct brand_id
        from {{ source("control", "source_streams") }}
        where {{ feeds_orders("connector") }}
    ),

    final as (
        select distinct
            parts.brand_id,
            parts.kpi_id,
            brands.attribution_rule
            || '_'
            || cast(brands.window_days as {{ dbt.type_string() }})
            || 'd' as attribution_basis
        from parts
        inner join brands on parts.brand_id = brands.brand_id
        left join order_brands on parts.brand_id = order_brands.brand_id
        where
            parts.measure in ('{{ attributed_measures() | join("', '") }}')
            and case
                when order_brands.brand_id is not null
                then brands.has_order_touches
                else brands.has_deal_touches
            end
    )

select *
from final
