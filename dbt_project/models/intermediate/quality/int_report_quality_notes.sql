{# What a note says, and which days it counts. #}
{% set marks = {
    "sampled": "is_sampled",
    "thresholded": "is_thresholded",
    "with (other) row": "has_other_row",
    "truncated": "truncation is not null",
    "incomplete": "is_incomplete",
} %}

with

    report_days as (select * from {{ ref("stg_quality__report_days") }}),

    counted as (
        select
            source_id,
            connector,
            stream,
            {% for mark in marks.values() %}
                count(case when {{ mark }} then 1 end) as count_{{ loop.index }}
                {{- "," if not loop.last }}
            {% endfor %}
        from report_days
        group by source_id, connector, stream
    ),

    final as (
        select
            source_id,
            connector,
            stream,
            nullif(
                concat_ws(
                    ', '
                    {% for word in marks %}
                        ,
                        case
                            when count_{{ loop.index }} = 1
                            then '{{ word }} 1 day'
                            when count_{{ loop.index }} > 1
                            then
                                '{{ word }} ' || cast(
                                    count_{{ loop.index }} as {{ dbt.type_string() }}
                                )
                                || ' days'
                        end
                    {% endfor %}
                ),
                ''
            ) as quality_note
        from counted
    )

select *
from final
