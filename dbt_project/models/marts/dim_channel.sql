with

    channels as (select * from {{ ref("channels") }}),

    seen as (
        select segment as channel_id
        from {{ ref("int_web_traffic_daily") }}
        where segment_type = 'channel'
        union
        select channel_id
        from {{ ref("int_marketing_costs_daily") }}
        union
        select channel_id
        from {{ ref("int_ad_performance_daily") }}
        union
        select channel_id
        from {{ ref("int_conversion_touches") }}
    ),

    -- A word that the mapping doesn't know stays a channel of its own, marked as not
    -- mapped.
    final as (
        select channel_id, name_en, name_fa, is_paid, true as is_mapped
        from channels
        union all
        select
            seen.channel_id,
            seen.channel_id as name_en,
            seen.channel_id as name_fa,
            cast(null as boolean) as is_paid,
            false as is_mapped
        from seen
        left join channels on seen.channel_id = channels.channel_id
        where channels.channel_id is null
    )

select *
from final
