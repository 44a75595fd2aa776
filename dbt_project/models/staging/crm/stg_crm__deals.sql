with

    deals as (select * from {{ source("raw", "crm__deals") }}),

    ranked as (
        select
            *,
            row_number() over (
                partition by _source, deal_id
                order by
                    _load_id desc nulls last,
                    updated_at desc nulls first,
                    _slice desc nulls last,
                    _line desc nulls last
            ) as version_rank
        from deals
    ),

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            deal_id,
            nullif(trim(contact_id), '') as contact_id,
            pipeline,
            stage,
            currency_code,
            amount,
            created_at,
            closed_at,
            updated_at,
            coalesce(is_won, false) as is_won,
            coalesce(is_closed, false) as is_closed,
            coalesce(is_deleted, false) as is_archived
        from ranked
        where version_rank = 1 and not coalesce(_is_deleted, false)
    )

select *
from final
