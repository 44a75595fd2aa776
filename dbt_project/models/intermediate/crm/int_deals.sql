{% set node = customer_node("namespaces.customer_ids", "deals.contact_id") %}

with

    deals as (select * from {{ ref("int_deals_unioned") }}),

    contacts as (select * from {{ ref("int_contacts_counted") }}),

    currencies as (select * from {{ ref("int_source_currencies") }}),

    control_sources as (select * from {{ source("control", "sources") }}),

    customers as (select * from {{ ref("int_customers") }}),

    brands as (select * from {{ source("control", "brands") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    -- Deals and contacts of one CRM may come as two sources (two files): deals whose
    -- source has no contacts belong to the brand's contacts, where one source has them.
    contact_sources as (
        select
            brand_id,
            min(source_id) as only_source_id,
            count(distinct source_id) as source_count
        from contacts
        group by brand_id
    ),

    own_contacts as (select distinct source_id from contacts),

    sources as (select distinct brand_id, source_id from deals),

    deal_sources as (
        select
            sources.source_id,
            case
                when own_contacts.source_id is not null
                then own_contacts.source_id
                when contact_sources.source_count = 1
                then contact_sources.only_source_id
            end as contact_source_id
        from sources
        left join own_contacts on sources.source_id = own_contacts.source_id
        left join contact_sources on sources.brand_id = contact_sources.brand_id
    ),

    -- A contact that no source knows is itself.
    namespaces as (
        select
            deal_sources.source_id,
            deal_sources.contact_source_id,
            coalesce(
                control_sources.customer_ids,
                deal_sources.contact_source_id,
                deal_sources.source_id
            ) as customer_ids
        from deal_sources
        left join
            control_sources
            on coalesce(deal_sources.contact_source_id, deal_sources.source_id)
            = control_sources.source_id
    ),

    placed as (
        select
            deals.brand_id,
            deals.source_id,
            deals.deal_id,
            coalesce(
                contacts.customer_key,
                {{ surviving_customer_key("brands.customer_salt", node) }}
            ) as customer_key,
            coalesce(contacts.is_test, false) as is_test,
            deals.is_won,
            deals.is_archived,
            deals.closed_at,
            {{ local_date("deals.closed_at", "brands.timezone") }} as closed_date,
            deals.amount,
            upper(
                coalesce(deals.currency_code, currencies.source_currency_code)
            ) as currency_code,
            currencies.reporting_currency_code
        from deals
        inner join currencies on deals.source_id = currencies.source_id
        inner join brands on deals.brand_id = brands.brand_id
        inner join namespaces on deals.source_id = namespaces.source_id
        left join
            contacts
            on namespaces.contact_source_id = contacts.source_id
            and deals.contact_id = contacts.contact_id
            {{ join_customers("deals", node) }}
    ),

    final as (
        select
            placed.brand_id,
            placed.source_id,
            placed.deal_id,
            placed.customer_key,
            placed.is_won,
            placed.is_archived,
            placed.closed_at,
            placed.closed_date,
            placed.amount,
            placed.currency_code,
            placed.reporting_currency_code,
            {{
                reporting_amount(
                    "placed.amount",
                    "placed.currency_code",
                    "placed.reporting_currency_code",
                    "rates.rate",
                )
            }} as amount_reporting
        from placed
        left join
            rates
            on placed.closed_date = rates.rate_date
            and placed.currency_code = rates.from_currency
            and placed.reporting_currency_code = rates.to_currency
        where not placed.is_test
    )

select *
from final
