{{ config(materialized="table") }}

with

    purchases as (
        select * from {{ ref("int_event_actions") }} where action = 'purchase'
    ),

    -- A page that is loaded again sends its purchase again; purchases without a
    -- transaction id are never taken for one.
    ranked as (
        select
            *,
            row_number() over (
                partition by source_id, transaction_id
                order by
                    event_at asc nulls last,
                    slice asc nulls last,
                    action_number asc nulls last
            ) as purchase_number
        from purchases
    ),

    final as (
        select
            brand_id,
            source_id,
            {{ hash_key(["source_id", "slice", "action_number"]) }} as purchase_key,
            transaction_id,
            event_at as purchase_at,
            event_date as purchase_date,
            user_pseudo_id,
            user_id_hmac,
            session_key,
            revenue,
            currency_code
        from ranked
        where transaction_id is null or purchase_number = 1
    )

select *
from final
