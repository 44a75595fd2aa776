{% set months = 6 %}
{% set fewest_months = 3 %}

with

    channel_months as (select * from {{ ref("int_channel_months") }}),

    -- Least squares of what whole months brought over what they cost.
    fitted as (
        select
            months.brand_id,
            months.channel_id,
            months.period_start,
            count(case when told.tells_leads then 1 end) as lead_months,
            count(case when told.tells_revenue then 1 end) as revenue_months,
            count(
                distinct case when told.tells_leads then told.spend end
            ) as lead_levels,
            count(
                distinct case when told.tells_revenue then told.spend end
            ) as revenue_levels,
            regr_slope(
                case when told.tells_leads then {{ f64("told.leads") }} end,
                {{ f64("told.spend") }}
            ) as leads_per_spend,
            regr_slope(
                case when told.tells_revenue then {{ f64("told.revenue") }} end,
                {{ f64("told.spend") }}
            ) as revenue_per_spend
        from channel_months as months
        inner join
            channel_months as told
            on months.brand_id = told.brand_id
            and months.channel_id = told.channel_id
            and told.period_index
            between months.period_index - {{ months - 1 }} and months.period_index
        group by months.brand_id, months.channel_id, months.period_start
    ),

    -- Where spend was the same in all months nothing can be told; where more spend
    -- went along with fewer leads, one more lead has no price.
    final as (
        select
            brand_id,
            channel_id,
            period_start,
            cast(greatest(lead_months, revenue_months) as bigint) as marginal_months,
            case
                when
                    lead_months >= {{ fewest_months }}
                    and lead_levels > 1
                    and leads_per_spend > 0
                then {{ ratio("1", "leads_per_spend") }}
            end as marginal_cost_per_lead,
            case
                when revenue_months >= {{ fewest_months }} and revenue_levels > 1
                then revenue_per_spend
            end as marginal_return
        from fitted
    )

select *
from final
