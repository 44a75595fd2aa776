{#- Models that read rows of slices and keep their source and slice: a slice never needs the rows of another, so that DuckDB
builds them a few slices at a time. What is in memory is then what these hold, however long the history is. Other engines
spread the rows by themselves and build such a model as an incremental one. -#}
{#- How a model over slices is built by this target. -#}
{% macro sliced() -%}
    {{ return(adapter.dispatch("sliced", "sanjeh")()) }}
{%- endmacro %}

{%- macro default__sliced() -%} {{ return("incremental") }} {%- endmacro %}

{%- macro duckdb__sliced() -%} {{ return("sliced") }} {%- endmacro %}

{#- Whether the model holds rows that stay: as dbt's own, and for sliced models too. -#}
{% macro is_incremental() -%}
    {%- if not execute -%} {{ return(false) }} {%- endif -%}
    {%- set held = adapter.get_relation(this.database, this.schema, this.table) -%}
    {{
        return(
            held is not none
            and held.type == "table"
            and model.config.materialized in ["incremental", "sliced"]
            and not should_full_refresh()
        )
    }}
{%- endmacro %}

{#- Condition on `source_id` and `slice` of the rows that a model over slices takes: all, or those of the work list. The
materialization puts those of a few slices between the marks. -#}
{% macro chosen_slices(connector, stream, prefix="") -%}
    {{ slice_marks()[0] }} {{ prefix }} {{ slice_marks()[1] }}
    {% if is_incremental() %} {{ changed_slices_condition(connector, stream, prefix) }}
    {% else %} true
    {% endif %} {{ slice_marks()[2] }}
{%- endmacro %}

{% macro slice_marks() -%}
    {{ return(["/* slices of this part:", "*/", "/* end */"]) }}
{%- endmacro %}

{#- Slices in parts of about `rows` rows, each a list; on a first build all that are listed, else those of the work list. -#}
{% macro slice_parts(stream, rows, is_first) -%}
    {%- set query -%}
        select slices.slice, sum(slices.row_count) as row_count
        from {{ source("control", "slices") }} as slices
        {% if not is_first %}
            inner join
                {{ source("control", "changed_slices") }} as changed
                on slices.connector = changed.connector
                and slices.stream = changed.stream
                and slices.source_id = changed.source_id
                and slices.slice = changed.slice
                and changed.change = 'upserted'
        {% endif %}
        where slices.connector || '/' || slices.stream = '{{ stream }}'
        group by slices.slice
        order by slices.slice asc nulls last
    {%- endset -%}
    {%- set parts = [] -%}
    {%- set held = namespace(slices=[], rows=0) -%}
    {%- for row in run_query(query).rows -%}
        {%- if held.slices and held.rows + (row[1] or 0) > rows -%}
            {%- do parts.append(held.slices) -%}
            {%- set held.slices = [] -%}
            {%- set held.rows = 0 -%}
        {%- endif -%}
        {%- do held.slices.append(row[0]) -%}
        {%- set held.rows = held.rows + (row[1] or 0) -%}
    {%- endfor -%}
    {%- if held.slices -%} {%- do parts.append(held.slices) -%} {%- endif -%}
    {{ return(parts) }}
{%- endmacro %}

{#- The model's query for the slices of one part; none for no row at all. -#}
{% macro sql_of_part(sql, slices) -%}
    {%- set begin, close, end = slice_marks() -%}
    {%- set pieces = sql.split(begin) -%}
    {%- if pieces | length < 2 -%}
        {{
            exceptions.raise_compiler_error(
                this ~ " is built by slices, but its query has no chosen_slices()"
            )
        }}
    {%- endif -%}
    {%- set chosen = [pieces[0]] -%}
    {%- for piece in pieces[1:] -%}
        {%- set prefix, condition = piece.split(close, 1) -%}
        {%- set condition, after = condition.split(end, 1) -%}
        {%- do chosen.append(
            prefix.strip() ~ "slice in ('" ~ slices
            | join("', '") ~ "') and (" ~ condition ~ ")" ~ after
        ) -%}
    {%- endfor -%}
    {{ return(chosen | join("")) }}
{%- endmacro %}
