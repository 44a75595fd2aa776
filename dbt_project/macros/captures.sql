{#- The newest value that is known: rows without one are passed over, which max_by alone does on DuckDB and doesn't on
Spark. An aggregate, or a window function with `over (...)` behind it. -#}
{% macro newest_known(value, moment) -%}
    max_by({{ value }}, case when {{ value }} is not null then {{ moment }} end)
{%- endmacro %}

{#- Common table expression of posts with lifetime counters, of which a row lands whenever a counter changed. In: a
relation of raw rows. Out: `captures`, one row per source, post and moment of landing (counters_at) of the posts that
still exist. A post that was deleted and came back has the captures since. -#}
{% macro living_captures(relation, post_key) %}

    deletions as (
        select _source, {{ post_key }}, max(_load_id) as gone_load_id
        from {{ relation }}
        where coalesce(_is_deleted, false)
        group by _source, {{ post_key }}
    ),

    captures as (
        select {{ relation }}.*, {{ relation }}._loaded_at as counters_at
        from {{ relation }}
        left join
            deletions
            on {{ relation }}._source = deletions._source
            and {{ relation }}.{{ post_key }} = deletions.{{ post_key }}
        where
            not coalesce({{ relation }}._is_deleted, false)
            and (
                deletions.gone_load_id is null
                or {{ relation }}._load_id > deletions.gone_load_id
            )
        qualify
            row_number() over (
                partition by
                    {{ relation }}._source,
                    {{ relation }}.{{ post_key }},
                    {{ relation }}._loaded_at
                order by {{ relation }}._load_id desc nulls last
            )
            = 1
    )

{% endmacro %}
