{{ config(materialized="table") }}

-- Each pair of moments is compared once, however many periods and grains lie between
-- the same two snapshots. Of a history of items only the subscribers whose balance
-- changed in between are compared; int_subscription_starts holds what all of them pay.
with

    periods as (
        select *
        from {{ ref("int_subscription_periods") }}
        where end_snapshot_at is not null and start_snapshot_at is not null
    ),

    balances as (select * from {{ ref("int_subscriber_balances") }}),

    snapshots as (select * from {{ ref("int_subscription_snapshots") }}),

    spans as (select * from {{ ref("int_subscriber_spans") }}),

    brands as (select * from {{ source("control", "brands") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    pairs as (
        select distinct
            periods.source_id,
            periods.start_snapshot_at,
            periods.end_snapshot_at,
            starts.snapshot_date as start_date,
            ends.snapshot_date as end_date,
            ends.is_item_state
        from periods
        inner join
            snapshots as starts
            on periods.source_id = starts.source_id
            and periods.start_snapshot_at = starts.snapshot_at
        inner join
            snapshots as ends
            on periods.source_id = ends.source_id
            and periods.end_snapshot_at = ends.snapshot_at
    ),

    span_ends as (
        select source_id, subscriber_id, valid_from as change_date
        from spans
        union
        select source_id, subscriber_id, valid_to as change_date
        from spans
    ),

    changed as (
        select distinct pairs.*, span_ends.subscriber_id
        from pairs
        inner join
            span_ends
            on pairs.source_id = span_ends.source_id
            and pairs.start_date < span_ends.change_date
            and pairs.end_date >= span_ends.change_date
        where pairs.is_item_state
    ),

    sides as (
        {% for side in ["start", "end"] %}
            select
                balances.brand_id,
                balances.source_id,
                pairs.start_snapshot_at,
                pairs.end_snapshot_at,
                pairs.end_date,
                balances.snapshot_date as balance_date,
                balances.subscriber_id,
                balances.currency_code,
                balances.reporting_currency_code,
                balances.first_paid_at,
                balances.mrr,
                {{ "true" if side == "start" else "false" }} as is_start
            from pairs
            inner join
                balances
                on pairs.source_id = balances.source_id
                and pairs.{{ side }}_snapshot_at = balances.snapshot_at
            where not pairs.is_item_state
            union all
            select
                spans.brand_id,
                spans.source_id,
                changed.start_snapshot_at,
                changed.end_snapshot_at,
                changed.end_date,
                changed.{{ side }}_date as balance_date,
                spans.subscriber_id,
                spans.currency_code,
                spans.reporting_currency_code,
                {{ end_of_day("spans.first_paid_date", "brands.timezone") }}
                as first_paid_at,
                spans.mrr,
                {{ "true" if side == "start" else "false" }} as is_start
            from changed
            inner join
                spans
                on changed.source_id = spans.source_id
                and changed.subscriber_id = spans.subscriber_id
                and spans.valid_from <= changed.{{ side }}_date
                and spans.valid_to > changed.{{ side }}_date
            inner join brands on spans.brand_id = brands.brand_id
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    converted as (
        select
            sides.*,
            {{
                reporting_amount(
                    "sides.mrr",
                    "sides.currency_code",
                    "sides.reporting_currency_code",
                    "own_rates.rate",
                )
            }} as mrr_own_rate,
            {{
                reporting_amount(
                    "sides.mrr",
                    "sides.currency_code",
                    "sides.reporting_currency_code",
                    "end_rates.rate",
                )
            }} as mrr_end_rate
        from sides
        left join
            rates as own_rates
            on sides.balance_date = own_rates.rate_date
            and sides.currency_code = own_rates.from_currency
            and sides.reporting_currency_code = own_rates.to_currency
        left join
            rates as end_rates
            on sides.end_date = end_rates.rate_date
            and sides.currency_code = end_rates.from_currency
            and sides.reporting_currency_code = end_rates.to_currency
    ),

    final as (
        select
            brand_id,
            source_id,
            start_snapshot_at,
            end_snapshot_at,
            subscriber_id,
            reporting_currency_code,
            first_paid_at,
            -- One amount that cannot be converted makes the pair's money unknown.
            {{ complete_sum("case when is_start then mrr_own_rate else 0 end", "1") }}
            as mrr_start,
            {{ complete_sum("case when is_start then mrr_end_rate else 0 end", "1") }}
            as mrr_start_at_end_rate,
            {{ complete_sum("case when is_start then 0 else mrr_end_rate end", "1") }}
            as mrr_end,
            max(case when is_start then 1 else 0 end) = 1 as pays_at_start,
            max(case when is_start then 0 else 1 end) = 1 as pays_at_end
        from converted
        group by
            brand_id,
            source_id,
            start_snapshot_at,
            end_snapshot_at,
            subscriber_id,
            reporting_currency_code,
            first_paid_at
    )

select *
from final
