{{ config(materialized="table") }}

with

    seen as (select * from {{ ref("int_campaigns_seen") }}),

    spellings as (
        select
            brand_id,
            campaign_match,
            spelling,
            min(first_date) as first_date,
            sum(row_count) as row_count
        from seen
        group by brand_id, campaign_match, spelling
    ),

    -- The first spelling stays: a campaign must not change its name in published
    -- history
    -- because another spelling became more frequent.
    ranked as (
        select
            *,
            row_number() over (
                partition by brand_id, campaign_match
                order by
                    first_date asc nulls last,
                    row_count desc nulls last,
                    spelling asc nulls last
            ) as spelling_rank
        from spellings
    ),

    final as (
        select
            brand_id,
            campaign_match,
            max(case when spelling_rank = 1 then spelling end) as campaign,
            cast(count(*) as bigint) as spelling_count
        from ranked
        group by brand_id, campaign_match
    )

select *
from final
