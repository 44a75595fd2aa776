with

    links as (select * from {{ source("raw", "email__links") }}),

    newest as (
        select *
        from links
        qualify
            row_number() over (
                partition by _source, campaign_id, link_id
                order by
                    _load_id desc nulls last,
                    _file desc nulls last,
                    _line desc nulls last
            )
            = 1
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            campaign_id,
            link_id,
            url,
            unique_clicks,
            clicks
        from newest
        where not coalesce(_is_deleted, false)
    )

select *
from final
