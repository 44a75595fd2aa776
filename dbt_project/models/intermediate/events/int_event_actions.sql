{{
    config(
        materialized=sliced(),
        meta={"stream": "ga4_events/events", "part_rows": 20000000},
        incremental_strategy="append",
        on_schema_change="fail",
        pre_hook="{{ delete_changed_slices(['ga4_events/events']) }}",
    )
}}

with

    {{ counted_events("lower(event_name) in ('sign_up', 'share', 'purchase')") }},

    final as (
        select
            brand_id,
            source_id,
            slice,
            event_date,
            event_at,
            lower(event_name) as action,
            user_pseudo_id,
            user_id_hmac,
            case
                when user_pseudo_id is not null and ga_session_id is not null
                then {{ hash_key(["source_id", "user_pseudo_id", "ga_session_id"]) }}
            end as session_key,
            nullif(trim(transaction_id), '') as transaction_id,
            purchase_revenue as revenue,
            currency_code,
            {{ event_position(["source_id", "slice"]) }} as action_number
        from counted_events
    )

select *
from final
