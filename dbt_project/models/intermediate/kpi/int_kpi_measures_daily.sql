with

    final as (
        select
            brand_id,
            source_id,
            measure_date,
            measure,
            segment_type,
            segment,
            amount,
            currency_code
        from {{ ref("int_measures_daily__ads") }}
        union all
        select
            brand_id,
            source_id,
            measure_date,
            measure,
            segment_type,
            segment,
            amount,
            currency_code
        from {{ ref("int_measures_daily__costs") }}
        union all
        select
            brand_id,
            source_id,
            measure_date,
            measure,
            segment_type,
            segment,
            amount,
            currency_code
        from {{ ref("int_measures_daily__crm") }}
        union all
        select
            brand_id,
            source_id,
            measure_date,
            measure,
            segment_type,
            segment,
            amount,
            currency_code
        from {{ ref("int_measures_daily__email") }}
        union all
        select
            brand_id,
            source_id,
            measure_date,
            measure,
            segment_type,
            segment,
            amount,
            currency_code
        from {{ ref("int_measures_daily__orders") }}
        union all
        select
            brand_id,
            source_id,
            measure_date,
            measure,
            segment_type,
            segment,
            amount,
            currency_code
        from {{ ref("int_measures_daily__search") }}
        union all
        select
            brand_id,
            source_id,
            measure_date,
            measure,
            segment_type,
            segment,
            amount,
            currency_code
        from {{ ref("int_measures_daily__social") }}
        union all
        select
            brand_id,
            source_id,
            measure_date,
            measure,
            segment_type,
            segment,
            amount,
            currency_code
        from {{ ref("int_measures_daily__web") }}
    )

select *
from final
