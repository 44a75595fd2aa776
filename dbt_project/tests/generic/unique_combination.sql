{#- No two rows agree on all of the columns; null counts as a value. Rows that share a hash are looked at: a list of hashes
takes a fraction of the memory that one of keys does. -#}
{% test unique_combination(model, columns) %}
    with
        suspects as (
            select {{ row_hash(columns) }} as key_hash
            from {{ model }}
            group by {{ row_hash(columns) }}
            having count(*) > 1
        )
    select {{ columns | join(", ") }}, count(*) as row_count
    from {{ model }}
    where {{ row_hash(columns) }} in (select key_hash from suspects)
    group by {{ columns | join(", ") }}
    having count(*) > 1
{% endtest %}
