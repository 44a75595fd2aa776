{% set months = 6 %}
{% set fewest_months = 3 %}
{% set outcomes = ["leads", "revenue"] %}

with

    channel_months as (select * from {{ ref("int_channel_months") }}),

    told_months as (
        select
            brand_id,
            channel_id,
            period_index,
            {% for outcome in outcomes %}
                case
                    when tells_{{ outcome }} then {{ f64(outcome) }}
                end as {{ outcome }},
                case
                    when tells_{{ outcome }} then {{ f64("spend") }}
                end as spend_beside_{{ outcome }}
                {% if not loop.last %}, {% endif %}
            {% endfor %}
        from channel_months
    ),

    -- Least squares of what whole months brought over what they cost.
    fitted as (
        select
            channel_months.brand_id,
            channel_months.channel_id,
            channel_months.period_start,
            {% for outcome in outcomes %}
                count(told_months.{{ outcome }}) as {{ outcome }}_months,
                10 * (
                    max(told_months.spend_beside_{{ outcome }})
                    - min(told_months.spend_beside_{{ outcome }})
                )
                > max(
                    abs(told_months.spend_beside_{{ outcome }})
                ) as spend_differs_beside_{{ outcome }},
                regr_slope(
                    told_months.{{ outcome }}, told_months.spend_beside_{{ outcome }}
                ) as {{ outcome }}_per_spend
                {% if not loop.last %}, {% endif %}
            {% endfor %}
        from channel_months
        inner join
            told_months
            on channel_months.brand_id = told_months.brand_id
            and channel_months.channel_id = told_months.channel_id
            and told_months.period_index
            between channel_months.period_index
            - {{ months - 1 }} and channel_months.period_index
        group by
            channel_months.brand_id,
            channel_months.channel_id,
            channel_months.period_start
    ),

    -- Where spend differs by no more than a tenth between the months nothing can be
    -- told; where more spend went along with fewer leads, one more lead has no price.
    final as (
        select
            brand_id,
            channel_id,
            period_start,
            cast(greatest(leads_months, revenue_months) as bigint) as marginal_months,
            case
                when
                    leads_months >= {{ fewest_months }}
                    and spend_differs_beside_leads
                    and leads_per_spend > 0
                then {{ ratio("1", "leads_per_spend") }}
            end as marginal_cost_per_lead,
            case
                when
                    revenue_months >= {{ fewest_months }}
                    and spend_differs_beside_revenue
                then revenue_per_spend
            end as marginal_return
        from fitted
    )

select *
from final
