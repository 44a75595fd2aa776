{{ config(materialized="table") }}

-- Each round doubles how far a contact looks along the chain of merges: three rounds
-- after the first step reach eight
-- merges. Longer chains and circles are found by the test on `is_resolved`.
with

    contacts as (select * from {{ ref("int_contacts_unioned") }}),

    hop_0 as (
        select source_id, contact_id, coalesce(merged_into, contact_id) as surviving_id
        from contacts
    ),

    {% for round in [1, 2, 3] %}
        hop_{{ round }} as (
            select
                steps.source_id,
                steps.contact_id,
                coalesce(next_steps.surviving_id, steps.surviving_id) as surviving_id
            from hop_{{ round - 1 }} as steps
            left join
                hop_{{ round - 1 }} as next_steps
                on steps.source_id = next_steps.source_id
                and steps.surviving_id = next_steps.contact_id
        ),
    {% endfor %}

    final as (
        select
            hops.source_id,
            hops.contact_id,
            hops.surviving_id,
            survivors.merged_into is null
            or survivors.merged_into = survivors.contact_id as is_resolved
        from hop_3 as hops
        left join
            contacts as survivors
            on hops.source_id = survivors.source_id
            and hops.surviving_id = survivors.contact_id
    )

select *
from final
