with

    final as (
        select
            brand_id,
            source_id,
            grain,
            period_start,
            measure,
            segment_type,
            segment,
            amount,
            currency_code,
            sample_size,
            is_immature,
            is_stale
        from {{ ref("int_measures_periodic__orders") }}
        union all
        select
            brand_id,
            source_id,
            grain,
            period_start,
            measure,
            segment_type,
            segment,
            amount,
            currency_code,
            sample_size,
            is_immature,
            is_stale
        from {{ ref("int_measures_periodic__social") }}
        union all
        select
            brand_id,
            source_id,
            grain,
            period_start,
            measure,
            segment_type,
            segment,
            amount,
            currency_code,
            sample_size,
            is_immature,
            is_stale
        from {{ ref("int_measures_periodic__subscriptions") }}
        union all
        select
            brand_id,
            source_id,
            grain,
            period_start,
            measure,
            segment_type,
            segment,
            amount,
            currency_code,
            sample_size,
            is_immature,
            is_stale
        from {{ ref("int_measures_periodic__surveys") }}
        union all
        select
            brand_id,
            source_id,
            grain,
            period_start,
            measure,
            segment_type,
            segment,
            amount,
            currency_code,
            sample_size,
            is_immature,
            is_stale
        from {{ ref("int_measures_periodic__web") }}
    )

select *
from final
