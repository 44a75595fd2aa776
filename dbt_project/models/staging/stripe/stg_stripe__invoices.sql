{% set amounts = [
    "subtotal",
    "discount_amount",
    "tax_amount",
    "total",
    "amount_due",
    "amount_paid",
    "amount_remaining",
    "credited_amount",
] %}

with

    invoices as (select * from {{ source("raw", "stripe__invoices") }}),

    digits as (select * from {{ ref("stripe_currencies") }}),

    {{ newest_version("invoices", ["invoice_id"], ["created"]) }},

    final as (
        select
            newest._brand as brand_id,
            newest._source as source_id,
            newest.invoice_id,
            newest.customer_id,
            newest.subscription_id,
            newest.status,
            newest.billing_reason,
            upper(newest.currency) as currency_code,
            newest.created as created_at,
            newest.period_start as period_started_at,
            newest.period_end as period_ended_at,
            newest.due_date as due_at,
            newest.finalized_at,
            newest.paid_at,
            newest.voided_at,
            newest.marked_uncollectible_at,
            {% for amount in amounts %}
                {{ major_amount("newest." ~ amount, "digits.minor_digits") }}
                as {{ amount }},
            {% endfor %}
            newest.is_live,
            newest.is_gone
        from newest
        left join digits on upper(newest.currency) = digits.currency_code
    )

select *
from final
