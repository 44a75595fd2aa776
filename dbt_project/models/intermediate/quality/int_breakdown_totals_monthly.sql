{# Connector, breakdown stream, what is compared, and the column that says a row's day. #}
{% set comparisons = [
    ("ga4", "traffic", "sessions", "traffic_date"),
    ("plausible", "traffic", "sessions", "traffic_date"),
    ("search_console", "queries", "clicks", "period_start"),
] %}
{% set total_days = {
    "ga4": "traffic_date",
    "plausible": "traffic_date",
    "search_console": "search_date",
} %}

with

    day_slices as (
        select *
        from {{ source("control", "slices") }}
        where {{ days_between("window_start", "window_end") }} = 1
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    months as (select * from {{ ref("int_day_periods") }} where grain = 'month'),

    totals as (
        {% for connector, stream, metric, day in comparisons %}
            select
                source_id,
                '{{ connector }}' as connector,
                {{ total_days[connector] }} as calendar_date,
                sum({{ metric }}) as amount
            from {{ ref("stg_" ~ connector ~ "__totals") }}
            group by source_id, {{ total_days[connector] }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    breakdowns as (
        {% for connector, stream, metric, day in comparisons %}
            select
                source_id,
                '{{ connector }}' as connector,
                {{ day }} as calendar_date,
                sum({{ metric }}) as amount
            from {{ ref("stg_" ~ connector ~ "__" ~ stream) }}
            group by source_id, {{ day }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- Days whose total and breakdown are both there, even if empty; a table over a
    -- longer period has no days.
    compared_days as (
        {% for connector, stream, metric, day in comparisons %}
            select
                slices.brand_id,
                slices.source_id,
                slices.connector,
                slices.stream,
                '{{ metric }} of {{ stream }}' as metric,
                slices.window_start as calendar_date
            from day_slices as slices
            inner join
                day_slices as total_slices
                on slices.source_id = total_slices.source_id
                and slices.connector = total_slices.connector
                and slices.window_start = total_slices.window_start
                and total_slices.stream = 'totals'
            where
                slices.connector = '{{ connector }}' and slices.stream = '{{ stream }}'
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    final as (
        select
            compared_days.brand_id,
            compared_days.source_id,
            compared_days.connector,
            compared_days.stream,
            compared_days.metric,
            months.period_start,
            months.period_end,
            {{ exact_sum("coalesce(totals.amount, 0)") }} as source_total,
            {{ exact_sum("coalesce(breakdowns.amount, 0)") }} as warehouse_total
        from compared_days
        inner join brands on compared_days.brand_id = brands.brand_id
        inner join
            months
            on brands.calendar_key = months.calendar_key
            and compared_days.calendar_date = months.calendar_date
        left join
            totals
            on compared_days.source_id = totals.source_id
            and compared_days.connector = totals.connector
            and compared_days.calendar_date = totals.calendar_date
        left join
            breakdowns
            on compared_days.source_id = breakdowns.source_id
            and compared_days.connector = breakdowns.connector
            and compared_days.calendar_date = breakdowns.calendar_date
        group by
            compared_days.brand_id,
            compared_days.source_id,
            compared_days.connector,
            compared_days.stream,
            compared_days.metric,
            months.period_start,
            months.period_end
    )

select *
from final
