with

    contacts as (select * from {{ source("raw", "hubspot__contacts") }}),

    {{ newest_version("contacts", ["id"], ["lastmodifieddate", "archived"]) }},

    final as (
        select
            _brand as brand_id,
            _source as source_id,
            id as contact_id,
            email_hmac,
            email_domain,
            is_role_email,
            email_flags,
            lifecyclestage as lifecycle_stage,
            hs_lead_status as lead_status,
            hs_analytics_source as lead_source,
            hs_analytics_source_data_1 as lead_source_data_1,
            hs_analytics_source_data_2 as lead_source_data_2,
            hubspot_owner_id as owner,
            createdate as created_at,
            lastmodifieddate as updated_at,
            hs_lifecyclestage_subscriber_date as became_subscriber_at,
            hs_lifecyclestage_lead_date as became_lead_at,
            hs_lifecyclestage_marketingqualifiedlead_date
            as became_marketing_qualified_at,
            hs_lifecyclestage_salesqualifiedlead_date as became_sales_qualified_at,
            hs_lifecyclestage_opportunity_date as became_opportunity_at,
            hs_lifecyclestage_customer_date as became_customer_at,
            lower(trim(hs_email_optout)) = 'true' as is_email_opted_out,
            coalesce(archived, false) as is_archived,
            is_gone
        from newest
    )

select *
from final
