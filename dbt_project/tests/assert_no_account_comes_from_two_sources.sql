-- Each row is an ad account, a profile or a shop that two sources of a brand tell of on
-- the same days, as after a move from files to an API: those days count twice.
{{
    config(
        severity="warn",
        meta={"dagster": {"ref": {"name": "fct_ad_performance_daily"}}},
    )
}}

with

    ads as (select * from {{ ref("fct_ad_performance_daily") }}),

    followers as (select * from {{ ref("fct_social_followers_daily") }}),

    orders as (select * from {{ ref("fct_orders") }} where counts_as_order),

    told as (
        select distinct
            brand_id,
            source_id,
            platform || ' ads ' || account_id as account,
            ad_date as told_day,
            cast(null as {{ dbt.type_string() }}) as detail,
            1 as is_telling
        from ads
        where account_id is not null
        union all
        -- An export may not say whose it is: then rows that spent the same alike are
        -- one.
        select distinct
            brand_id,
            source_id,
            platform || ' ads of ' || campaign_name as account,
            ad_date as told_day,
            cast(cost as {{ dbt.type_string() }}) as detail,
            case when account_id is null then 1 else 0 end as is_telling
        from ads
        where cost > 0
        union all
        select distinct
            brand_id,
            source_id,
            platform || ' followers ' || lower(account) as account,
            follower_date as told_day,
            cast(null as {{ dbt.type_string() }}) as detail,
            1 as is_telling
        from followers
        union all
        select distinct
            brand_id,
            source_id,
            'orders' as account,
            order_date as told_day,
            order_id || ' ' || cast(order_value as {{ dbt.type_string() }}) as detail,
            1 as is_telling
        from orders
        where order_value > 0
    ),

    shared as (
        select
            brand_id,
            account,
            told_day,
            min(source_id) as source_id,
            max(source_id) as other_source_id
        from told
        group by brand_id, account, told_day, detail
        having count(distinct source_id) > 1 and max(is_telling) = 1
    )

select
    brand_id,
    source_id,
    other_source_id,
    account,
    min(told_day) as first_day,
    max(told_day) as last_day,
    count(distinct told_day) as days,
    'let one of them end where the other begins: docs/apis.md, From files to an API'
    as to_do
from shared
group by brand_id, source_id, other_source_id, account
