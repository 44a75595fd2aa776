{{ config(materialized="table") }}

-- What all subscribers of a source pay together, as spans. In the reporting currency
-- one level holds them all; in another one there is a level for each balance, so that
-- each subscriber's is converted, and rounded, by itself.
with

    spans as (select * from {{ ref("int_subscriber_spans") }}),

    leveled as (
        select
            *,
            case
                when currency_code <> reporting_currency_code and mrr is not null
                then mrr
                else cast(0 as decimal(38, 6))
            end as level_balance,
            case when mrr is null then 1 else 0 end as unknown_count
        from spans
    ),

    deltas as (
        select
            brand_id,
            source_id,
            currency_code,
            reporting_currency_code,
            level_balance,
            valid_from as change_date,
            coalesce(mrr, 0) as mrr,
            1 as balance_count,
            paying_rows,
            unknown_count
        from leveled
        union all
        select
            brand_id,
            source_id,
            currency_code,
            reporting_currency_code,
            level_balance,
            valid_to as change_date,
            - coalesce(mrr, 0) as mrr,
            -1 as balance_count,
            - paying_rows as paying_rows,
            - unknown_count as unknown_count
        from leveled
    ),

    changes as (
        select
            brand_id,
            source_id,
            currency_code,
            reporting_currency_code,
            level_balance,
            change_date,
            sum(mrr) as mrr,
            sum(balance_count) as balance_count,
            sum(paying_rows) as paying_rows,
            sum(unknown_count) as unknown_count
        from deltas
        group by
            brand_id,
            source_id,
            currency_code,
            reporting_currency_code,
            level_balance,
            change_date
    ),

    running as (
        select
            brand_id,
            source_id,
            currency_code,
            reporting_currency_code,
            level_balance,
            change_date as valid_from,
            lead(change_date) over in_order as valid_to,
            sum(mrr) over so_far as mrr,
            sum(balance_count) over so_far as balance_count,
            sum(paying_rows) over so_far as paying_rows,
            sum(unknown_count) over so_far as unknown_count
        from changes
        window
            in_order as (
                partition by source_id, currency_code, level_balance
                order by change_date asc nulls last
            ),
            so_far as (
                partition by source_id, currency_code, level_balance
                order by change_date asc nulls last
                rows between unbounded preceding and current row
            )
    ),

    final as (
        select
            brand_id,
            source_id,
            currency_code,
            reporting_currency_code,
            level_balance,
            valid_from,
            valid_to,
            case when unknown_count = 0 then cast(mrr as decimal(38, 6)) end as mrr,
            cast(balance_count as bigint) as balance_count,
            cast(paying_rows as bigint) as paying_rows
        from running
        where balance_count > 0
    )

select *
from final
