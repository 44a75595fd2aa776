-- Who pays: the newest known e-mail hash of each subscriber, for joining customers.
with

    items as (select * from {{ ref("int_subscription_item_history") }}),

    snapshots as (select * from {{ ref("stg_subscriptions__snapshots") }}),

    snapshot_payments as (select * from {{ ref("int_subscription_items") }}),

    item_payments as (select * from {{ ref("int_subscriber_spans") }}),

    known as (
        select
            brand_id,
            source_id,
            subscriber_id,
            subscriber_email_hmac,
            is_role_subscriber_email,
            subscriber_email_flags,
            effective_at
        from items
        union all
        select
            brand_id,
            source_id,
            subscriber_id,
            cast(null as {{ dbt.type_string() }}) as subscriber_email_hmac,
            cast(null as boolean) as is_role_subscriber_email,
            cast(null as {{ dbt.type_string() }}) as subscriber_email_flags,
            snapshot_at as effective_at
        from snapshots
    ),

    newest as (
        select *
        from known
        qualify
            row_number() over (
                partition by source_id, subscriber_id
                order by
                    case when subscriber_email_hmac is null then 1 else 0 end asc
                    nulls last,
                    effective_at desc nulls last,
                    subscriber_email_hmac asc nulls last
            )
            = 1
    ),

    payments as (
        select source_id, subscriber_id, snapshot_date as paid_date
        from snapshot_payments
        union all
        select source_id, subscriber_id, first_paid_date as paid_date
        from item_payments
    ),

    first_payments as (
        select source_id, subscriber_id, min(paid_date) as first_paid_date
        from payments
        group by source_id, subscriber_id
    ),

    final as (
        select
            newest.brand_id,
            newest.source_id,
            newest.subscriber_id,
            newest.subscriber_email_hmac,
            coalesce(
                newest.is_role_subscriber_email, false
            ) as is_role_subscriber_email,
            newest.subscriber_email_flags,
            first_payments.first_paid_date
        from newest
        left join
            first_payments
            on newest.source_id = first_payments.source_id
            and newest.subscriber_id = first_payments.subscriber_id
    )

select *
from final
