{#- Materialization of models over slices, see slices.sql. Meta of the model: `stream` as connector/stream, `part_rows` how many rows of it are worked on at a time. -#}
{% materialization sliced, adapter = "duckdb" %}
    {%- set target_relation = this.incorporate(type="table") -%}
    {%- set held = load_cached_relation(this) -%}
    {%- set is_first = not is_incremental() -%}
    {%- set parts = slice_parts(
        config.get("meta")["stream"],
        config.get("meta")["part_rows"],
        is_first,
    ) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {% if is_first and held is not none %}
        {% do adapter.drop_relation(held) %}
    {% endif %}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement("main") -%}
        {% if is_first %}
            {{
                create_table_as(
                    False,
                    target_relation,
                    sql_of_part(sql, parts[0] if parts else []),
                )
            }}
        {% elif parts %}
            insert into {{ target_relation }} by name {{ sql_of_part(sql, parts[0]) }}
        {% else %} select 1
        {% endif %}
    {%- endcall %}
    {% for slices in parts[1:] %}
        {% do run_query(
            "insert into "
            ~ target_relation
            ~ " by name "
            ~ sql_of_part(sql, slices)
        ) %}
    {% endfor %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}
