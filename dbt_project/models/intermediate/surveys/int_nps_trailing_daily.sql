{{ config(materialized="table") }}

-- The window before day E is [E - 90, E). An answer enters it the day after it was
-- given and leaves after 90 days, or
-- when the person answers again.
with

    responses as (
        select * from {{ ref("fct_survey_responses") }} where counts_as_answer
    ),

    days as (select * from {{ ref("int_days") }}),

    stretches as (
        select
            brand_id,
            source_id,
            case when nps_group = 'promoter' then 1 else 0 end as promoters,
            case when nps_group = 'detractor' then 1 else 0 end as detractors,
            {{ days_between("date '1970-01-01'", "response_date") }} + 1 as first_end,
            least(
                {{ days_between("date '1970-01-01'", "response_date") }} + 91,
                coalesce(
                    {{ days_between("date '1970-01-01'", "replaced_date") }} + 1,
                    {{ days_between("date '1970-01-01'", "response_date") }} + 91
                )
            ) as gone
        from responses
    ),

    changes as (
        select
            brand_id,
            source_id,
            first_end as day_number,
            promoters,
            detractors,
            1 as responses
        from stretches
        where gone > first_end
        union all
        select
            brand_id,
            source_id,
            gone as day_number,
            - promoters as promoters,
            - detractors as detractors,
            -1 as responses
        from stretches
        where gone > first_end
    ),

    daily_changes as (
        select
            brand_id,
            source_id,
            day_number,
            sum(promoters) as promoters,
            sum(detractors) as detractors,
            sum(responses) as responses
        from changes
        group by brand_id, source_id, day_number
    ),

    reaches as (
        select
            brand_id,
            source_id,
            min(day_number) as first_day_number,
            max(day_number) as last_day_number
        from daily_changes
        group by brand_id, source_id
    ),

    final as (
        select
            reaches.brand_id,
            reaches.source_id,
            days.calendar_date as end_date,
            cast(
                sum(coalesce(daily_changes.promoters, 0)) over running as bigint
            ) as promoters,
            cast(
                sum(coalesce(daily_changes.detractors, 0)) over running as bigint
            ) as detractors,
            cast(
                sum(coalesce(daily_changes.responses, 0)) over running as bigint
            ) as responses
        from reaches
        inner join
            days
            on days.day_number
            between reaches.first_day_number and reaches.last_day_number
        left join
            daily_changes
            on reaches.brand_id = daily_changes.brand_id
            and reaches.source_id = daily_changes.source_id
            and days.day_number = daily_changes.day_number
        window
            running as (
                partition by reaches.brand_id, reaches.source_id
                order by days.day_number asc nulls last
                rows between unbounded preceding and current row
            )
    )

select *
from final
