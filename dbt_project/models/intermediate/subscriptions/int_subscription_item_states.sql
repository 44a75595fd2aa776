{{ config(materialized="table") }}

-- Days instead of moments: a row holds at the end of a local day if it took effect on
-- that day or before, so a state is a span of days [valid_from, valid_to).
with

    items as (select * from {{ ref("int_subscription_item_history") }}),

    prices as (select * from {{ ref("int_subscription_item_prices") }}),

    currencies as (select * from {{ ref("int_source_currencies") }}),

    brands as (select * from {{ source("control", "brands") }}),

    rules as (select * from {{ source("control", "subscription_rules") }}),

    conversions as ({{ billing_intervals_in_months() }}),

    placed as (
        select
            items.*,
            prices.price,
            upper(
                coalesce(items.currency_code, currencies.source_currency_code)
            ) as money_code,
            currencies.reporting_currency_code,
            {{ local_date("items.effective_at", "brands.timezone") }} as valid_from,
            {{ local_date("items.discount_ends_at", "brands.timezone") }}
            as discount_end_date,
            {{ local_date("items.current_period_end", "brands.timezone") }}
            as period_end_date,
            coalesce(rules.churn_at_period_end, true) as churn_at_period_end,
            coalesce(rules.once_discounts_reduce, false) as once_discounts_reduce
        from items
        inner join
            prices
            on items.source_id = prices.source_id
            and items.item_id = prices.item_id
            and items.effective_at = prices.effective_at
        inner join currencies on items.source_id = currencies.source_id
        inner join brands on items.brand_id = brands.brand_id
        left join rules on items.source_id = rules.source_id
    ),

    last_of_day as (
        select *
        from placed
        qualify
            row_number() over (
                partition by source_id, item_id, valid_from
                order by effective_at desc nulls last
            )
            = 1
    ),

    followed as (
        select
            *,
            coalesce(
                lead(valid_from) over (
                    partition by source_id, item_id order by valid_from asc nulls last
                ),
                date '9999-12-31'
            ) as valid_to
        from last_of_day
    ),

    judged as (
        select
            followed.*,
            conversions.months_numerator,
            conversions.months_denominator
            * followed.interval_count as months_denominator,
            -- What nobody can tell is unknown, never 0.
            followed.status is null
            or followed.usage_type is null
            or followed.price is null
            or conversions.billing_interval is null
            or followed.interval_count < 1
            or (
                followed.discount_duration is null
                and (
                    followed.discount_percent is not null
                    or followed.discount_amount is not null
                )
            ) as is_unknown,
            case
                when not followed.cancel_at_period_end
                then followed.valid_to
                when not followed.churn_at_period_end
                then followed.valid_from
                else
                    least(
                        followed.valid_to,
                        coalesce(followed.period_end_date, followed.valid_to)
                    )
            end as counted_to,
            case
                when
                    coalesce(followed.discount_percent, 0) = 0
                    and coalesce(followed.discount_amount, 0) = 0
                then followed.valid_from
                when
                    followed.discount_duration = 'once'
                    and not followed.once_discounts_reduce
                then followed.valid_from
                when followed.discount_duration = 'forever'
                then followed.valid_to
                else
                    greatest(
                        followed.valid_from,
                        least(
                            followed.valid_to,
                            coalesce(followed.discount_end_date, followed.valid_to)
                        )
                    )
            end as discounted_to
        from followed
        left join
            conversions on followed.billing_interval = conversions.billing_interval
    ),

    final as (
        select
            brand_id,
            source_id,
            item_id,
            subscription_id,
            subscriber_id,
            money_code as currency_code,
            reporting_currency_code,
            valid_from,
            counted_to as valid_to,
            least(discounted_to, counted_to) as discounted_to,
            is_unknown,
            case when not is_unknown then price end as price,
            cast(months_numerator as bigint) as months_numerator,
            cast(months_denominator as bigint) as months_denominator,
            coalesce(discount_percent, 0) as discount_percent,
            coalesce(discount_amount, 0) as discount_amount
        from judged
        where
            counted_to > valid_from
            and not is_paused
            and not is_deleted
            and coalesce(status, 'active') in ('active', 'past_due')
            and coalesce(usage_type, 'licensed') = 'licensed'
            and (is_unknown or price > 0)
    )

select *
from final
