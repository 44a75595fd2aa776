{#- Pre-hook of models that keep `source_id` and `slice`: removes the rows of the slices on the work list, which the
model then selects afresh. On the first build there is nothing to remove. -#}
{% macro delete_changed_slices(streams) %}
    {% if is_incremental() %}
        delete from {{ this }}
        where
            (source_id || '/' || slice) in (
                select source_id || '/' || slice
                from {{ source("control", "changed_slices") }}
                where (connector || '/' || stream) in ('{{ streams | join("', '") }}')
            )
    {% else %} select 1
    {% endif %}
{% endmacro %}
