{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        on_schema_change="fail",
        pre_hook="{{ delete_changed_slices(['orders/order_lines'], of_customers=true) }}",
    )
}}

{% set rule_columns = [
    "order_id",
    "sku",
    "product_name",
    "customer_email_domain",
    "status",
    "utm_campaign",
    "country",
] %}

{% set node = customer_node(
    "rules.customer_ids", "lines.customer_id", "lines.customer_email_hmac"
) %}

-- The slices that the hooks removed are selected afresh, whatever the reason.
with

    order_lines as (
        select *
        from {{ ref("stg_orders__order_lines") }}
        {% if is_incremental() %}
            where
                (source_id || '/' || slice)
                not in (select source_id || '/' || slice from {{ this }})
        {% endif %}
    ),

    rules as (select * from {{ ref("int_order_rules") }}),

    customers as (select * from {{ ref("int_customers") }}),

    row_rules as (select * from {{ source("control", "row_rules") }}),

    test_orders as (
        select distinct order_lines.source_id, order_lines.slice, order_lines.order_id
        from order_lines
        inner join row_rules as rules on order_lines.source_id = rules.source_id
        where {{ matches_row_rule(rule_columns, "order_lines.") }}
    ),

    -- Within its file only, so that a line's marks never depend on another slice. Few
    -- orders name an article twice: only
    -- those lines are worth the comparison of all columns.
    candidates as (
        select source_id, slice, order_id, sku
        from order_lines
        group by source_id, slice, order_id, sku
        having count(*) > 1
    ),

    repeats as (
        select
            order_lines.source_id,
            order_lines.slice,
            order_lines.line_number,
            row_number() over (
                partition by
                    order_lines.source_id,
                    order_lines.slice,
                    order_lines.order_id,
                    order_lines.line_id,
                    order_lines.sku,
                    order_lines.product_name,
                    order_lines.customer_id,
                    order_lines.customer_email_hmac,
                    order_lines.status,
                    order_lines.currency_code,
                    order_lines.country,
                    order_lines.quantity,
                    order_lines.unit_price,
                    order_lines.discount_amount,
                    order_lines.ordered_at
                order by order_lines.line_number asc nulls last
            ) as repeat_number
        from order_lines
        inner join
            candidates
            on order_lines.source_id = candidates.source_id
            and order_lines.slice = candidates.slice
            and order_lines.order_id = candidates.order_id
            and coalesce(order_lines.sku, '') = coalesce(candidates.sku, '')
        where order_lines.line_number is not null
    ),

    marked as (
        select
            lines.*,
            rules.source_currency_code,
            rules.count_letter_coded_lines,
            rules.returns_are_activity,
            {{ local_date("lines.ordered_at", "rules.timezone") }} as line_date,
            {{ customer_key("rules.customer_salt", node) }} as record_key,
            {{ surviving_customer_key("rules.customer_salt", node) }} as customer_key,
            -- A returned line gives its discount back too.
            cast(
                cast(lines.quantity as decimal(19, 6)) * lines.unit_price
                - case when lines.quantity < 0 then -1 else 1 end
                * coalesce(lines.discount_amount, 0) as decimal(18, 6)
            ) as line_amount,
            coalesce(
                substr(lines.order_id, 1, length(rules.cancellation_prefix))
                = rules.cancellation_prefix,
                false
            ) as is_cancellation,
            coalesce(
                substr(lines.order_id, 1, length(rules.bad_debt_prefix))
                = rules.bad_debt_prefix,
                false
            ) as is_bad_debt,
            coalesce(
                translate(lines.sku, '0123456789', '') = lines.sku
                or
                {{ list_holds("rules.extra_service_codes", "upper(trim(lines.sku))") }},
                false
            ) as is_service_line,
            repeats.line_number is not null as is_exact_duplicate,
            (
                lines.is_test
                or test_orders.order_id is not null
                or {{ is_test_address("lines.customer_email_flags") }}
            ) as is_marked_test,
            (
                rules.counted_statuses is null
                or
                {{ list_holds("rules.counted_statuses", "lower(trim(lines.status))") }}
            )
            and not (
                rules.drop_exact_duplicates and repeats.line_number is not null
            ) as is_kept,
            not rules.require_customer
            or lines.customer_id is not null
            or lines.customer_email_hmac is not null as passes_customer_rule,
            not rules.require_positive_quantity
            or lines.quantity > 0 as passes_quantity_rule,
            not rules.require_positive_price
            or lines.unit_price > 0 as passes_price_rule
        from order_lines as lines
        inner join
            rules on lines.source_id = rules.source_id
            {{ join_customers("lines", node) }}
        left join
            repeats
            on lines.source_id = repeats.source_id
            and lines.slice = repeats.slice
            and lines.line_number = repeats.line_number
            and repeats.repeat_number > 1
        left join
            test_orders
            on lines.source_id = test_orders.source_id
            and lines.slice = test_orders.slice
            and lines.order_id = test_orders.order_id
    ),

    judged as (
        select
            *,
            customer_key is not null as has_customer,
            is_kept
            and not is_marked_test
            and not is_bad_debt
            and passes_customer_rule
            and passes_price_rule as is_valid,
            not is_service_line or count_letter_coded_lines as passes_service_rule
        from marked
    ),

    counted as (
        select
            *,
            is_valid and not is_cancellation and passes_quantity_rule as counts_as_paid,
            is_valid
            and not is_cancellation
            and passes_quantity_rule
            and passes_service_rule as counts_as_order,
            is_valid
            and passes_service_rule
            and (is_cancellation or not passes_quantity_rule)
            and line_amount < 0 as counts_as_return
        from judged
    ),

    final as (
        select
            brand_id,
            source_id,
            slice,
            line_number,
            order_id,
            line_id,
            sku,
            product_name,
            customer_key,
            record_key,
            status,
            country,
            utm_source,
            utm_medium,
            utm_campaign,
            upper(coalesce(currency_code, source_currency_code)) as currency_code,
            quantity,
            unit_price,
            discount_amount,
            line_amount,
            ordered_at,
            line_date,
            has_customer,
            is_cancellation,
            is_bad_debt,
            is_service_line,
            is_exact_duplicate,
            is_marked_test as is_test,
            counts_as_order,
            counts_as_paid,
            counts_as_return,
            counts_as_order
            or (
                returns_are_activity
                and has_customer
                and is_kept
                and not is_marked_test
                and not is_bad_debt
                and passes_service_rule
            ) as counts_as_activity
        from counted
    )

select *
from final
