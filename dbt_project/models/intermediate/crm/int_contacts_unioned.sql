{{ config(materialized="table") }}

with

    crm as (select * from {{ ref("stg_crm__contacts") }}),

    hubspot as (select * from {{ ref("int_contacts_from_hubspot") }}),

    final as (
        select
            brand_id,
            source_id,
            contact_id,
            merged_into,
            email_hmac,
            email_domain,
            is_role_email,
            email_flags,
            lifecycle_stage,
            cast(null as {{ dbt.type_string() }}) as lead_status,
            lead_source,
            cast(null as {{ dbt.type_string() }}) as lead_source_data_1,
            cast(null as {{ dbt.type_string() }}) as lead_source_data_2,
            utm_source,
            utm_medium,
            utm_campaign,
            owner,
            created_at,
            updated_at,
            became_lead_at,
            became_qualified_at,
            became_customer_at,
            false as tells_stages,
            is_archived,
            is_test
        from crm
        union all
        select
            brand_id,
            source_id,
            contact_id,
            merged_into,
            email_hmac,
            email_domain,
            is_role_email,
            email_flags,
            lifecycle_stage,
            lead_status,
            lead_source,
            lead_source_data_1,
            lead_source_data_2,
            cast(null as {{ dbt.type_string() }}) as utm_source,
            cast(null as {{ dbt.type_string() }}) as utm_medium,
            cast(null as {{ dbt.type_string() }}) as utm_campaign,
            owner,
            created_at,
            updated_at,
            became_lead_at,
            became_qualified_at,
            became_customer_at,
            true as tells_stages,
            is_archived,
            false as is_test
        from hubspot
    )

select *
from final
