with

    parts as (select * from {{ ref("int_kpi_parts") }}),

    kpis as (
        {{
            kpis_of_every_grain(
                [
                    "brand_id",
                    "kpi_id",
                    "period_start",
                    "period_end",
                    "segment_type",
                    "segment",
                    "numerator",
                    "denominator",
                    "value",
                    "days_loaded",
                    "days_expected",
                    "status",
                    "loaded_through",
                ]
            )
        }}
    ),

    -- People are counted once in the whole and once in each part that saw them, so that
    -- parts of them don't add up. Credits of new customers do.
    additivities as (
        select
            brand_id,
            kpi_id,
            bool_and(overall_rule = 'sum') as adds_up,
            bool_and(
                overall_rule = 'sum'
                or measure in ('{{ attributed_measures() | join("', '") }}')
            ) as channels_add_up
        from parts
        group by brand_id, kpi_id
    ),

    final as (
        select
            kpis.*,
            kpis.segment_type <> 'overall'
            and (
                additivities.adds_up
                or (
                    additivities.channels_add_up
                    and kpis.segment_type in ('channel', 'campaign')
                )
            ) as is_part
        from kpis
        inner join
            additivities
            on kpis.brand_id = additivities.brand_id
            and kpis.kpi_id = additivities.kpi_id
    )

select *
from final
