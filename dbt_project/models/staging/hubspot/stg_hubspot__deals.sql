with

    deals as (select * from {{ source("raw", "hubspot__deals") }}),

    {{ newest_version("deals", ["id"], ["hs_lastmodifieddate", "archived"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            id as deal_id,
            dealname as deal_name,
            pipeline,
            dealstage as stage,
            upper(nullif(trim(deal_currency_code), '')) as currency_code,
            hubspot_owner_id as owner,
            amount,
            amount_in_home_currency as amount_home_currency,
            createdate as created_at,
            closedate as close_at,
            hs_lastmodifieddate as updated_at,
            lower(trim(hs_is_closed_won)) = 'true' as is_closed_won,
            coalesce(archived, false) as is_archived,
            is_gone
        from newest
    )

select *
from final
