{% set rule_columns = [
    "contact_id",
    "email_domain",
    "lifecycle_stage",
    "lead_source",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "owner",
] %}

with

    contacts as (select * from {{ ref("stg_crm__contacts") }}),

    survivors as (select * from {{ ref("int_contacts_merged") }}),

    brands as (select * from {{ source("control", "brands") }}),

    row_rules as (select * from {{ source("control", "row_rules") }}),

    test_contacts as (
        select distinct contacts.source_id, contacts.contact_id
        from contacts
        inner join row_rules as rules on contacts.source_id = rules.source_id
        where {{ matches_row_rule(rule_columns, "contacts.") }}
    ),

    -- An export without any lead date tells nothing about stages: there, whoever is
    -- in it is a lead from creation on.
    dated as (
        select
            *,
            case
                when count(became_lead_at) over (partition by source_id) = 0
                then created_at
                else became_lead_at
            end as lead_at
        from contacts
    ),

    final as (
        select
            dated.brand_id,
            dated.source_id,
            dated.contact_id,
            survivors.surviving_id,
            {{
                customer_key(
                    "brands.customer_salt",
                    "dated.source_id || ':' || survivors.surviving_id",
                )
            }} as customer_key,
            brands.timezone,
            dated.lead_source,
            dated.utm_source,
            dated.utm_medium,
            dated.utm_campaign,
            dated.lifecycle_stage,
            dated.lead_at,
            dated.became_qualified_at,
            dated.became_customer_at,
            dated.is_archived,
            (
                dated.is_test
                or test_contacts.contact_id is not null
                or {{ is_test_address("dated.email_flags") }}
            ) as is_test
        from dated
        inner join
            survivors
            on dated.source_id = survivors.source_id
            and dated.contact_id = survivors.contact_id
        inner join brands on dated.brand_id = brands.brand_id
        left join
            test_contacts
            on dated.source_id = test_contacts.source_id
            and dated.contact_id = test_contacts.contact_id
    )

select *
from final
