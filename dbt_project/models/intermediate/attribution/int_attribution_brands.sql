{{ config(materialized="table") }}

-- Without any source of touches everything would be unassigned, which says nothing.
with

    brands as (select * from {{ source("control", "brands") }}),

    event_brands as (
        select distinct brand_id
        from {{ source("control", "source_streams") }}
        where connector = 'ga4_events' and stream = 'events'
    ),

    order_brands as (
        select distinct brand_id
        from {{ ref("fct_orders") }}
        where
            counts_as_order
            and coalesce(utm_source, utm_medium, utm_campaign) is not null
    ),

    lead_brands as (
        select distinct brand_id
        from {{ ref("fct_leads") }}
        where coalesce(utm_source, utm_medium, utm_campaign, lead_source) is not null
    ),

    final as (
        select
            brands.brand_id,
            brands.attribution_rule,
            brands.attribution_window_days as window_days,
            event_brands.brand_id is not null
            or order_brands.brand_id is not null as has_order_touches,
            event_brands.brand_id is not null
            or lead_brands.brand_id is not null as has_deal_touches
        from brands
        left join event_brands on brands.brand_id = event_brands.brand_id
        left join order_brands on brands.brand_id = order_brands.brand_id
        left join lead_brands on brands.brand_id = lead_brands.brand_id
    )

select *
from final
