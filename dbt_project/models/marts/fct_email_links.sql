with

    links as (select * from {{ ref("stg_email__links") }}),

    final as (
        select brand_id, source_id, campaign_id, link_id, url, unique_clicks, clicks
        from links
    )

select *
from final
