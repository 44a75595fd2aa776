with

    items as (select * from {{ source("raw", "subscriptions__items") }}),

    words as (
        select field, {{ fold_text("word") }} as word, meaning
        from {{ ref("subscription_words") }}
    ),

    -- A later landing corrects what an earlier one said of the same moment.
    ranked as (
        select
            *,
            row_number() over (
                partition by _source, item_id, effective_at
                order by
                    _load_id desc nulls last,
                    _slice desc nulls last,
                    _line desc nulls last
            ) as version_rank
        from items
    ),

    final as (
        select
            ranked._brand as brand_id,
            ranked._source as source_id,
            ranked.item_id,
            coalesce(
                ranked.subscription_id, 'item:' || ranked.item_id
            ) as subscription_id,
            ranked.subscriber_id,
            ranked.subscriber_email_hmac,
            ranked.is_role_subscriber_email,
            ranked.subscriber_email_flags,
            ranked.plan,
            ranked.effective_at,
            ranked.status as status_word,
            statuses.meaning as status,
            coalesce(ranked.is_paused, false) as is_paused,
            coalesce(ranked.quantity, 1) as quantity,
            ranked.unit_amount,
            ranked.currency_code,
            ranked.interval as interval_word,
            case
                when ranked.interval is null then 'month' else intervals.meaning
            end as billing_interval,
            coalesce(ranked.interval_count, 1) as interval_count,
            ranked.usage_type as usage_word,
            case
                when ranked.usage_type is null then 'licensed' else usages.meaning
            end as usage_type,
            ranked.pricing_tiers,
            tiers_modes.meaning as tiers_mode,
            coalesce(ranked.tier_unit, 1) as tier_unit,
            ranked.discount_percent,
            ranked.discount_amount,
            ranked.discount_duration as duration_word,
            case
                when ranked.discount_duration is null
                then 'repeating'
                else durations.meaning
            end as discount_duration,
            ranked.discount_ends_at,
            coalesce(ranked.cancel_at_period_end, false) as cancel_at_period_end,
            ranked.current_period_end,
            coalesce(ranked._is_deleted, false)
            or coalesce(ranked.is_deleted, false) as is_deleted
        from ranked
        left join
            words as statuses
            on statuses.field = 'status'
            and statuses.word = {{ fold_text("ranked.status") }}
        left join
            words as intervals
            on intervals.field = 'interval'
            and intervals.word = {{ fold_text("ranked.interval") }}
        left join
            words as usages
            on usages.field = 'usage_type'
            and usages.word = {{ fold_text("ranked.usage_type") }}
        left join
            words as tiers_modes
            on tiers_modes.field = 'tiers_mode'
            and tiers_modes.word = {{ fold_text("ranked.tiers_mode") }}
        left join
            words as durations
            on durations.field = 'discount_duration'
            and durations.word = {{ fold_text("ranked.discount_duration") }}
        where ranked.version_rank = 1
    )

select *
from final
