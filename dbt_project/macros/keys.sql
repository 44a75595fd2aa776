{#- Surrogate key: md5 over the columns in order; null differs from the empty text. -#}
{% macro hash_key(columns) -%}
    md5(
        {%- for column in columns %}
            coalesce(cast({{ column }} as {{ dbt.type_string() }}), '(null)')
            {%- if not loop.last %} || '|' || {% endif %}
        {%- endfor %}
    )
{%- endmacro %}

{#- How a person appears in marts: a salted hash of the surviving id; null for no id. -#}
{% macro customer_key(salt, customer_id) -%}
    md5({{ salt }} || {{ customer_id }})
{%- endmacro %}

{#- A 64-bit number that equal rows share, null being equal to null. Different rows may share it too, and engines differ: it
narrows a search and is never stored. -#}
{% macro row_hash(columns) -%}
    {{ return(adapter.dispatch("row_hash", "sanjeh")(columns)) }}
{%- endmacro %}

{% macro default__row_hash(columns) -%} hash({{ columns | join(", ") }}) {%- endmacro %}

{% macro spark__row_hash(columns) -%}
    xxhash64({{ columns | join(", ") }})
{%- endmacro %}
