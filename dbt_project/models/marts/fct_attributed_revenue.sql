with

    entries as (select * from {{ ref("int_attributed_entries") }}),

    final as (
        select
            brand_id,
            conversion_type,
            source_id,
            conversion_id,
            entry_type,
            entry_date,
            attribution_rule,
            window_days,
            touch_number,
            touch_count,
            touched_at,
            channel_id,
            source_medium,
            campaign,
            credit,
            revenue,
            currency_code
        from entries
    )

select *
from final
