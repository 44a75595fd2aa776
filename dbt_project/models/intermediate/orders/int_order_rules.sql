-- A source without a row of its own gets the defaults of the settings, so that no
-- line drops out by a join.
with

    sources as (
        select distinct source_id, brand_id, connector
        from {{ source("control", "source_streams") }}
        where {{ feeds_orders("connector") }}
    ),

    brands as (select * from {{ source("control", "brands") }}),

    source_settings as (select * from {{ source("control", "sources") }}),

    rules as (select * from {{ source("control", "order_rules") }}),

    final as (
        select
            sources.source_id,
            sources.brand_id,
            brands.timezone,
            upper(brands.currency_code) as reporting_currency_code,
            coalesce(
                source_settings.currency_code, brands.currency_code
            ) as source_currency_code,
            brands.customer_salt,
            coalesce(source_settings.customer_ids, sources.source_id) as customer_ids,
            coalesce(rules.require_customer, false) as require_customer,
            coalesce(
                rules.require_positive_quantity, true
            ) as require_positive_quantity,
            coalesce(rules.require_positive_price, true) as require_positive_price,
            coalesce(rules.count_letter_coded_lines, true) as count_letter_coded_lines,
            upper(rules.extra_service_codes) as extra_service_codes,
            coalesce(rules.drop_exact_duplicates, false) as drop_exact_duplicates,
            coalesce(rules.returns, 'subtract') = 'subtract' as subtract_returns,
            coalesce(rules.returns_are_activity, false) as returns_are_activity,
            nullif(rules.cancellation_prefix, '') as cancellation_prefix,
            nullif(rules.bad_debt_prefix, '') as bad_debt_prefix,
            -- A refunded order was an order on its day; what was given back counts on
            -- its own.
            coalesce(
                nullif(lower(rules.counted_statuses), ''),
                case
                    sources.connector
                    when 'woocommerce'
                    then 'processing,completed,refunded'
                    when 'shopify'
                    then 'paid,partially_paid,partially_refunded,refunded'
                end
            ) as counted_statuses
        from sources
        inner join brands on sources.brand_id = brands.brand_id
        left join source_settings on sources.source_id = source_settings.source_id
        left join rules on sources.source_id = rules.source_id
    )

select *
from final
