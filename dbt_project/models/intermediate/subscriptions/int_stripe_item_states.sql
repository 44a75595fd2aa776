-- Stripe's items in the words of a billing export: amounts in whole currency, plans by
-- name, packages as units.
with

    moments as (select * from {{ ref("int_stripe_item_moments") }}),

    discounts as (select * from {{ ref("int_stripe_item_discounts") }}),

    prices as (select * from {{ ref("stg_stripe__prices") }}),

    customers as (select * from {{ ref("stg_stripe__customers") }}),

    digits as (select * from {{ ref("stripe_currencies") }}),

    words as (select * from {{ ref("subscription_words") }}),

    final as (
        select
            moments.brand_id,
            moments.source_id,
            moments.item_id,
            -- An amount off one item alone isn't shared with the others.
            case
                when discounts.is_amount_of_item
                then 'item:' || moments.item_id
                else moments.subscription_id
            end as subscription_id,
            moments.customer_id as subscriber_id,
            customers.email_hmac as subscriber_email_hmac,
            customers.is_role_email as is_role_subscriber_email,
            customers.email_flags as subscriber_email_flags,
            coalesce(
                moments.nickname, prices.nickname, prices.product_name, moments.price_id
            ) as plan,
            discounts.effective_at,
            moments.status as status_word,
            statuses.meaning as status,
            moments.is_paused,
            cast(
                case
                    when coalesce(moments.package_size, 1) <= 1
                    then coalesce(moments.quantity, 1)
                    when moments.package_rounding = 'up'
                    then
                        {{
                            whole_division(
                                "coalesce(moments.quantity, 1) + moments.package_size - 1",
                                "moments.package_size",
                            )
                        }}
                    else
                        {{
                            whole_division(
                                "coalesce(moments.quantity, 1)",
                                "moments.package_size",
                            )
                        }}
                end as decimal(18, 6)
            ) as quantity,
            -- A price of several currencies shows the amount of its own one.
            case
                when moments.price_currency = moments.currency
                then
                    cast(
                        moments.unit_amount_decimal
                        * ({{ minor_unit("digits.minor_digits") }}) as decimal(18, 6)
                    )
            end as unit_amount,
            upper(moments.currency) as currency_code,
            moments.interval as interval_word,
            intervals.meaning as billing_interval,
            coalesce(moments.interval_count, 1) as interval_count,
            moments.usage_type as usage_word,
            case
                when moments.usage_type is null then 'licensed' else usages.meaning
            end as usage_type,
            case
                when
                    moments.tiers_mode is not null
                    and moments.price_currency = moments.currency
                then prices.pricing_tiers
            end as pricing_tiers,
            tiers_modes.meaning as tiers_mode,
            cast(
                {{ minor_unit("digits.minor_digits") }} as decimal(18, 6)
            ) as tier_unit,
            case
                when discounts.is_unknown
                then cast(0 as decimal(18, 6))
                else discounts.discount_percent
            end as discount_percent,
            case
                when not discounts.is_unknown then discounts.discount_amount
            end as discount_amount,
            case
                when discounts.is_unknown
                then 'that Stripe does not tell'
                else 'forever'
            end as duration_word,
            -- Its end is a row of its own.
            case when not discounts.is_unknown then 'forever' end as discount_duration,
            cast(null as timestamp) as discount_ends_at,
            coalesce(moments.cancel_at_period_end, false) as cancel_at_period_end,
            moments.current_period_end,
            moments.is_deleted
        from discounts
        inner join
            moments
            on discounts.source_id = moments.source_id
            and discounts.item_id = moments.item_id
            and discounts.state_effective_at = moments.effective_at
        left join
            prices
            on moments.source_id = prices.source_id
            and moments.price_id = prices.price_id
        left join
            customers
            on moments.source_id = customers.source_id
            and moments.customer_id = customers.customer_id
        left join digits on upper(moments.currency) = digits.currency_code
        left join
            words as statuses
            on statuses.field = 'status'
            and moments.status = statuses.word
        left join
            words as intervals
            on intervals.field = 'interval'
            and moments.interval = intervals.word
        left join
            words as usages
            on usages.field = 'usage_type'
            and moments.usage_type = usages.word
        left join
            words as tiers_modes
            on tiers_modes.field = 'tiers_mode'
            and moments.tiers_mode = tiers_modes.word
    )

select *
from final
