{#- amount: what the subscribers add whose balance didn't change -#}
{% set amounts = {
    "mrr_start": "rests.mrr_start_rest",
    "mrr_start_at_end_rate": "rests.mrr_start_at_end_rate_rest",
    "mrr_new": "0",
    "mrr_expansion": "0",
    "mrr_reactivation": "0",
    "mrr_contraction": "0",
    "mrr_churn": "0",
    "mrr_fx": "rests.mrr_start_at_end_rate_rest - rests.mrr_start_rest",
    "mrr_end": "rests.mrr_start_at_end_rate_rest",
    "mrr_retained_net": "rests.mrr_start_at_end_rate_rest",
    "mrr_retained_gross": "rests.mrr_start_at_end_rate_rest",
} %}
{% set compared = (amounts | list) + [
    "subscribers_start",
    "subscribers_end",
    "subscribers_retained",
] %}

with

    changes as (select * from {{ ref("int_subscriber_changes") }}),

    periods as (
        select *
        from {{ ref("int_subscription_periods") }}
        where end_snapshot_at is not null and start_snapshot_at is not null
    ),

    totals as (select * from {{ ref("int_subscription_totals") }}),

    starts as (select * from {{ ref("int_subscription_starts") }}),

    classified as (
        select
            *,
            mrr_start_at_end_rate - mrr_start as mrr_fx,
            mrr_end - mrr_start_at_end_rate as mrr_change
        from changes
    ),

    by_pair as (
        select
            source_id,
            start_snapshot_at,
            end_snapshot_at,
            count(*) = count(mrr_fx) and count(*) = count(mrr_change) as is_complete,
            {{ exact_sum("mrr_start") }} as mrr_start,
            {{ exact_sum("mrr_start_at_end_rate") }} as mrr_start_at_end_rate,
            {{
                exact_sum(
                    "case when not pays_at_start and first_paid_at > start_snapshot_at then mrr_change else 0 end"
                )
            }}
            as mrr_new,
            {{
                exact_sum(
                    "case when not pays_at_start and first_paid_at < start_snapshot_at then mrr_change else 0 end"
                )
            }}
            as mrr_reactivation,
            {{
                exact_sum(
                    "case when pays_at_start and pays_at_end and mrr_change > 0 then mrr_change else 0 end"
                )
            }}
            as mrr_expansion,
            {{
                exact_sum(
                    "case when pays_at_start and pays_at_end and mrr_change < 0 then - mrr_change else 0 end"
                )
            }}
            as mrr_contraction,
            {{ exact_sum("case when not pays_at_end then - mrr_change else 0 end") }}
            as mrr_churn,
            {{ exact_sum("mrr_fx") }} as mrr_fx,
            {{ exact_sum("mrr_end") }} as mrr_end,
            {{
                exact_sum(
                    "case when pays_at_start and pays_at_end then mrr_end else 0 end"
                )
            }} as mrr_retained_net,
            {{
                exact_sum(
                    "case when pays_at_start and pays_at_end then least(mrr_start_at_end_rate, mrr_end) else 0 end"
                )
            }}
            as mrr_retained_gross,
            cast(
                sum(case when pays_at_start then 1 else 0 end) as bigint
            ) as subscribers_start,
            cast(
                sum(case when pays_at_end then 1 else 0 end) as bigint
            ) as subscribers_end,
            cast(
                sum(case when pays_at_start and pays_at_end then 1 else 0 end) as bigint
            ) as subscribers_retained
        from classified
        group by source_id, start_snapshot_at, end_snapshot_at
    ),

    -- What those pay whose balance didn't change: all of them less those compared.
    rests as (
        select
            periods.brand_id,
            periods.source_id,
            periods.grain,
            periods.period_start,
            periods.period_end,
            periods.start_snapshot_at,
            periods.end_snapshot_at,
            coalesce(by_pair.is_complete, true)
            and (
                starts.source_id is null
                or (
                    starts.mrr_start is not null
                    and starts.mrr_start_at_end_rate is not null
                )
            ) as is_complete,
            {% for amount in ["mrr_start", "mrr_start_at_end_rate"] %}
                case
                    when starts.source_id is null
                    then cast(0 as decimal(38, 6))
                    else
                        cast(
                            starts.{{ amount }}
                            - coalesce(by_pair.{{ amount }}, 0) as decimal(38, 6)
                        )
                end as {{ amount }}_rest,
            {% endfor %}
            case
                when starts.source_id is null
                then 0
                else starts.subscribers_start - coalesce(by_pair.subscribers_start, 0)
            end as subscribers_rest,
            {% for column in compared %}
                coalesce(by_pair.{{ column }}, 0) as {{ column }}
                {% if not loop.last %}, {% endif %}
            {% endfor %}
        from periods
        left join
            by_pair
            on periods.source_id = by_pair.source_id
            and periods.start_snapshot_at = by_pair.start_snapshot_at
            and periods.end_snapshot_at = by_pair.end_snapshot_at
        left join
            starts
            on periods.source_id = starts.source_id
            and periods.start_snapshot_at = starts.start_snapshot_at
            and periods.end_snapshot_at = starts.end_snapshot_at
    ),

    final as (
        select
            rests.brand_id,
            rests.source_id,
            rests.grain,
            rests.period_start,
            rests.period_end,
            rests.start_snapshot_at,
            rests.end_snapshot_at,
            totals.reporting_currency_code,
            {% for amount, rest in amounts.items() %}
                case
                    when rests.is_complete
                    then cast(rests.{{ amount }} + {{ rest }} as decimal(38, 6))
                end as {{ amount }},
            {% endfor %}
            cast(
                rests.subscribers_start + rests.subscribers_rest as bigint
            ) as subscribers_start,
            cast(
                rests.subscribers_end + rests.subscribers_rest as bigint
            ) as subscribers_end,
            cast(
                rests.subscribers_retained + rests.subscribers_rest as bigint
            ) as subscribers_retained
        from rests
        inner join
            totals
            on rests.source_id = totals.source_id
            and rests.end_snapshot_at = totals.snapshot_at
    )

select *
from final
