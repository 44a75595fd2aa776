{{ config(materialized="table") }}

-- A subscriber's balance changes only where an item of it does: sums of what comes and
-- goes, instead of one row a day.
with

    item_spans as (select * from {{ ref("int_subscription_item_spans") }}),

    deltas as (
        select
            brand_id,
            source_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            valid_from as change_date,
            coalesce(monthly_amount, 0) as amount,
            1 as item_count,
            case when monthly_amount is null then 1 else 0 end as unknown_count
        from item_spans
        union all
        select
            brand_id,
            source_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            valid_to as change_date,
            - coalesce(monthly_amount, 0) as amount,
            -1 as item_count,
            case when monthly_amount is null then -1 else 0 end as unknown_count
        from item_spans
    ),

    changes as (
        select
            brand_id,
            source_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            change_date,
            {{ exact_sum("amount") }} as amount,
            sum(item_count) as item_count,
            sum(unknown_count) as unknown_count
        from deltas
        group by
            brand_id,
            source_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            change_date
        having sum(amount) <> 0 or sum(item_count) <> 0 or sum(unknown_count) <> 0
    ),

    running as (
        select
            brand_id,
            source_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            change_date as valid_from,
            lead(change_date) over in_order as valid_to,
            cast(sum(amount) over so_far as decimal(38, 6)) as mrr,
            sum(item_count) over so_far as paying_rows,
            sum(unknown_count) over so_far as unknown_rows
        from changes
        window
            in_order as (
                partition by source_id, subscriber_id, currency_code
                order by change_date asc nulls last
            ),
            so_far as (
                partition by source_id, subscriber_id, currency_code
                order by change_date asc nulls last
                rows between unbounded preceding and current row
            )
    ),

    final as (
        select
            brand_id,
            source_id,
            subscriber_id,
            currency_code,
            reporting_currency_code,
            valid_from,
            valid_to,
            case when unknown_rows = 0 then mrr end as mrr,
            cast(paying_rows as bigint) as paying_rows,
            min(valid_from) over (
                partition by source_id, subscriber_id
            ) as first_paid_date
        from running
        where paying_rows > 0
    )

select *
from final
