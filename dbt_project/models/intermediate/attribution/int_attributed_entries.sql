{{ config(materialized="table") }}
{% set entry = [
    "brand_id",
    "conversion_type",
    "source_id",
    "conversion_id",
    "entry_type",
    "entry_date",
    "attribution_rule",
] %}
{% set touch = [
    "touch_number",
    "touch_count",
    "touched_at",
    "channel_id",
    "source_medium",
    "campaign",
    "share",
] %}

with

    entries as (select * from {{ ref("int_conversion_entries") }}),

    credits as (select * from {{ ref("int_attribution_credits") }}),

    brands as (select * from {{ ref("int_attribution_brands") }}),

    rules as ({{ attribution_rule_rows() }}),

    -- A return under a number of its own can't be traced to its order.
    credited as (
        select
            entries.brand_id,
            entries.conversion_type,
            entries.source_id,
            entries.conversion_id,
            entries.entry_type,
            entries.entry_date,
            rules.attribution_rule,
            coalesce(credits.touch_number, 0) as touch_number,
            coalesce(credits.touch_count, 0) as touch_count,
            credits.touched_at,
            coalesce(credits.channel_id, 'unassigned') as channel_id,
            coalesce(credits.source_medium, '(not set)') as source_medium,
            coalesce(credits.campaign, '(not set)') as campaign,
            coalesce(credits.credit, cast(1 as decimal(18, 12))) as share,
            entries.revenue,
            entries.paid_amount,
            cast(
                case when entries.entry_type = 'refund' then 0 else 1 end as decimal(
                    38, 6
                )
            ) as conversions,
            entries.currency_code
        from entries
        cross join rules
        left join
            credits
            on entries.brand_id = credits.brand_id
            and entries.conversion_type = credits.conversion_type
            and entries.source_id = credits.source_id
            and entries.conversion_id = credits.conversion_id
            and rules.attribution_rule = credits.attribution_rule
    ),

    cut as (
        select
            *,
            {% for amount in ["revenue", "paid_amount", "conversions"] %}
                case
                    when share = 0
                    then 0
                    else
                        {{
                            cut_to_6(
                                "(cast("
                                ~ amount
                                ~ " as decimal(20, 6)) * cast(share as decimal(13, 12)))"
                            )
                        }}
                end as cut_{{ amount }}{{ "," if not loop.last }}
            {% endfor %}
        from credited
        where touch_count > 1
    ),

    -- The last touch takes what the others leave; a single one takes all, and most
    -- conversions have no more.
    shared as (
        select
            {% for column in entry + touch %} {{ column }}, {% endfor %}
            {% for amount in ["revenue", "paid_amount", "conversions"] %}
                case
                    when share = 0
                    then 0
                    when touch_number = touch_count
                    then
                        {{ amount }} - (
                            sum(cut_{{ amount }}) over (
                                partition by
                                    {% for column in entry %}
                                        {{ column }}{{ "," if not loop.last }}
                                    {% endfor %}
                            )
                            - cut_{{ amount }}
                        )
                    else cut_{{ amount }}
                end as {{ amount }},
            {% endfor %}
            currency_code
        from cut
        union all
        select
            {% for column in entry + touch %} {{ column }}, {% endfor %}
            revenue,
            paid_amount,
            conversions,
            currency_code
        from credited
        where touch_count <= 1
    ),

    final as (
        select
            {% for column in entry %} shared.{{ column }}, {% endfor %}
            shared.attribution_rule = brands.attribution_rule as is_configured_rule,
            brands.window_days,
            {% for column in touch %} shared.{{ column }}, {% endfor %}
            case
                when shared.entry_type = 'refund'
                then cast(0 as decimal(18, 12))
                else shared.share
            end as credit,
            {% for amount in ["revenue", "paid_amount", "conversions"] %}
                cast(shared.{{ amount }} as decimal(38, 6)) as {{ amount }},
            {% endfor %}
            shared.currency_code
        from shared
        inner join brands on shared.brand_id = brands.brand_id
    )

select *
from final
