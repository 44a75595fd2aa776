{#- The node of a record in the graph of customers: its id in the namespace of its source, else its address; null for
neither. -#}
{% macro customer_node(namespace, customer_id, email_hmac="null") -%}
    case
        when {{ customer_id }} is not null
        then {{ namespace }} || ':' || {{ customer_id }}
        {%- if email_hmac != "null" %}
            when {{ email_hmac }} is not null then 'email:' || {{ email_hmac }}
        {%- endif %}
    end
{%- endmacro %}

{#- Left join of int_customers (import CTE customers) to a relation with brand_id, by the node of its record. -#}
{% macro join_customers(relation, node) -%}
    left join
        customers
        on {{ relation }}.brand_id = customers.brand_id
        and {{ node }} = customers.node
{%- endmacro %}

{#- Key of the customer that a joined node belongs to; of a node that no record of a customer has, its own. -#}
{% macro surviving_customer_key(salt, node) -%}
    coalesce(customers.customer_key, {{ customer_key(salt, node) }})
{%- endmacro %}

{#- One round of finding connected components (FastSV: Zhang, Azad, Buluç 2020). A label is the smallest node known to be in
the same component; each round a node and the node of its label take the smallest label of their neighbours' labels, and a
label is replaced by the label of its node. Six rounds resolve every chain of 20 nodes and nearly all of 40. -#}
{% macro customer_label_round(previous) %}
    with

        labels as (select * from {{ previous }}),

        links as (select * from {{ ref("int_customer_links") }}),

        jumps as (
            select
                labels.brand_id, labels.node, labels.label, further.label as next_label
            from labels
            inner join
                labels as further
                on labels.brand_id = further.brand_id
                and labels.label = further.node
        ),

        seen as (
            select
                links.brand_id,
                links.node,
                own.label as own_label,
                neighbours.next_label
            from links
            inner join
                labels as own on links.brand_id = own.brand_id and links.node = own.node
            inner join
                jumps as neighbours
                on links.brand_id = neighbours.brand_id
                and links.other_node = neighbours.node
        ),

        candidates as (
            select brand_id, node, next_label as label
            from jumps
            union all
            select brand_id, node, next_label as label
            from seen
            union all
            select brand_id, own_label as node, next_label as label
            from seen
        ),

        final as (
            select brand_id, node, min(label) as label
            from candidates
            group by brand_id, node
        )

    select *
    from final
{% endmacro %}
