-- A person has a row on the day of becoming a lead, of qualifying and of converting.
with

    leads as (
        select
            brand_id,
            source_id,
            lead_date,
            qualified_date,
            converted_date,
            is_converted_90d,
            coalesce(lead_source, '(none)') as lead_source,
            coalesce(campaign, '(none)') as campaign
        from {{ source("kpi", "fct_leads") }}
    )

select
    brand_id,
    source_id,
    lead_date as metric_date,
    lead_source,
    campaign,
    1 as leads,
    null as qualified_leads,
    null as lead_conversions,
    case when is_converted_90d then 1 else 0 end as lead_cohort_converted
from leads
union all
select
    brand_id,
    source_id,
    qualified_date as metric_date,
    lead_source,
    campaign,
    null as leads,
    1 as qualified_leads,
    null as lead_conversions,
    null as lead_cohort_converted
from leads
where qualified_date is not null
union all
select
    brand_id,
    source_id,
    converted_date as metric_date,
    lead_source,
    campaign,
    null as leads,
    null as qualified_leads,
    1 as lead_conversions,
    null as lead_cohort_converted
from leads
where converted_date is not null
