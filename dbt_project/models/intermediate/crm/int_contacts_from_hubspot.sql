{# Stages in the order people go through them, with the column that says when one was reached. HubSpot dates none of the
others: evangelist and other, and those that an account adds. #}
{% set stages = {
    "subscriber": "became_subscriber_at",
    "lead": "became_lead_at",
    "marketingqualifiedlead": "became_marketing_qualified_at",
    "salesqualifiedlead": "became_sales_qualified_at",
    "opportunity": "became_opportunity_at",
    "customer": "became_customer_at",
} %}

with

    contacts as (select * from {{ ref("stg_hubspot__contacts") }}),

    merged_records as (
        select * from {{ ref("stg_hubspot__merges") }} where object_type = 'contacts'
    ),

    run as (select * from {{ source("control", "run") }}),

    run_stages as (
        select
            {% for column in ["qualified_stage", "converted_stage"] %}
                case
                    lower(trim({{ column }}))
                    {% for stage in stages %}
                        when '{{ stage }}' then {{ loop.index }}
                    {% endfor %}
                end as {{ column }}_rank{{ "," if not loop.last }}
            {% endfor %}
        from run
    ),

    final as (
        select
            contacts.brand_id,
            contacts.source_id,
            contacts.contact_id,
            merged_records.surviving_id as merged_into,
            contacts.email_hmac,
            contacts.email_domain,
            contacts.is_role_email,
            contacts.email_flags,
            contacts.lifecycle_stage,
            contacts.lead_status,
            contacts.lead_source,
            contacts.lead_source_data_1,
            contacts.lead_source_data_2,
            contacts.owner,
            contacts.created_at,
            contacts.updated_at,
            -- Whoever skipped a stage was at it when reaching a later one.
            least(
                contacts.became_lead_at,
                contacts.became_marketing_qualified_at,
                contacts.became_sales_qualified_at,
                contacts.became_opportunity_at,
                contacts.became_customer_at
            ) as became_lead_at,
            {% for column, result in {
                "qualified_stage_rank": "became_qualified_at",
                "converted_stage_rank": "became_customer_at",
            }.items() %}
                least(
                    {% for reached_at in stages.values() %}
                        case
                            when run_stages.{{ column }} <= {{ loop.index }}
                            then contacts.{{ reached_at }}
                        end{{ "," if not loop.last }}
                    {% endfor %}
                ) as {{ result }},
            {% endfor %}
            contacts.is_archived or contacts.is_gone as is_archived
        from contacts
        cross join run_stages
        left join
            merged_records
            on contacts.source_id = merged_records.source_id
            and contacts.contact_id = merged_records.merged_id
        -- The recycle bin is emptied after a while and a merge removes a record: both
        -- were leads. Who is gone without either was erased.
        where
            not contacts.is_gone
            or contacts.is_archived
            or merged_records.surviving_id is not null
    )

select *
from final
