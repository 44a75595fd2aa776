{{ config(materialized="table") }}

-- One row per item and moment at which it was seen, or seen to be gone. What an event
-- says was before it counts where nothing earlier was seen of the subscription.
with

    observations as (select * from {{ ref("stg_stripe__item_observations") }}),

    firsts as (
        select source_id, subscription_id, min(observed_at) as first_at
        from observations
        where not is_prior
        group by source_id, subscription_id
    ),

    first_events as (
        select
            observations.source_id, observations.subscription_id, observations.event_id
        from observations
        inner join
            firsts
            on observations.source_id = firsts.source_id
            and observations.subscription_id = firsts.subscription_id
            and observations.observed_at = firsts.first_at
        where observations.is_event
        qualify
            row_number() over (
                partition by observations.source_id, observations.subscription_id
                order by
                    observations.type_rank asc nulls last,
                    observations.event_id asc nulls last
            )
            = 1
    ),

    seen as (
        select observations.*
        from observations
        left join
            first_events
            on observations.source_id = first_events.source_id
            and observations.event_id = first_events.event_id
        where not observations.is_prior or first_events.event_id is not null
    ),

    known as (
        select *
        from seen
        qualify
            row_number() over (
                partition by source_id, item_id
                order by
                    observed_at asc nulls last,
                    is_prior desc nulls last,
                    is_event desc nulls last,
                    type_rank asc nulls last,
                    event_id asc nulls last
            )
            = 1
    ),

    tellings as (
        select distinct
            source_id, subscription_id, observed_at, type_rank, event_id, item_ids
        from seen
        where is_event and not is_prior and has_all_items and item_ids is not null
    ),

    -- An item that isn't any more among those of its subscription is gone.
    told as (
        select
            brand_id,
            source_id,
            subscription_id,
            item_id,
            observed_at,
            is_event,
            is_prior,
            type_rank,
            event_id,
            is_gone
            or (
                not is_event
                and not coalesce({{ is_in_list("item_id", "item_ids") }}, true)
            ) as is_deleted,
            status,
            {% for column in stripe_item_columns() %}
                {{ column }}{{ "," if not loop.last }}
            {% endfor %}
        from seen
        union all
        select
            known.brand_id,
            known.source_id,
            known.subscription_id,
            known.item_id,
            tellings.observed_at,
            true as is_event,
            false as is_prior,
            tellings.type_rank,
            tellings.event_id,
            true as is_deleted,
            known.status,
            {% for column in stripe_item_columns() %}
                known.{{ column }}{{ "," if not loop.last }}
            {% endfor %}
        from known
        inner join
            tellings
            on known.source_id = tellings.source_id
            and known.subscription_id = tellings.subscription_id
            and (
                known.observed_at < tellings.observed_at
                or (known.is_prior and known.observed_at = tellings.observed_at)
            )
        where not ({{ is_in_list("known.item_id", "tellings.item_ids") }})
    ),

    -- The list was read after its moment, so of one moment it is the newest word.
    newest as (
        select *
        from told
        qualify
            row_number() over (
                partition by source_id, item_id, observed_at, is_prior
                order by
                    is_event asc nulls last,
                    type_rank desc nulls last,
                    event_id desc nulls last,
                    is_deleted desc nulls last
            )
            = 1
    ),

    final as (
        select
            *,
            row_number() over (
                partition by source_id, item_id
                order by observed_at asc nulls last, is_prior desc nulls last
            )
            = 1 as is_first,
            lag(observed_at) over (
                partition by source_id, item_id
                order by observed_at asc nulls last, is_prior desc nulls last
            ) as previous_at,
            lag(status) over (
                partition by source_id, item_id
                order by observed_at asc nulls last, is_prior desc nulls last
            ) as previous_status,
            -- An item that came with its subscription began with it; a backdated one
            -- before it was created.
            case
                when {{ microseconds_between("created", "item_created") }} > 3600000000
                then item_created
                else coalesce(start_date, created)
            end as begins_at
        from newest
    )

select *
from final
