-- A person has one row; each measure counts on a day of its own.
select
    brand_id,
    source_id,
    lead_source,
    campaign,
    lead_date,
    qualified_date,
    converted_date,
    1 as leads,
    case when qualified_date is not null then 1 end as qualified_leads,
    case when converted_date is not null then 1 end as lead_conversions,
    case when is_converted_90d then 1 else 0 end as lead_cohort_converted
from {{ source("kpi", "fct_leads") }}
