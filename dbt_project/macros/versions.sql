{#- Common table expressions that reduce change batches to the newest version of each record. In: a relation of raw rows.
Out: `newest`, one row per source and key with the newest row that isn't a tombstone, and is_gone: the newest row of all
is a tombstone, so the record no longer exists at the source. `newest_first` orders rows of one load. -#}
{% macro newest_version(relation, key, newest_first=[]) %}

    versions as (
        select
            *,
            row_number() over (
                partition by
                    _source, {{ key | join(", ") }}, coalesce(_is_deleted, false)
                order by
                    _load_id desc nulls last,
                    {% for column in newest_first %}
                        {{ column }} desc nulls last,
                    {% endfor %}
                    _slice desc nulls last
            ) as version_rank,
            max(case when _is_deleted then _load_id end) over (
                partition by _source, {{ key | join(", ") }}
            ) as gone_load_id
        from {{ relation }}
    ),

    newest as (
        select *, coalesce(gone_load_id >= _load_id, false) as is_gone
        from versions
        where version_rank = 1 and not coalesce(_is_deleted, false)
    )

{% endmacro %}
