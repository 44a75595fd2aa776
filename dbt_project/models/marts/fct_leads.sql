with

    contacts as (select * from {{ ref("int_contacts_counted") }} where not is_test),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

    mapping as (select * from {{ ref("channel_mapping") }} where match_on = 'channel'),

    utm_synonyms as (select * from {{ ref("utm_synonyms") }}),

    source_categories as (select * from {{ ref("source_categories") }}),

    click_ids as (select * from {{ ref("click_ids") }}),

    -- The record that became a lead first speaks for where the person came from.
    ranked as (
        select
            *,
            row_number() over (
                partition by brand_id, customer_key
                order by
                    lead_at asc nulls last,
                    source_id asc nulls last,
                    contact_id asc nulls last
            ) as lead_rank
        from contacts
    ),

    people as (
        select
            brand_id,
            max(case when lead_rank = 1 then source_id end) as source_id,
            customer_key,
            timezone,
            min(lead_at) as lead_at,
            min(became_qualified_at) as qualified_at,
            min(became_customer_at) as converted_at,
            max(case when lead_rank = 1 then lead_source end) as lead_source,
            max(case when lead_rank = 1 then utm_source end) as utm_source,
            max(case when lead_rank = 1 then utm_medium end) as utm_medium,
            max(case when lead_rank = 1 then utm_campaign end) as utm_campaign,
            cast(count(*) as bigint) as contact_count,
            min(case when is_archived then 1 else 0 end) = 1 as is_archived
        from ranked
        group by brand_id, customer_key, timezone
    ),

    placed as (
        select
            *,
            {{ local_date("lead_at", "timezone") }} as lead_date,
            {{ local_date("qualified_at", "timezone") }} as qualified_date,
            {{ local_date("converted_at", "timezone") }} as converted_date
        from people
        where lead_at is not null
    ),

    {{
        default_channels(
            "placed",
            "channelled",
            source="utm_source",
            medium="utm_medium",
            campaign="utm_campaign",
        )
    }},

    -- UTM words tell more than the CRM's own word for where a lead came from.
    final as (
        select
            channelled.brand_id,
            channelled.source_id,
            channelled.customer_key,
            channelled.lead_source,
            channelled.utm_source,
            channelled.utm_medium,
            channelled.utm_campaign,
            {{ campaign_shown("channelled.utm_campaign") }} as campaign,
            channelled.lead_at,
            lead_date,
            qualified_date,
            converted_date,
            {{ days_between("lead_date", "converted_date") }} as days_to_conversion,
            -- Converted before it was seen as a lead counts as converted: the stages
            -- were skipped.
            coalesce(
                {{ days_between("lead_date", "converted_date") }} <= 90, false
            ) as is_converted_90d,
            contact_count,
            is_archived,
            case
                when channelled.default_names_origin
                then channelled.default_channel_id
                else coalesce(mapping.channel_id, 'unassigned')
            end as channel_id,
            case
                when channelled.default_names_origin
                then channelled.default_source_medium
                else {{ fold_text("channelled.lead_source") }} || ' / (not set)'
            end as source_medium
        from channelled
        left join
            mapping on mapping.raw_value = {{ fold_text("channelled.lead_source") }}
            {{ join_campaign_names("channelled", "channelled.utm_campaign") }}
    )

select *
from final
