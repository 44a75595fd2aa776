-- A form tool's own counts of people, else the submissions of a CRM;
-- dim_kpi_inputs says which source counts.
with

    inputs as (
        select distinct source_id
        from {{ source("kpi", "dim_kpi_inputs") }}
        where measure = 'form_submitter_days'
    ),

    people as (
        select
            brand_id,
            source_id,
            form_date as metric_date,
            coalesce(form_name, form_id) as form,
            submitters as form_submitter_days,
            viewers as form_viewer_days
        from {{ source("kpi", "fct_form_days") }}
        where not is_test
        union all
        select
            brand_id,
            source_id,
            submitted_date as metric_date,
            coalesce(form_name, form_id) as form,
            1 as form_submitter_days,
            null as form_viewer_days
        from {{ source("kpi", "fct_form_submissions") }}
        where counts_as_submission
    )

select *
from people
where source_id in (select source_id from inputs)
