with

    ads as (select * from {{ ref("int_ad_performance_daily") }}),

    by_segment as (
        {% for segment_type, segment in [
            ("overall", "'all'"),
            ("platform", "platform"),
            ("channel", "channel_id"),
            ("campaign", "campaign"),
        ] %}
            select
                brand_id,
                source_id,
                ad_date as measure_date,
                '{{ segment_type }}' as segment_type,
                {{ segment }} as segment,
                reporting_currency_code as currency_code,
                impressions,
                clicks,
                cost,
                reporting_cost,
                conversions
            from ads
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    sums as (
        select
            brand_id,
            source_id,
            measure_date,
            segment_type,
            segment,
            currency_code,
            sum(impressions) as ad_impressions,
            sum(clicks) as ad_clicks,
            sum(cost) as original_spend,
            {{ complete_sum("reporting_cost", "cost") }} as ad_spend,
            -- What a platform claims counts within that platform only.
            sum(
                case when segment_type = 'platform' then conversions end
            ) as platform_conversions,
            sum(
                case
                    when segment_type = 'platform' and conversions is not null then cost
                end
            ) as original_spend_with_conversions,
            {{
                complete_sum(
                    "case when segment_type = 'platform' and conversions is not null then reporting_cost end",
                    "case when segment_type = 'platform' and conversions is not null then cost end",
                )
            }}
            as platform_spend_with_conversions
        from by_segment
        group by brand_id, source_id, measure_date, segment_type, segment, currency_code
    ),

    final as (
        {{
            measure_rows(
                "sums",
                [
                    "ad_impressions",
                    "ad_clicks",
                    "ad_spend",
                    "platform_conversions",
                    "platform_spend_with_conversions",
                ],
                existing={
                    "ad_spend": "original_spend",
                    "platform_spend_with_conversions": "original_spend_with_conversions",
                },
                money=["ad_spend", "platform_spend_with_conversions"],
            )
        }}
    )

select *
from final
