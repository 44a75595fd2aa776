-- HubSpot says of six stages when a contact reached them; with any other as qualified
-- or
-- converted stage nobody ever counts as such.
{{
    config(
        severity="warn",
        meta={"dagster": {"ref": {"name": "int_contacts_from_hubspot"}}},
    )
}}

with

    run as (select * from {{ source("control", "run") }}),

    contacts as (select * from {{ ref("int_contacts_from_hubspot") }}),

    stages as (
        select 'qualified_stage' as setting, lower(trim(qualified_stage)) as stage
        from run
        union all
        select 'converted_stage' as setting, lower(trim(converted_stage)) as stage
        from run
    )

select stages.setting, stages.stage, count(*) as contact_count
from stages
cross join contacts
where
    stages.stage not in (
        'subscriber',
        'lead',
        'marketingqualifiedlead',
        'salesqualifiedlead',
        'opportunity',
        'customer'
    )
group by stages.setting, stages.stage
