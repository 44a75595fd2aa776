with

    contacts as (select * from {{ ref("int_contacts_counted") }} where not is_test),

    campaign_names as (select * from {{ ref("int_campaign_names") }}),

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

    final as (
        select
            placed.brand_id,
            placed.source_id,
            placed.customer_key,
            placed.lead_source,
            placed.utm_source,
            placed.utm_medium,
            placed.utm_campaign,
            {{ campaign_shown("placed.utm_campaign") }} as campaign,
            placed.lead_at,
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
            is_archived
        from placed {{ join_campaign_names("placed", "placed.utm_campaign") }}
    )

select *
from final
