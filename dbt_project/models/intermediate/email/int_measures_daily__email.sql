with

    sends as (
        select
            *,
            -- Both sides of the human open rate, or neither.
            case when human_base is not null then human_unique_opens end as human_opens,
            case
                when human_unique_opens is not null then human_base
            end as human_recipients,
            case
                when human_unique_opens is not null and human_base is not null
                then unique_clicks
            end as human_clicks
        from {{ ref("int_email_sends") }}
        where not is_test
    ),

    by_segment as (
        select *, 'overall' as segment_type, 'all' as segment
        from sends
        union all
        select *, 'campaign' as segment_type, campaign as segment
        from sends
    ),

    sums as (
        select
            brand_id,
            source_id,
            send_date as measure_date,
            segment_type,
            segment,
            sum(sent) as email_sent,
            {{ complete_sum("delivered", "sent") }} as email_delivered,
            {{ complete_sum("unique_opens", "sent") }} as email_unique_opens,
            sum(human_opens) as email_human_opens,
            sum(human_recipients) as email_human_base,
            {{ complete_sum("human_clicks", "human_opens") }} as email_human_clicks,
            {{ complete_sum("unique_clicks", "sent") }} as email_unique_clicks,
            {{ complete_sum("unsubscribes", "sent") }} as email_unsubscribes,
            {{ complete_sum("bounces", "sent") }} as email_bounces
        from by_segment
        group by brand_id, source_id, send_date, segment_type, segment
    ),

    final as (
        {{
            measure_rows(
                "sums",
                [
                    "email_sent",
                    "email_delivered",
                    "email_unique_opens",
                    "email_human_opens",
                    "email_human_base",
                    "email_human_clicks",
                    "email_unique_clicks",
                    "email_unsubscribes",
                    "email_bounces",
                ],
                existing={
                    "email_delivered": "email_sent",
                    "email_unique_opens": "email_sent",
                    "email_human_clicks": "email_human_opens",
                    "email_unique_clicks": "email_sent",
                    "email_unsubscribes": "email_sent",
                    "email_bounces": "email_sent",
                },
            )
        }}
    )

select *
from final
