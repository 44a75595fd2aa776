{{ config(materialized="table") }}

-- States of Stripe items, cut where one of their discounts begins or ends, with what
-- the discounts of each piece come to. A subscription's own discounts stand in for its
-- customer's. One that takes off once counts where the source's rules say so.
with

    moments as (select * from {{ ref("int_stripe_item_moments") }}),

    customers as (select * from {{ ref("stg_stripe__customers") }}),

    digits as (select * from {{ ref("stripe_currencies") }}),

    rules as (select * from {{ source("control", "subscription_rules") }}),

    homes as (select distinct source_id, item_id, subscription_id from moments),

    discounts as (
        select
            discounts.source_id,
            discounts.discount_id,
            coalesce(
                discounts.subscription_id, homes.subscription_id
            ) as subscription_id,
            discounts.starts_at,
            discounts.ends_at,
            discounts.percent_off,
            discounts.minor_amount_off,
            discounts.currency_code,
            discounts.duration,
            discounts.product_ids
        from {{ ref("stg_stripe__discounts") }} as discounts
        left join
            homes
            on discounts.source_id = homes.source_id
            and discounts.item_id = homes.item_id
    ),

    applied as (
        {% for list, is_of_item in [
            ("discount_ids", "false"),
            ("item_discount_ids", "true"),
        ] %}
            select
                moments.source_id,
                moments.item_id,
                moments.effective_at,
                moments.next_effective_at,
                moments.product_id,
                moments.price_currency,
                {{ is_of_item }} as is_of_item,
                discounts.starts_at,
                discounts.ends_at,
                discounts.percent_off,
                discounts.minor_amount_off,
                discounts.currency_code,
                discounts.duration,
                discounts.product_ids
            from moments
            inner join
                discounts
                on moments.source_id = discounts.source_id
                and moments.subscription_id = discounts.subscription_id
            where {{ is_in_list("discounts.discount_id", "moments." ~ list) }}
            union all
        {% endfor %}
        select
            moments.source_id,
            moments.item_id,
            moments.effective_at,
            moments.next_effective_at,
            moments.product_id,
            moments.price_currency,
            false as is_of_item,
            customers.discount_starts_at as starts_at,
            customers.discount_ends_at as ends_at,
            customers.percent_off,
            customers.minor_amount_off,
            customers.coupon_currency_code as currency_code,
            customers.duration,
            cast(null as {{ dbt.type_string() }}) as product_ids
        from moments
        inner join
            customers
            on moments.source_id = customers.source_id
            and moments.customer_id = customers.customer_id
        where
            customers.discount_id is not null
            and moments.discount_ids is null
            and moments.item_discount_ids is null
    ),

    -- What a state's lists name and nobody tells is unknown, never nothing.
    resolved as (
        select source_id, item_id, effective_at, count(*) as discounts
        from applied
        group by source_id, item_id, effective_at
    ),

    cuts as (
        select source_id, item_id, effective_at, effective_at as piece_at
        from moments
        {% for moment in ["starts_at", "ends_at"] %}
            union
            select source_id, item_id, effective_at, {{ moment }} as piece_at
            from applied
            where
                {{ moment }} > effective_at
                and (next_effective_at is null or {{ moment }} < next_effective_at)
        {% endfor %}
    ),

    counted as (
        select
            cuts.source_id,
            cuts.item_id,
            cuts.effective_at,
            cuts.piece_at,
            applied.is_of_item or applied.product_ids is not null as is_of_item,
            applied.percent_off,
            {{ major_amount("applied.minor_amount_off", "digits.minor_digits") }}
            as amount_off,
            applied.duration is null
            or (applied.percent_off is null and applied.minor_amount_off is null)
            or (
                applied.minor_amount_off is not null
                and coalesce(applied.currency_code, '') <> upper(applied.price_currency)
            ) as is_unknown
        from cuts
        inner join
            applied
            on cuts.source_id = applied.source_id
            and cuts.item_id = applied.item_id
            and cuts.effective_at = applied.effective_at
        left join digits on applied.currency_code = digits.currency_code
        left join rules on cuts.source_id = rules.source_id
        where
            (applied.starts_at is null or applied.starts_at <= cuts.piece_at)
            and (applied.ends_at is null or applied.ends_at > cuts.piece_at)
            and (
                applied.product_ids is null
                or {{ is_in_list("applied.product_id", "applied.product_ids") }}
            )
            and (
                coalesce(applied.duration, '') <> 'once'
                or coalesce(rules.once_discounts_reduce, false)
            )
    ),

    summed as (
        select
            source_id,
            item_id,
            effective_at,
            piece_at,
            count(percent_off) as percents,
            max(percent_off) as highest_percent,
            -- Each takes its part of what the others left.
            cast(
                100
                - 100
                * exp(
                    sum(
                        case
                            when percent_off < 100
                            then ln(1 - {{ f64("percent_off") }} * 0.01e0)
                        end
                    )
                ) as decimal(18, 6)
            ) as joint_percent,
            sum(case when is_of_item then amount_off end) as item_amount,
            sum(case when not is_of_item then amount_off end) as shared_amount,
            max(case when is_unknown then 1 else 0 end) = 1 as is_unknown
        from counted
        group by source_id, item_id, effective_at, piece_at
    ),

    final as (
        select
            cuts.source_id,
            cuts.item_id,
            cuts.effective_at as state_effective_at,
            cuts.piece_at as effective_at,
            case
                when summed.percents = 1 or summed.highest_percent >= 100
                then summed.highest_percent
                when summed.percents > 1
                then summed.joint_percent
            end as discount_percent,
            cast(
                coalesce(summed.item_amount, summed.shared_amount) as decimal(18, 6)
            ) as discount_amount,
            summed.item_amount is not null as is_amount_of_item,
            coalesce(summed.is_unknown, false)
            or (summed.item_amount is not null and summed.shared_amount is not null)
            or {{ list_length("moments.discount_ids") }}
            + {{ list_length("moments.item_discount_ids") }}
            > coalesce(resolved.discounts, 0) as is_unknown
        from cuts
        inner join
            moments
            on cuts.source_id = moments.source_id
            and cuts.item_id = moments.item_id
            and cuts.effective_at = moments.effective_at
        left join
            summed
            on cuts.source_id = summed.source_id
            and cuts.item_id = summed.item_id
            and cuts.effective_at = summed.effective_at
            and cuts.piece_at = summed.piece_at
        left join
            resolved
            on cuts.source_id = resolved.source_id
            and cuts.item_id = resolved.item_id
            and cuts.effective_at = resolved.effective_at
    )

select *
from final
