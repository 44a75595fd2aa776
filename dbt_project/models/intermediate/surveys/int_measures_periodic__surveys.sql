with

    trailing_answers as (
        select * from {{ ref("int_nps_trailing_daily") }} where responses > 0
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    answers as (select * from {{ ref("fct_survey_responses") }}),

    slices as (
        select *
        from {{ source("control", "slices") }}
        where connector = 'surveys' and row_count > 0
    ),

    seen as (
        select brand_id, window_start as first_day
        from slices
        union all
        select brand_id, response_date as first_day
        from answers
    ),

    first_days as (
        select brand_id, min(first_day) as first_day from seen group by brand_id
    ),

    placed as (
        select
            trailing_answers.brand_id,
            trailing_answers.source_id,
            periods.grain,
            periods.period_start,
            trailing_answers.net,
            trailing_answers.responses,
            {{ days_between("first_days.first_day", "periods.period_end") }} < 90
            or periods.period_end > brands.as_of_date as is_immature
        from trailing_answers
        inner join brands on trailing_answers.brand_id = brands.brand_id
        inner join
            periods
            on brands.calendar_key = periods.calendar_key
            and trailing_answers.end_date = periods.period_end
        inner join first_days on trailing_answers.brand_id = first_days.brand_id
        where periods.period_start <= brands.as_of_date
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
