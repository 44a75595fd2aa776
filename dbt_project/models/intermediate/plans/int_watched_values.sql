{{ config(materialized="table") }}

with

    scorecard_targets as (select * from {{ ref("int_scorecard_targets") }}),

    key_result_targets as (select * from {{ ref("int_key_result_targets") }}),

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    kpis as (
        {{
            kpis_of_every_grain(
                [
                    "brand_id",
                    "kpi_id",
                    "segment_type",
                    "segment",
                    "period_start",
                    "value",
                    "numerator",
                    "sample_size",
                    "status",
                    "loaded_through",
                ]
            )
        }}
    ),

    watched as (
        select brand_id, kpi_id, grain, segment_type, segment
        from scorecard_targets
        union
        select brand_id, kpi_id, grain, segment_type, segment
        from key_result_targets
    ),

    told as (
        select kpis.*
        from kpis
        inner join
            watched
            on kpis.brand_id = watched.brand_id
            and kpis.kpi_id = watched.kpi_id
            and kpis.grain = watched.grain
            and kpis.segment_type = watched.segment_type
            and kpis.segment = watched.segment
    ),

    segments as (
        select
            brand_id,
            kpi_id,
            grain,
            segment_type,
            segment,
            min(period_start) as first_start
        from told
        where segment_type <> 'overall'
        group by brand_id, kpi_id, grain, segment_type, segment
    ),

    -- Segments have rows where something happened only. One that the KPI knows at all
    -- is 0 in the other periods that are loaded; a source not before it was there.
    silent as (
        select
            kpis.grain,
            kpis.brand_id,
            kpis.kpi_id,
            segments.segment_type,
            segments.segment,
            kpis.period_start,
            cast(0 as double) as value,
            cast(0 as decimal(38, 6)) as numerator,
            cast(null as bigint) as sample_size,
            kpis.status,
            kpis.loaded_through
        from kpis
        inner join catalogue on kpis.kpi_id = catalogue.kpi_id
        inner join
            segments
            on kpis.brand_id = segments.brand_id
            and kpis.kpi_id = segments.kpi_id
            and kpis.grain = segments.grain
        left join
            told
            on segments.brand_id = told.brand_id
            and segments.kpi_id = told.kpi_id
            and segments.grain = told.grain
            and segments.segment_type = told.segment_type
            and segments.segment = told.segment
            and kpis.period_start = told.period_start
        where
            kpis.segment_type = 'overall'
            and kpis.numerator is not null
            and catalogue.additivity = 'additive'
            and told.kpi_id is null
            and (
                segments.segment_type <> 'source'
                or kpis.period_start >= segments.first_start
            )
    ),

    -- A value from too few answers is withheld.
    valued as (
        select
            grain,
            brand_id,
            kpi_id,
            segment_type,
            segment,
            period_start,
            case when status <> 'low_sample' then value end as actual,
            numerator,
            sample_size,
            status,
            loaded_through
        from told
        union all
        select
            grain,
            brand_id,
            kpi_id,
            segment_type,
            segment,
            period_start,
            value as actual,
            numerator,
            sample_size,
            status,
            loaded_through
        from silent
    ),

    final as (
        select
            valued.*,
            periods.period_end,
            periods.days,
            previous.actual as previous_value,
            year_ago.actual as year_ago_value,
            -- Share of the period up to the newest loaded day.
            case
                when valued.loaded_through is not null
                then
                    {{
                        ratio(
                            days_elapsed(
                                "valued.period_start",
                                "valued.loaded_through",
                                "periods.days",
                            ),
                            "periods.days",
                        )
                    }}
            end as share_loaded
        from valued
        inner join brands on valued.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and valued.grain = periods.grain
            and valued.period_start = periods.period_start
        left join
            valued as previous
            on valued.brand_id = previous.brand_id
            and valued.kpi_id = previous.kpi_id
            and valued.grain = previous.grain
            and valued.segment_type = previous.segment_type
            and valued.segment = previous.segment
            and periods.previous_start = previous.period_start
        left join
            valued as year_ago
            on valued.brand_id = year_ago.brand_id
            and valued.kpi_id = year_ago.kpi_id
            and valued.grain = year_ago.grain
            and valued.segment_type = year_ago.segment_type
            and valued.segment = year_ago.segment
            and periods.year_ago_start = year_ago.period_start
    )

select *
from final
