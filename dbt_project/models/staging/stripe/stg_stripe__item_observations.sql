{% set of_subscription = [
    "created",
    "start_date",
    "trial_end",
    "cancel_at_period_end",
    "ended_at",
    "pause_behavior",
    "discount_ids",
    "currency",
] %}

-- What was seen of an item and when: by the list of subscriptions at a landing, and by
-- events at their moment. Versions of a subscription and of its items land apart; the
-- list showed those that overlap.
with

    subscriptions as (select * from {{ source("raw", "stripe__subscriptions") }}),

    items as (
        select *
        from {{ source("raw", "stripe__subscription_items") }}
        where not coalesce(_is_deleted, false)
    ),

    events as (
        select *
        from {{ source("raw", "stripe__events") }}
        where not coalesce(_is_deleted, false)
    ),

    {% for thing in ["subscription", "item"] %}
        {{ thing }}_versions as (
            select
                *,
                coalesce(
                    lead(_load_id) over (
                        partition by _source, {{ thing }}_id
                        order by _load_id asc nulls last, _slice asc nulls last
                    ),
                    9223372036854775807
                ) as next_load_id
            from {{ thing }}s
        ),
    {% endfor %}

    listed as (
        select
            item_versions._brand as brand_id,
            item_versions._source as source_id,
            item_versions.subscription_id,
            item_versions.item_id,
            greatest(
                item_versions._loaded_at, subscription_versions._loaded_at
            ) as observed_at,
            false as is_event,
            false as is_prior,
            0 as type_rank,
            '' as event_id,
            coalesce(subscription_versions._is_deleted, false) as is_gone,
            true as has_all_items,
            subscription_versions.item_ids,
            subscription_versions.status,
            {% for column in stripe_item_columns() %}
                {% if column in of_subscription %}
                    subscription_versions.{{ column }}{{ "," if not loop.last }}
                {% else %} item_versions.{{ column }}{{ "," if not loop.last }}
                {% endif %}
            {% endfor %}
        from item_versions
        inner join
            subscription_versions
            on item_versions._source = subscription_versions._source
            and item_versions.subscription_id = subscription_versions.subscription_id
            and item_versions._load_id < subscription_versions.next_load_id
            and item_versions.next_load_id > subscription_versions._load_id
    ),

    told as (
        select
            _brand as brand_id,
            _source as source_id,
            subscription_id,
            item_id,
            event_created as observed_at,
            true as is_event,
            phase = 'before' as is_prior,
            -- Of one second: it is created, it changes, it ends.
            case
                when type = 'customer.subscription.created'
                then 1
                when type = 'customer.subscription.deleted'
                then 3
                else 2
            end as type_rank,
            event_id,
            false as is_gone,
            has_all_items,
            item_ids,
            status,
            {% for column in stripe_item_columns() %}
                {{ column }}{{ "," if not loop.last }}
            {% endfor %}
        from events
    ),

    final as (
        select *
        from listed
        union all
        select *
        from told
    )

select *
from final
