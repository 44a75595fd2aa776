{#- measure: (column, whether it is money). What is retained is measured at constant rates, those of the end. -#}
{% set movement_measures = {
    "mrr_start": ("mrr_start_at_end_rate", true),
    "mrr_retained_net": ("mrr_retained_net", true),
    "mrr_retained_gross": ("mrr_retained_gross", true),
    "subscribers_start": ("subscribers_start", false),
    "subscribers_retained": ("subscribers_retained", false),
} %}

with

    periods as (
        select * from {{ ref("int_subscription_periods") }} where status <> 'not_loaded'
    ),

    totals as (select * from {{ ref("int_subscription_totals") }}),

    movements as (select * from {{ ref("int_subscription_movements") }}),

    ends as (
        select
            periods.brand_id,
            periods.source_id,
            periods.grain,
            periods.period_start,
            periods.status = 'stale' as is_stale,
            case when periods.status = 'ok' then totals.mrr end as mrr,
            case when periods.status = 'ok' then totals.subscribers end as subscribers,
            totals.reporting_currency_code
        from periods
        inner join
            totals
            on periods.source_id = totals.source_id
            and periods.snapshot_at = totals.snapshot_at
    ),

    final as (
        {% for measure in ["mrr", "subscribers"] %}
            select
                brand_id,
                source_id,
                grain,
                period_start,
                cast('{{ measure }}' as {{ dbt.type_string() }}) as measure,
                cast('overall' as {{ dbt.type_string() }}) as segment_type,
                cast('all' as {{ dbt.type_string() }}) as segment,
                cast({{ measure }} as decimal(38, 6)) as amount,
                {% if measure == "mrr" %} reporting_currency_code
                {% else %} cast(null as {{ dbt.type_string() }})
                {% endif %} as currency_code,
                subscribers as sample_size,
                false as is_immature,
                is_stale
            from ends
            union all
        {% endfor %}
        {% for measure, (column, is_money) in movement_measures.items() %}
            select
                brand_id,
                source_id,
                grain,
                period_start,
                cast('{{ measure }}' as {{ dbt.type_string() }}) as measure,
                cast('overall' as {{ dbt.type_string() }}) as segment_type,
                cast('all' as {{ dbt.type_string() }}) as segment,
                cast({{ column }} as decimal(38, 6)) as amount,
                {% if is_money %} reporting_currency_code
                {% else %} cast(null as {{ dbt.type_string() }})
                {% endif %} as currency_code,
                subscribers_start as sample_size,
                false as is_immature,
                false as is_stale
            from movements
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
