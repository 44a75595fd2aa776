{#- Seeds on Spark: the adapter's own way binds values without escaping quotes and writes an empty cell as the text None. -#}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set types = model["config"].get("column_types", {}) -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for name in agate_table.column_names -%}
                {{ name }} {{ spark_type(types.get(name, adapter.convert_type(agate_table, loop.index0))) }}
                {{- ", " if not loop.last }}
            {%- endfor -%}
        ) using parquet
    {%- endset -%}
    {%- call statement("_") -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model["config"].get("column_types", {}) -%}
    {%- set sql -%}
        insert into {{ this.render() }} values
        {% for row in agate_table.rows -%}
            (
                {%- for name in agate_table.column_names -%}
                    {%- set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
                    cast({{ spark_text(row[name]) }} as {{ spark_type(type) }})
                    {{- ", " if not loop.last }}
                {%- endfor -%}
            )
            {{- ", " if not loop.last }}
        {% endfor %}
    {%- endset -%}
    {%- if agate_table.rows | length -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endif -%}
    {{ return(sql) }}
{%- endmacro %}

{#- A value as a literal of Spark, in double quotes and with the escapes of JSON, which are Spark's; null for none. -#}
{% macro spark_text(value) -%}
    {{ return("null" if value is none else tojson(value | string)) }}
{%- endmacro %}
