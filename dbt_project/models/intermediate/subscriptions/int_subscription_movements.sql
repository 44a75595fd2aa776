with

    changes as (select * from {{ ref("int_subscriber_changes") }}),

    periods as (
        select *
        from {{ ref("int_subscription_periods") }}
        where end_snapshot_at is not null and start_snapshot_at is not null
    ),

    totals as (select * from {{ ref("int_subscription_totals") }}),

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
                    "case when pays_at_start and pays_at_end then least(mrr_start, mrr_end) else 0 end"
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

    final as (
        select
            periods.brand_id,
            periods.source_id,
            periods.grain,
            periods.period_start,
            periods.period_end,
            periods.start_snapshot_at,
            periods.end_snapshot_at,
            totals.reporting_currency_code,
            {% for amount in [
                "mrr_start",
                "mrr_new",
                "mrr_expansion",
                "mrr_reactivation",
                "mrr_contraction",
                "mrr_churn",
                "mrr_fx",
                "mrr_end",
                "mrr_retained_net",
                "mrr_retained_gross",
            ] %}
                case
                    when by_pair.source_id is null
                    then cast(0 as decimal(38, 6))
                    when by_pair.is_complete
                    then by_pair.{{ amount }}
                end as {{ amount }},
            {% endfor %}
            coalesce(by_pair.subscribers_start, 0) as subscribers_start,
            coalesce(by_pair.subscribers_end, 0) as subscribers_end,
            coalesce(by_pair.subscribers_retained, 0) as subscribers_retained
        from periods
        inner join
            totals
            on periods.source_id = totals.source_id
            and periods.end_snapshot_at = totals.snapshot_at
        left join
            by_pair
            on periods.source_id = by_pair.source_id
            and periods.start_snapshot_at = by_pair.start_snapshot_at
            and periods.end_snapshot_at = by_pair.end_snapshot_at
    )

select *
from final
