with

    contacts as (select * from {{ source("raw", "crm__contacts") }}),

    ranked as (
        select
            *,
            row_number() over (
                partition by _source, contact_id
                order by
                    _load_id desc nulls last,
                    updated_at desc nulls first,
                    _slice desc nulls last,
                    _line desc nulls last
            ) as version_rank
        from contacts
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            contact_id,
            nullif(trim(merged_into), '') as merged_into,
            email_hmac,
            email_domain,
            is_role_email,
            email_flags,
            lifecycle_stage,
            lead_source,
            utm_source,
            utm_medium,
            utm_campaign,
            owner,
            created_at,
            updated_at,
            became_lead_at,
            became_qualified_at,
            became_customer_at,
            coalesce(is_deleted, false) as is_archived,
            coalesce(is_test, false) as is_test
        from ranked
        where version_rank = 1 and not coalesce(_is_deleted, false)
    )

select *
from final
