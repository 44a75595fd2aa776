{#- Materializations `view` and `table` that replace a relation under its own name, in one transaction. dbt's own make the
new one beside the old one, rename both and drop the old one, for databases that can't undo a drop: three more statements
per model, each with a context of all macros of its own. DuckDB can, and nobody reads the build file meanwhile. -#}
{% macro replaced(type) %}
    {%- set target_relation = this.incorporate(type=type) -%}
    {%- set held = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% call statement("main") -%}
        {% if held is not none %} drop {{ held.type }} if exists {{ held }}
            ;
        {% endif %}
        {% if type == "view" %} {{ create_view_as(target_relation, sql) }}
        {% else %} {{ create_table_as(False, target_relation, sql) }}
        {% endif %}
    {%- endcall %}
    {% if held is not none %} {% do adapter.cache_dropped(held) %} {% endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target_relation]}) }}
{% endmacro %}

{% materialization view, adapter = "duckdb" %}
    {{ return(replaced("view")) }}
{% endmaterialization %}

{% materialization table, adapter = "duckdb" %}
    {{ return(replaced("table")) }}
{% endmaterialization %}
