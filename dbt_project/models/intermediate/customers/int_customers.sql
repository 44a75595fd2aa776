{{ config(materialized="table") }}

with

    records as (select * from {{ ref("int_customer_records") }}),

    labels as (select * from {{ ref("int_customer_labels_6") }}),

    links as (select * from {{ ref("int_customer_links") }}),

    brands as (select * from {{ source("control", "brands") }}),

    nodes as (
        select brand_id, node
        from records
        union
        select brand_id, linked_node as node
        from records
        where linked_node is not null
    ),

    -- Components are found once no link has two labels.
    unresolved as (
        select distinct links.brand_id, own.label
        from links
        inner join
            labels as own on links.brand_id = own.brand_id and links.node = own.node
        inner join
            labels as other
            on links.brand_id = other.brand_id
            and links.other_node = other.node
        where own.label <> other.label
    ),

    -- The first two characters of a label sort it.
    labelled as (
        select
            brand_id, substr(node, 3) as node, label, substr(label, 3) as surviving_node
        from labels
    ),

    final as (
        select
            nodes.brand_id,
            nodes.node,
            coalesce(labelled.surviving_node, nodes.node) as surviving_node,
            {{ customer_key("brands.customer_salt", "nodes.node") }} as record_key,
            {{
                customer_key(
                    "brands.customer_salt",
                    "coalesce(labelled.surviving_node, nodes.node)",
                )
            }} as customer_key,
            unresolved.label is null as is_resolved
        from nodes
        inner join brands on nodes.brand_id = brands.brand_id
        left join
            labelled
            on nodes.brand_id = labelled.brand_id
            and nodes.node = labelled.node
        left join
            unresolved
            on labelled.brand_id = unresolved.brand_id
            and labelled.label = unresolved.label
    )

select *
from final
