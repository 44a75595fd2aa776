{#- Subquery with one row per tier of the JSON list in a relation's column pricing_tiers: the named columns, tier_number
from 1, and up_to, unit_amount and flat_amount as text. A text that is no JSON list gives no rows. -#}
{% macro tier_rows(relation, columns) -%}
    {{ return(adapter.dispatch("tier_rows", "sanjeh")(relation, columns)) }}
{%- endmacro %}

{% macro default__tier_rows(relation, columns) -%}
    (
        select
            {{ columns | join(", ") }},
            tier_number,
            tiers[tier_number].up_to as up_to,
            tiers[tier_number].unit_amount as unit_amount,
            tiers[tier_number].flat_amount as flat_amount
        from
            (
                select *, unnest(range(1, len(tiers) + 1)) as tier_number
                from
                    (
                        select
                            {{ columns | join(", ") }},
                            case
                                when json_valid(pricing_tiers)
                                then
                                    json_transform(
                                        pricing_tiers,
                                        '[{"up_to":"VARCHAR","unit_amount":"VARCHAR","flat_amount":"VARCHAR"}]'
                                    )
                            end as tiers
                        from {{ relation }}
                        where pricing_tiers is not null
                    )
            )
    )
{%- endmacro %}

{% macro spark__tier_rows(relation, columns) -%}
    (
        select
            {{ columns | join(", ") }},
            position + 1 as tier_number,
            tier.up_to as up_to,
            tier.unit_amount as unit_amount,
            tier.flat_amount as flat_amount
        from {{ relation }}
        lateral view
            posexplode(
                from_json(
                    pricing_tiers,
                    'array<struct<up_to:string,unit_amount:string,flat_amount:string>>'
                )
            ) tiers as position,
            tier
    )
{%- endmacro %}
