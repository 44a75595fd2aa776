{{ config(materialized="table") }}

with

    links as (select * from {{ ref("int_customer_links") }}),

    final as (
        select brand_id, node, least(node, min(other_node)) as label
        from links
        group by brand_id, node
    )

select *
from final
