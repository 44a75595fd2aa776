"""Broken rules of identity and attribution."""

from tests.mutations.mutation import Mutation

_ATTRIBUTION = "dbt_project/models/intermediate/attribution"
_CREDITS = ("int_attribution_credits",)

MUTATIONS = (
    Mutation(
        id="address-links-nobody",
        rule="A record with an id and an address links the two",
        file="dbt_project/models/intermediate/customers/int_customer_records.sql",
        before="then 'email:' || email_hmac",
        after="then null",
        properties=("identity",),
    ),
    Mutation(
        id="role-address-links",
        rule="A role address links nobody",
        file="dbt_project/models/intermediate/customers/int_customer_records.sql",
        before="when customer_id is not null and not is_role_email and not is_test_email",
        after="when customer_id is not null and not is_test_email",
        properties=("identity",),
    ),
    Mutation(
        id="last-is-last-non-direct",
        rule="Last non-direct passes over direct visits",
        file=f"{_ATTRIBUTION}/int_attribution_credits.sql",
        before="case when touches.channel_id <> 'direct' then touches.touch_number end",
        after="touches.touch_number",
        properties=("attribution",),
    ),
    Mutation(
        id="credit-without-remainder",
        rule="Credits of a conversion sum to exactly 1",
        file="dbt_project/macros/attribution.sql",
        before="else {{ whole }} - ({{ touch_count }} - 1) * {{ linear }}",
        after="else {{ linear }}",
        models=_CREDITS,
        properties=("attribution",),
    ),
    Mutation(
        id="position-weights",
        rule="Position-based gives the first touch 40 %",
        file="dbt_project/macros/attribution.sql",
        before="then cast(400000000000 as bigint)",
        after="then cast(500000000000 as bigint)",
        models=_CREDITS,
        properties=("attribution",),
    ),
    Mutation(
        id="touches-after-the-order",
        rule="A visit after the order did not lead to it",
        file=f"{_ATTRIBUTION}/int_conversion_touches.sql",
        before="            and browsers.converted_at >= sessions.started_at\n",
        after="",
        properties=("attribution",),
    ),
    Mutation(
        id="window-open",
        rule="A visit as old as the window is long still counts, and no older one",
        file=f"{_ATTRIBUTION}/int_conversion_touches.sql",
        before="<= browsers.window_days * cast(86400000000 as bigint)",
        after="< browsers.window_days * cast(86400000000 as bigint)",
        properties=("attribution",),
    ),
    Mutation(
        id="tracked-order-touches-itself",
        rule="An order whose visit was seen is no touch of its own",
        file=f"{_ATTRIBUTION}/int_conversion_touches.sql",
        before="and purchases.transaction_id is null\n",
        after="and true\n",
        properties=("attribution",),
    ),
    Mutation(
        id="refund-has-credit",
        rule="A refund lowers revenue and has no credit",
        file=f"{_ATTRIBUTION}/int_attributed_entries.sql",
        before="                when shared.entry_type = 'refund'\n                then cast(0",
        after="                when false\n                then cast(0",
        properties=("attribution",),
    ),
)
