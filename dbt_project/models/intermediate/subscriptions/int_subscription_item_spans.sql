{{ config(materialized="table") }}

{% set left_of_discount -%}
    {{ f64("net_monthly") }}
    * greatest(0, 1 - ({{ ratio("discount_monthly", "subscription_monthly") }}))
{%- endset %}

-- Amounts are whole numbers of 10^-20 until they are divided once, half up: a monthly
-- price stays exact, and so does a twelfth of a yearly one.
with

    states as (select * from {{ ref("int_subscription_item_states") }}),

    parts as (
        select
            brand_id,
            source_id,
            item_id,
            subscription_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            valid_from,
            discounted_to as valid_to,
            is_unknown,
            price,
            months_numerator,
            months_denominator,
            discount_percent,
            discount_amount
        from states
        where discounted_to > valid_from
        union all
        select
            brand_id,
            source_id,
            item_id,
            subscription_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            discounted_to as valid_from,
            valid_to,
            is_unknown,
            price,
            months_numerator,
            months_denominator,
            0 as discount_percent,
            0 as discount_amount
        from states
        where valid_to > discounted_to
    ),

    -- A fixed discount is shared by the items that count at the time, so its
    -- subscription is cut wherever one of them changes.
    shared as (
        select distinct source_id, subscription_id, currency_code
        from parts
        where discount_amount > 0
    ),

    cuts as (
        select
            parts.source_id,
            parts.subscription_id,
            parts.currency_code,
            parts.valid_from as cut_date
        from parts
        inner join
            shared
            on parts.source_id = shared.source_id
            and parts.subscription_id = shared.subscription_id
            and parts.currency_code = shared.currency_code
        union
        select
            parts.source_id,
            parts.subscription_id,
            parts.currency_code,
            parts.valid_to as cut_date
        from parts
        inner join
            shared
            on parts.source_id = shared.source_id
            and parts.subscription_id = shared.subscription_id
            and parts.currency_code = shared.currency_code
    ),

    pieces as (
        select
            parts.*,
            coalesce(cuts.cut_date, parts.valid_from) as piece_from,
            least(
                parts.valid_to,
                coalesce(
                    lead(cuts.cut_date) over (
                        partition by parts.source_id, parts.item_id, parts.valid_from
                        order by cuts.cut_date asc nulls last
                    ),
                    parts.valid_to
                )
            ) as piece_to
        from parts
        left join
            cuts
            on parts.source_id = cuts.source_id
            and parts.subscription_id = cuts.subscription_id
            and parts.currency_code = cuts.currency_code
            and parts.valid_from <= cuts.cut_date
            and parts.valid_to > cuts.cut_date
    ),

    scaled as (
        select
            *,
            {{ scaled_whole("price", 12) }}
            * months_numerator
            * {{ scaled_whole("100 - discount_percent", 6) }} as monthly_numerator,
            {{ scaled_whole("discount_amount", 12) }}
            * months_numerator
            * {{ scaled_whole("100", 6) }} as discount_numerator,
            {{ scaled_whole("months_denominator", 8) }} as scale_denominator
        from pieces
    ),

    monthly as (
        select
            *,
            cast(
                {{ half_up_division("monthly_numerator", "scale_denominator") }}
                as decimal(26, 0)
            )
            * cast('0.000000000001' as decimal(12, 12)) as net_monthly,
            cast(
                {{ half_up_division("discount_numerator", "scale_denominator") }}
                as decimal(26, 0)
            )
            * cast('0.000000000001' as decimal(12, 12)) as discount_monthly
        from scaled
    ),

    subscription_sums as (
        select
            *,
            sum(net_monthly) over same_time as subscription_monthly,
            count(*) over same_time as items
        from monthly
        window
            same_time as (
                partition by source_id, subscription_id, currency_code, piece_from
            )
    ),

    final as (
        select
            brand_id,
            source_id,
            item_id,
            subscription_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            piece_from as valid_from,
            piece_to as valid_to,
            case
                when is_unknown
                then null
                when discount_amount > 0 and items > 1
                then {{ decimal_of_float(left_of_discount, 18, 6) }}
                else
                    cast(
                        cast(
                            {{
                                half_up_division(
                                    "greatest(monthly_numerator - discount_numerator, 0)",
                                    "scale_denominator * 1000000",
                                )
                            }}
                            as decimal(18, 0)
                        )
                        * cast('0.000001' as decimal(6, 6)) as decimal(18, 6)
                    )
            end as monthly_amount
        from subscription_sums
    )

select *
from final
where monthly_amount is null or monthly_amount > 0
