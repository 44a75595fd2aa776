-- A discount is known from the list of subscriptions, else from the events that put it
-- on or took it off; its coupon from itself, else from the list of coupons.
with

    listed as (select * from {{ source("raw", "stripe__discounts") }}),

    events as (select * from {{ source("raw", "stripe__discount_events") }}),

    coupons as (select * from {{ ref("stg_stripe__coupons") }}),

    told as (
        {% for origin in ["listed", "events"] %}
            select
                _brand as brand_id,
                _source as source_id,
                discount_id,
                subscription_id,
                item_id,
                customer_id,
                discount_start as starts_at,
                discount_end as ends_at,
                coupon_id,
                percent_off,
                amount_off as minor_amount_off,
                upper(coupon_currency) as currency_code,
                duration,
                {{ 1 if origin == "listed" else 0 }} as origin_rank,
                _load_id as load_id,
                {{ "_loaded_at" if origin == "listed" else "event_created" }} as told_at
            from {{ origin }}
            where not coalesce(_is_deleted, false)
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    newest as (
        select *
        from told
        qualify
            row_number() over (
                partition by source_id, discount_id
                order by
                    case when duration is null then 1 else 0 end asc nulls last,
                    origin_rank desc nulls last,
                    load_id desc nulls last,
                    told_at desc nulls last
            )
            = 1
    ),

    final as (
        select
            newest.brand_id,
            newest.source_id,
            newest.discount_id,
            newest.subscription_id,
            newest.item_id,
            newest.starts_at,
            newest.ends_at,
            newest.coupon_id,
            coalesce(newest.percent_off, coupons.percent_off) as percent_off,
            coalesce(
                newest.minor_amount_off, coupons.minor_amount_off
            ) as minor_amount_off,
            coalesce(newest.currency_code, coupons.currency_code) as currency_code,
            coalesce(newest.duration, coupons.duration) as duration,
            coupons.product_ids
        from newest
        left join
            coupons
            on newest.source_id = coupons.source_id
            and newest.coupon_id = coupons.coupon_id
    )

select *
from final
