{#- On Spark every model is a table, made anew in each run: nothing remembers the rows of a subquery there, so that a view is
computed again by each of its readers, and a table of Parquet files has no rows to delete. -#}
{% materialization view, adapter = "spark" -%}
    {{ return(materialization_table_spark()) }}
{%- endmaterialization %}

{% materialization incremental, adapter = "spark" -%}
    {{ return(materialization_table_spark()) }}
{%- endmaterialization %}

{#- A table of Parquet files. Under a contract the columns are those declared, in that order and of those types: a column that
is missing or more is refused, and one that is narrower (an int for a bigint) is widened. -#}
{% macro spark__create_table_as(temporary, relation, compiled_code, language="sql") -%}
    create table {{ relation }}
    using parquet
    as
    {% if config.get("contract").enforced %}
        {{ assert_contract_names(compiled_code) }}
        select
        {% for name, column in model["columns"].items() %}
                cast({{ name }} as {{ spark_type(column["data_type"]) }}) as {{ name }}
            {{- "," if not loop.last }}
        {% endfor %}
        from ({{ compiled_code }})
    {% else %} {{ compiled_code }}
    {% endif %}
{%- endmacro %}

{#- Refuses a query whose columns have other names than the contract's. -#}
{% macro assert_contract_names(sql) -%}
    {%- set given = get_column_schema_from_query(sql) | map(attribute="name") | list -%}
    {%- if given | sort != model["columns"].keys() | list | sort -%}
        {%- do exceptions.raise_compiler_error(
            "The contract of "
            ~ model["name"]
            ~ " has the columns "
            ~ (model["columns"].keys() | sort | join(", "))
            ~ "; its SQL gives "
            ~ (given | sort | join(", "))
        ) -%}
    {%- endif -%}
{%- endmacro %}
