with

    brands as (select * from {{ ref("dim_brand") }}),

    daily_measures as (select * from {{ ref("int_kpi_measures_daily") }}),

    periodic_measures as (select * from {{ ref("int_kpi_measures_periodic") }}),

    per_day as (
        select
            daily_measures.brand_id,
            coalesce(daily_measures.source_id, '(all)') as source_id,
            daily_measures.measure,
            'additive' as additivity,
            'day' as grain,
            daily_measures.measure_date as period_start,
            -- One unknown amount (a missing exchange rate) makes the sum unknown.
            case
                when count(*) = count(daily_measures.amount)
                then {{ exact_sum("daily_measures.amount") }}
            end as amount,
            max(daily_measures.currency_code) as currency_code,
            cast(null as bigint) as sample_size
        from daily_measures
        inner join brands on daily_measures.brand_id = brands.brand_id
        where
            daily_measures.segment_type = 'overall'
            and daily_measures.measure_date <= brands.as_of_date
        group by
            daily_measures.brand_id,
            coalesce(daily_measures.source_id, '(all)'),
            daily_measures.measure,
            daily_measures.measure_date
    ),

    measures as (
        select measure, min(additivity) as additivity
        from {{ ref("measures") }}
        group by measure
    ),

    -- The same amount stands as overall and as the source's own segment.
    per_period as (
        select distinct
            periodic_measures.brand_id,
            coalesce(periodic_measures.source_id, '(all)') as source_id,
            periodic_measures.measure,
            measures.additivity,
            periodic_measures.grain,
            periodic_measures.period_start,
            cast(periodic_measures.amount as decimal(38, 6)) as amount,
            periodic_measures.currency_code,
            cast(periodic_measures.sample_size as bigint) as sample_size
        from periodic_measures
        inner join measures on periodic_measures.measure = measures.measure
        where periodic_measures.segment_type in ('overall', 'source')
    ),

    final as (
        select *
        from per_day
        union all
        select *
        from per_period
    )

select *
from final
