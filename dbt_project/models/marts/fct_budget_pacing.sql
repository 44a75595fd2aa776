with

    channel_months as (select * from {{ ref("int_channel_months") }}),

    marginals as (select * from {{ ref("int_channel_marginals") }}),

    elapsed as (
        select
            *,
            case
                when loaded_through is not null
                then
                    {{
                        ratio(
                            "least(days, "
                            ~ days_between("period_start", "loaded_through")
                            ~ " + 1)",
                            "days",
                        )
                    }}
            end as share_elapsed
        from channel_months
    ),

    paced as (
        select
            *,
            {{ f64("budget") }} * share_elapsed as expected_spend,
            {{ ratio("spend_to_date", f64("budget") ~ " * share_elapsed") }} as pace
        from elapsed
    ),

    final as (
        select
            paced.brand_id,
            paced.channel_id,
            paced.period_start,
            paced.period_end,
            paced.currency_code,
            paced.budget,
            paced.spend,
            paced.share_elapsed as budget_share_elapsed,
            paced.expected_spend,
            paced.pace,
            {{ ratio("paced.spend_to_date", "paced.share_elapsed") }}
            as projected_spend,
            case
                when paced.spend is null or paced.share_elapsed is null
                then 'no_data'
                when paced.budget is null
                then 'no_budget'
                when paced.pace > 1.1 or (paced.budget = 0 and paced.spend_to_date > 0)
                then 'over_budget'
                when paced.pace < 0.9
                then 'under_budget'
                else 'on_budget'
            end as verdict,
            cast(paced.leads as bigint) as leads,
            paced.revenue,
            {{ ratio("paced.spend", "paced.leads") }} as cost_per_lead,
            {{ ratio("paced.revenue", "paced.spend") }} as return_on_spend,
            marginals.marginal_cost_per_lead,
            marginals.marginal_return,
            marginals.marginal_months,
            paced.loaded_through,
            paced.status
        from paced
        inner join
            marginals
            on paced.brand_id = marginals.brand_id
            and paced.channel_id = marginals.channel_id
            and paced.period_start = marginals.period_start
    )

select *
from final
