with

    trailing_answers as (
        select * from {{ ref("int_nps_trailing_daily") }} where responses > 0
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    answers as (select * from {{ ref("fct_survey_responses") }}),

    loaded_spans as (
        select *
        from {{ ref("int_loaded_spans") }}
        where
            connector || '/' || stream
            in ('surveys/responses', 'hotjar/answers', 'hubspot/feedback_submissions')
    ),

    seen as (
        select brand_id, span_start as first_day
        from loaded_spans
        union all
        select brand_id, response_date as first_day
        from answers
    ),

    first_days as (
        select brand_id, min(first_day) as first_day from seen group by brand_id
    ),

    -- Where days are loaded and nobody answered, there were no answers; elsewhere
    -- nothing is known.
    spine as (
        select
            trailing_answers.brand_id,
            trailing_answers.source_id,
            periods.grain,
            periods.period_start,
            periods.period_end
        from trailing_answers
        inner join brands on trailing_answers.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and trailing_answers.end_date = periods.period_end
        union
        select
            loaded_spans.brand_id,
            loaded_spans.source_id,
            periods.grain,
            periods.period_start,
            periods.period_end
        from loaded_spans
        inner join brands on loaded_spans.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and loaded_spans.span_start < periods.period_end
            and loaded_spans.span_end > periods.period_start
    ),

    final as (
        select
            spine.brand_id,
            spine.source_id,
            spine.grain,
            spine.period_start,
            coalesce(trailing_answers.promoters, 0) as promoters,
            coalesce(trailing_answers.detractors, 0) as detractors,
            coalesce(trailing_answers.responses, 0) as responses,
            {{ days_between("first_days.first_day", "spine.period_end") }} < 90
            or spine.period_end > brands.as_of_date as is_immature
        from spine
        inner join brands on spine.brand_id = brands.brand_id
        inner join first_days on spine.brand_id = first_days.brand_id
        left join
            trailing_answers
            on spine.source_id = trailing_answers.source_id
            and spine.period_end = trailing_answers.end_date
        where spine.period_start <= brands.as_of_date
    )

select *
from final
