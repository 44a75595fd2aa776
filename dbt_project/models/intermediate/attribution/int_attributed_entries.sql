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
    ),

    final as (
        select
            {% for column in entry %} cut.{{ column }}, {% endfor %}
            cut.attribution_rule = brands.attribution_rule as is_configured_rule,
            brands.window_days,
            cut.touch_number,
            cut.touch_count,
            cut.touched_at,
            cut.channel_id,
            cut.source_medium,
            cut.campaign,
            cut.share,
            case
                when cut.entry_type = 'refund'
                then cast(0 as decimal(18, 12))
                else cut.share
            end as credit,
            -- The last touch takes what the others leave.
            {% for amount in ["revenue", "paid_amount", "conversions"] %}
                cast(
                    case
                        when cut.share = 0
                        then 0
                        when cut.touch_number = cut.touch_count
                        then
                            cut.{{ amount }} - (
                                sum(cut.cut_{{ amount }}) over (
                                    partition by
                                        {% for column in entry %}
                                            cut.{{ column }}{{ "," if not loop.last }}
                                        {% endfor %}
                                )
                                - cut.cut_{{ amount }}
                            )
                        else cut.cut_{{ amount }}
                    end as decimal(38, 6)
                ) as {{ amount }},
            {% endfor %}
            cut.currency_code
        from cut
        inner join brands on cut.brand_id = brands.brand_id
    )

select *
from final
