with

    cells as (select * from {{ ref("int_diagnosis_cells") }}),

    scorecard as (select * from {{ ref("fct_scorecard") }}),

    catalogue as (select * from {{ ref("kpi_catalogue") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    dated as (
        select
            cells.*,
            periods.previous_start,
            periods.days,
            min(case when cells.days_loaded > 0 then cells.period_start end) over (
                partition by cells.brand_id, cells.kpi_id, cells.grain
            ) as first_start,
            max(case when cells.days_loaded > 0 then cells.period_start end) over (
                partition by cells.brand_id, cells.kpi_id, cells.grain
            ) as last_start
        from cells
        inner join brands on cells.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and cells.grain = periods.grain
            and cells.period_start = periods.period_start
        where cells.segment_type = 'overall'
    ),

    -- At either end of the history a source may cover a part of the period only.
    overall as (
        select
            *,
            days_loaded = days_expected
            and (
                days_expected = days
                or (first_start < period_start and last_start > period_start)
            ) as is_whole
        from dated
    ),

    against_previous as (
        select
            overall.brand_id,
            overall.kpi_id,
            overall.grain,
            overall.period_start,
            overall.previous_start,
            'previous_period' as compared_with,
            cast(null as {{ dbt.type_string() }}) as scorecard_id,
            overall.segment_type,
            overall.segment,
            previous.numerator as before_numerator,
            previous.denominator as before_denominator,
            overall.numerator as after_numerator,
            overall.denominator as after_denominator,
            previous.value as total_before,
            overall.value as total_after,
            catalogue.direction,
            catalogue.scale,
            catalogue.denominator_measure is not null as is_ratio,
            overall.status not in ('stale', 'low_sample', 'immature')
            and previous.status not in ('stale', 'low_sample', 'immature')
            and (
                catalogue.denominator_measure is not null
                or (overall.is_whole and previous.is_whole)
            ) as is_comparable,
            overall.status
        from overall
        inner join
            overall as previous
            on overall.brand_id = previous.brand_id
            and overall.kpi_id = previous.kpi_id
            and overall.grain = previous.grain
            and overall.previous_start = previous.period_start
        inner join catalogue on overall.kpi_id = catalogue.kpi_id
        where overall.value is not null and previous.value is not null
    ),

    judged as (
        select
            scorecard.*,
            catalogue.scale,
            catalogue.denominator_measure is not null as is_ratio,
            catalogue.additivity,
            periods.previous_start,
            periods.days,
            {{
                days_elapsed(
                    "scorecard.period_start",
                    "scorecard.loaded_through",
                    "periods.days",
                )
            }} as days_elapsed
        from scorecard
        inner join catalogue on scorecard.kpi_id = catalogue.kpi_id
        inner join brands on scorecard.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and scorecard.grain = periods.grain
            and scorecard.period_start = periods.period_start
        where scorecard.actual is not null
    ),

    -- A running count is held against its part of the target, as the verdict does; a
    -- range against the bound that was crossed.
    aimed as (
        select
            *,
            case
                when
                    direction = 'higher'
                    and additivity = 'additive'
                    and days_elapsed < days
                    and status <> 'final'
                then
                    target
                    * {{
                        ratio(
                            "case when days_elapsed > 0 then days_elapsed end",
                            "days",
                        )
                    }}
                when direction = 'range' and actual > target_upper
                then target_upper
                when direction = 'range' and actual >= target
                then null
                else target
            end as aim,
            case
                when direction <> 'range'
                then direction
                when actual > target_upper
                then 'lower'
                else 'higher'
            end as good_direction
        from judged
    ),

    -- A segment without a row in the period counted as none.
    against_target as (
        select
            aimed.brand_id,
            aimed.kpi_id,
            aimed.grain,
            aimed.period_start,
            aimed.previous_start,
            'target' as compared_with,
            aimed.scorecard_id,
            aimed.segment_type,
            aimed.segment,
            previous.numerator as before_numerator,
            previous.denominator as before_denominator,
            coalesce(cells.numerator, 0) as after_numerator,
            cells.denominator as after_denominator,
            aimed.aim as total_before,
            aimed.actual as total_after,
            aimed.good_direction as direction,
            aimed.scale,
            aimed.is_ratio,
            aimed.status not in ('stale', 'immature')
            and (
                aimed.is_ratio
                or aimed.additivity = 'semi_additive'
                or (aimed.additivity = 'additive' and aimed.direction = 'higher')
                or aimed.days_elapsed >= aimed.days
            ) as is_comparable,
            aimed.status
        from aimed
        left join
            cells
            on aimed.brand_id = cells.brand_id
            and aimed.kpi_id = cells.kpi_id
            and aimed.grain = cells.grain
            and aimed.period_start = cells.period_start
            and aimed.segment_type = cells.segment_type
            and aimed.segment = cells.segment
        left join
            cells as previous
            on aimed.brand_id = previous.brand_id
            and aimed.kpi_id = previous.kpi_id
            and aimed.grain = previous.grain
            and aimed.previous_start = previous.period_start
            and aimed.segment_type = previous.segment_type
            and aimed.segment = previous.segment
        where aimed.aim is not null
    ),

    final as (
        select *
        from against_previous
        union all
        select *
        from against_target
    )

select *
from final
