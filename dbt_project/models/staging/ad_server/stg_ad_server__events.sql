with

    events as (select * from {{ source("raw", "ad_server__events") }}),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            campaign,
            ad_id,
            placement,
            coalesce(impressions, 1) as impressions,
            clicks,
            cost,
            upper(trim(currency_code)) as currency_code,
            event_at
        from events
        where not coalesce(_is_deleted, false)
    )

select *
from final
