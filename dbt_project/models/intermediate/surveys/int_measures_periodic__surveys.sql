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

    placed as (
        select
            spine.brand_id,
            spine.source_id,
            spine.grain,
            spine.period_start,
            coalesce(trailing_answers.net, 0) as net,
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
    ),

    final as (
        {% for measure, amount in {
            "nps_promoters_minus_detractors": "net",
            "nps_responses": "responses",
        }.items() %}
            select
                brand_id,
                source_id,
                grain,
                period_start,
                cast('{{ measure }}' as {{ dbt.type_string() }}) as measure,
                cast('overall' as {{ dbt.type_string() }}) as segment_type,
                cast('all' as {{ dbt.type_string() }}) as segment,
                cast({{ amount }} as decimal(38, 6)) as amount,
                cast(null as {{ dbt.type_string() }}) as currency_code,
                responses as sample_size,
                is_immature,
                false as is_stale
            from placed
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
