{{ config(materialized="table") }}

with

    records as (
        select * from {{ ref("int_customer_records") }} where linked_node is not null
    ),

    -- Addresses sort before ids, so that the smallest node of a component is its
    -- smallest
    -- address if it has one.
    sorted as (
        select
            brand_id,
            case when node like 'email:%' then '0|' else '1|' end || node as node,
            case when linked_node like 'email:%' then '0|' else '1|' end
            || linked_node as other_node
        from records
    ),

    final as (
        select brand_id, node, other_node
        from sorted
        union
        select brand_id, other_node as node, node as other_node
        from sorted
    )

select *
from final
