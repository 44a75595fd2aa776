-- Distinct subscribers that pay, as spans; one that pays in two currencies counts once.
with

    spans as (select * from {{ ref("int_subscriber_spans") }}),

    currency_changes as (
        select source_id, subscriber_id, valid_from as change_date, 1 as currencies
        from spans
        union all
        select source_id, subscriber_id, valid_to as change_date, -1 as currencies
        from spans
    ),

    subscriber_changes as (
        select source_id, subscriber_id, change_date, sum(currencies) as currencies
        from currency_changes
        group by source_id, subscriber_id, change_date
        having sum(currencies) <> 0
    ),

    presences as (
        select
            source_id,
            change_date,
            currencies,
            sum(currencies) over (
                partition by source_id, subscriber_id
                order by change_date asc nulls last
                rows between unbounded preceding and current row
            ) as currencies_paid
        from subscriber_changes
    ),

    daily_changes as (
        select
            source_id,
            change_date,
            sum(
                case
                    when currencies_paid = 0
                    then -1
                    when currencies_paid = currencies
                    then 1
                    else 0
                end
            ) as subscribers
        from presences
        group by source_id, change_date
    ),

    final as (
        select
            source_id,
            change_date as valid_from,
            coalesce(
                lead(change_date) over (
                    partition by source_id order by change_date asc nulls last
                ),
                date '9999-12-31'
            ) as valid_to,
            cast(
                sum(subscribers) over (
                    partition by source_id
                    order by change_date asc nulls last
                    rows between unbounded preceding and current row
                ) as bigint
            ) as subscribers
        from daily_changes
    )

select *
from final
