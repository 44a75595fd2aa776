{{ config(materialized="table") }}

-- A family joins the customers by one more CTE and its name in `families`: brand,
-- source,
-- the id that the record carries (null for none) and its address. Ids of sources that
-- share a namespace are the same.
{% set families = [
    "orders",
    "order_lines",
    "shop_accounts",
    "contacts",
    "merged_contacts",
    "subscribers",
] %}

with

    sources as (select * from {{ source("control", "sources") }}),

    orders as (
        select distinct
            brand_id,
            source_id,
            customer_id,
            customer_email_hmac as email_hmac,
            is_role_email,
            {{ is_test_address("customer_email_flags") }} as is_test_email
        from {{ ref("int_orders_unioned") }}
    ),

    order_lines as (
        select distinct
            brand_id,
            source_id,
            customer_id,
            customer_email_hmac as email_hmac,
            is_role_email,
            {{ is_test_address("customer_email_flags") }} as is_test_email
        from {{ ref("stg_orders__order_lines") }}
    ),

    shop_accounts as (
        {% for vendor in ["woocommerce", "shopify"] %}
            select
                brand_id,
                source_id,
                customer_id,
                customer_email_hmac as email_hmac,
                is_role_email,
                {{ is_test_address("customer_email_flags") }} as is_test_email
            from {{ ref("stg_" ~ vendor ~ "__customers") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    all_contacts as (select * from {{ ref("int_contacts_unioned") }}),

    survivors as (select * from {{ ref("int_contacts_merged") }}),

    -- A contact is its surviving record, under whichever address it was known.
    contacts as (
        select
            all_contacts.brand_id,
            all_contacts.source_id,
            survivors.surviving_id as customer_id,
            all_contacts.email_hmac,
            all_contacts.is_role_email,
            {{ is_test_address("all_contacts.email_flags") }} as is_test_email
        from all_contacts
        inner join
            survivors
            on all_contacts.source_id = survivors.source_id
            and all_contacts.contact_id = survivors.contact_id
    ),

    merged_contacts as (
        select
            all_contacts.brand_id,
            all_contacts.source_id,
            survivors.contact_id as customer_id,
            cast(null as {{ dbt.type_string() }}) as email_hmac,
            false as is_role_email,
            false as is_test_email,
            survivors.surviving_id as merged_into
        from all_contacts
        inner join
            survivors
            on all_contacts.source_id = survivors.source_id
            and all_contacts.contact_id = survivors.contact_id
        where survivors.surviving_id <> survivors.contact_id
    ),

    subscribers as (
        select distinct
            brand_id,
            source_id,
            subscriber_id as customer_id,
            subscriber_email_hmac as email_hmac,
            is_role_subscriber_email as is_role_email,
            {{ is_test_address("subscriber_email_flags") }} as is_test_email
        from {{ ref("int_subscription_item_history") }}
        union
        select
            brand_id,
            source_id,
            subscriber_id as customer_id,
            cast(null as {{ dbt.type_string() }}) as email_hmac,
            false as is_role_email,
            false as is_test_email
        from {{ ref("stg_subscriptions__snapshots") }}
    ),

    unioned as (
        {% for family in families %}
            select
                brand_id,
                source_id,
                customer_id,
                email_hmac,
                coalesce(is_role_email, false) as is_role_email,
                coalesce(is_test_email, false) as is_test_email,
                {% if family == "merged_contacts" %} merged_into
                {% else %} cast(null as {{ dbt.type_string() }}) as merged_into
                {% endif %}
            from {{ family }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    named as (
        select unioned.*, coalesce(sources.customer_ids, unioned.source_id) as namespace
        from unioned
        left join sources on unioned.source_id = sources.source_id
    ),

    -- Many people write from info@ and a tester orders under many ids: such an address
    -- says nothing about whose id it is.
    final as (
        select distinct
            brand_id,
            {{ customer_node("namespace", "customer_id", "email_hmac") }} as node,
            case
                when merged_into is not null
                then {{ customer_node("namespace", "merged_into") }}
                when customer_id is not null and not is_role_email and not is_test_email
                then 'email:' || email_hmac
            end as linked_node
        from named
        where customer_id is not null or email_hmac is not null
    )

select *
from final
