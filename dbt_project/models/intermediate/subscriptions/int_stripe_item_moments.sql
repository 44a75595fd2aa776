{{ config(materialized="table") }}

-- One row per item and moment from which it was something. What was seen first was so
-- as far back as Stripe keeps events, since nothing changed meanwhile. Before that
-- Stripe's dates tell: on trial until the trial's end, then as it was seen, but for
-- what
-- must have come later (unpaid, paused, ended).
with

    sightings as (select * from {{ ref("int_stripe_item_sightings") }}),

    memories as (
        select
            _source as source_id,
            {{ days_earlier("min(_loaded_at)", 30) }} as remembered_from
        from {{ source("raw", "stripe__events") }}
        group by _source
    ),

    judged as (
        select
            sightings.*,
            sightings.status in ('canceled', 'incomplete_expired') as is_ended,
            case
                when sightings.status in ('canceled', 'unpaid')
                then 'active'
                else sightings.status
            end as past_status,
            case
                when sightings.is_event and not sightings.is_prior
                then sightings.observed_at
                else
                    greatest(
                        sightings.begins_at,
                        least(
                            sightings.observed_at,
                            coalesce(memories.remembered_from, sightings.observed_at)
                        )
                    )
            end as known_from,
            case
                when memories.source_id is not null
                then {{ days_earlier("sightings.observed_at", 30) }}
            end as remembered_since
        from sightings
        left join memories on sightings.source_id = memories.source_id
    ),

    pasts as (
        select
            *,
            status <> 'trialing' and trial_end > begins_at as had_trial,
            case
                when is_ended and ended_at < known_from then ended_at else known_from
            end as past_ends_at
        from judged
        where is_first and (begins_at < known_from or is_ended)
    ),

    parts as (
        select
            source_id,
            item_id,
            observed_at,
            is_prior,
            begins_at as effective_at,
            case when had_trial then 'trialing' else past_status end as status_then,
            true as is_past
        from pasts
        where begins_at < observed_at
        union all
        select
            source_id,
            item_id,
            observed_at,
            is_prior,
            trial_end as effective_at,
            past_status as status_then,
            true as is_past
        from pasts
        where had_trial and trial_end < past_ends_at
        union all
        select
            source_id,
            item_id,
            observed_at,
            is_prior,
            case
                when is_event and not is_prior
                then observed_at
                when
                    is_ended
                    and ended_at < observed_at
                    and ended_at > coalesce(previous_at, begins_at)
                then ended_at
                when is_first and not is_ended
                then known_from
                when
                    previous_status = 'trialing'
                    and status <> 'trialing'
                    and trial_end < observed_at
                    and trial_end > previous_at
                then trial_end
                -- Events would have told of a change that is younger than they live.
                when remembered_since > previous_at
                then remembered_since
                else observed_at
            end as effective_at,
            status as status_then,
            false as is_past
        from judged
    ),

    newest as (
        select *
        from parts
        qualify
            row_number() over (
                partition by source_id, item_id, effective_at
                order by
                    is_past asc nulls last,
                    observed_at desc nulls last,
                    is_prior asc nulls last
            )
            = 1
    ),

    final as (
        select
            judged.brand_id,
            judged.source_id,
            judged.subscription_id,
            judged.item_id,
            newest.effective_at,
            lead(newest.effective_at) over (
                partition by newest.source_id, newest.item_id
                order by newest.effective_at asc nulls last
            ) as next_effective_at,
            newest.status_then as status,
            not newest.is_past and judged.pause_behavior is not null as is_paused,
            judged.is_deleted and not newest.is_past as is_deleted,
            {% for column in stripe_item_columns() if column != "pause_behavior" %}
                judged.{{ column }}{{ "," if not loop.last }}
            {% endfor %}
        from newest
        inner join
            judged
            on newest.source_id = judged.source_id
            and newest.item_id = judged.item_id
            and newest.observed_at = judged.observed_at
            and newest.is_prior = judged.is_prior
    )

select *
from final
