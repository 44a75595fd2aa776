{{ config(materialized="table") }}

{# A rule names a column of its source: those of CRM files, then HubSpot's own. #}
{% set rule_columns = {
    "contact_id": "contact_id",
    "email_domain": "email_domain",
    "lifecycle_stage": "lifecycle_stage",
    "lead_source": "lead_source",
    "utm_source": "utm_source",
    "utm_medium": "utm_medium",
    "utm_campaign": "utm_campaign",
    "owner": "owner",
    "id": "contact_id",
    "lifecyclestage": "lifecycle_stage",
    "hs_lead_status": "lead_status",
    "hs_analytics_source": "lead_source",
    "hs_analytics_source_data_1": "lead_source_data_1",
    "hs_analytics_source_data_2": "lead_source_data_2",
    "hubspot_owner_id": "owner",
} %}

{% set node = customer_node(
    "coalesce(sources.customer_ids, dated.source_id)",
    "survivors.surviving_id",
) %}

with

    contacts as (select * from {{ ref("int_contacts_unioned") }}),

    survivors as (select * from {{ ref("int_contacts_merged") }}),

    brands as (select * from {{ source("control", "brands") }}),

    sources as (select * from {{ source("control", "sources") }}),

    customers as (select * from {{ ref("int_customers") }}),

    row_rules as (select * from {{ source("control", "row_rules") }}),

    test_contacts as (
        select distinct contacts.source_id, contacts.contact_id
        from contacts
        inner join row_rules as rules on contacts.source_id = rules.source_id
        where {{ matches_row_rule(rule_columns, "contacts.") }}
    ),

    -- An export without any lead date tells nothing about stages: there, whoever is
    -- in it is a lead from creation on. A CRM that tells them may hold subscribers
    -- only.
    dated as (
        select
            *,
            case
                when
                    not tells_stages
                    and count(became_lead_at) over (partition by source_id) = 0
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
            {{ surviving_customer_key("brands.customer_salt", node) }} as customer_key,
            dated.email_hmac,
            dated.is_role_email,
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
            sources on dated.source_id = sources.source_id
            {{ join_customers("dated", node) }}
        left join
            test_contacts
            on dated.source_id = test_contacts.source_id
            and dated.contact_id = test_contacts.contact_id
    )

select *
from final
