{% set columns = [
    "brand_id",
    "source_id",
    "item_id",
    "subscription_id",
    "subscriber_id",
    "subscriber_email_hmac",
    "is_role_subscriber_email",
    "subscriber_email_flags",
    "plan",
    "effective_at",
    "status_word",
    "status",
    "is_paused",
    "quantity",
    "unit_amount",
    "currency_code",
    "interval_word",
    "billing_interval",
    "interval_count",
    "usage_word",
    "usage_type",
    "pricing_tiers",
    "tiers_mode",
    "tier_unit",
    "discount_percent",
    "discount_amount",
    "duration_word",
    "discount_duration",
    "discount_ends_at",
    "cancel_at_period_end",
    "current_period_end",
    "is_deleted",
] %}

-- States of subscription items of all sources, those of files and those of Stripe.
with

    files as (select * from {{ ref("stg_subscriptions__items") }}),

    stripe as (select * from {{ ref("int_stripe_item_states") }}),

    final as (
        {% for origin in ["files", "stripe"] %}
            select
                {% for column in columns %}
                    {{ column }}{{ "," if not loop.last }}
                {% endfor %}
            from {{ origin }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
