{#- Pre-hook of models that keep `source_id` and `slice`: removes the rows of the slices on the work list, which the
model then selects afresh. On the first build there is nothing to remove. With `of_customers`, of models that also keep
`record_key` and `customer_key`: the slices with a row whose customer is another one now too, because a late record joined
two customers or a merge was undone. -#}
{% macro delete_changed_slices(streams, of_customers=false) %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            (source_id || '/' || slice) in (
                select source_id || '/' || slice
                from {{ source("control", "changed_slices") }}
                where (connector || '/' || stream) in ('{{ streams | join("', '") }}')
            )
            {% if of_customers %}
                or (source_id || '/' || slice) in (
                    select kept.source_id || '/' || kept.slice
                    from {{ this }} as kept
                    left join
                        {{ ref("int_customers") }} as customers
                        on kept.brand_id = customers.brand_id
                        and kept.record_key = customers.record_key
                    where
                        kept.customer_key
                        <> coalesce(customers.customer_key, kept.record_key)
                )
            {% endif %}
    {% else %} select 1
    {% endif %}
{% endmacro %}


{#- Condition on a column `slice` (and `source_id`): the row belongs to a slice on the work list that was landed anew. The
slices are written out, so that the engine skips the files of all others. -#}
{% macro changed_slices_condition(connector, stream, prefix="") -%}
    {%- set query -%}
        select distinct slice
        from {{ source("control", "changed_slices") }}
        where
            connector = '{{ connector }}'
            and stream = '{{ stream }}'
            and change = 'upserted'
        order by slice asc nulls last
    {%- endset -%}
    {%- set slices = run_query(query).columns[0].values() | list if execute else [] -%}
    {{ prefix }}slice in ('{{ slices | join("', '") }}')
    and ({{ prefix }}source_id || '/' || {{ prefix }}slice) in (
        select source_id || '/' || slice
        from {{ source("control", "changed_slices") }}
        where
            connector = '{{ connector }}'
            and stream = '{{ stream }}'
            and change = 'upserted'
    )
{%- endmacro %}
