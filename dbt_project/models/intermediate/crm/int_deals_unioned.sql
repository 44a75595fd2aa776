{{ config(materialized="table") }}

with

    crm as (select * from {{ ref("stg_crm__deals") }}),

    hubspot as (select * from {{ ref("int_deals_from_hubspot") }}),

    final as (
        {% for relation in ["crm", "hubspot"] %}
            select
                brand_id,
                source_id,
                deal_id,
                contact_id,
                pipeline,
                stage,
                currency_code,
                amount,
                created_at,
                closed_at,
                updated_at,
                is_won,
                is_closed,
                is_archived
            from {{ relation }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select *
from final
