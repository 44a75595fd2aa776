with

    emails as (select * from {{ source("raw", "hubspot__emails") }}),

    {{ newest_version("emails", ["id"], ["updated_at", "archived"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            id as email_id,
            name as email_name,
            subject,
            state as status,
            type as email_type,
            campaign as campaign_id,
            campaign_name,
            publish_date as published_at,
            created_at,
            updated_at,
            coalesce(archived, false) as is_archived,
            is_gone
        from newest
    )

select *
from final
