{{ config(materialized="table") }}

with

    conversions as (select * from {{ ref("int_conversions") }}),

    purchases as (
        select *
        from {{ ref("int_event_purchases") }}
        where transaction_id is not null and user_pseudo_id is not null
    ),

    people as (
        select distinct brand_id, source_id, user_pseudo_id, user_id_hmac
        from {{ ref("int_event_sessions") }}
        where user_id_hmac is not null
    ),

    addresses as (
        select brand_id, customer_key, substr(node, 7) as email_hmac
        from {{ ref("int_customers") }}
        where node like 'email:%'
    ),

    final as (
        select
            conversions.brand_id,
            conversions.conversion_type,
            conversions.source_id,
            conversions.conversion_id,
            conversions.converted_at,
            conversions.window_days,
            purchases.source_id as event_source_id,
            purchases.user_pseudo_id
        from conversions
        inner join
            purchases
            on conversions.brand_id = purchases.brand_id
            and conversions.conversion_id = purchases.transaction_id
        where conversions.conversion_type = 'order'
        union
        select
            conversions.brand_id,
            conversions.conversion_type,
            conversions.source_id,
            conversions.conversion_id,
            conversions.converted_at,
            conversions.window_days,
            people.source_id as event_source_id,
            people.user_pseudo_id
        from conversions
        inner join
            addresses
            on conversions.brand_id = addresses.brand_id
            and conversions.customer_key = addresses.customer_key
        inner join
            people
            on addresses.brand_id = people.brand_id
            and addresses.email_hmac = people.user_id_hmac
    )

select *
from final
