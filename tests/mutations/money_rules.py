"""Broken rules of money, orders, costs and subscriptions."""

from tests.mutations.mutation import Mutation

_MACROS = "dbt_project/macros"
_INTERMEDIATE = "dbt_project/models/intermediate"
_SUBSCRIPTIONS = f"{_INTERMEDIATE}/subscriptions"

MUTATIONS = (
    Mutation(
        id="rate-falls-back-to-one",
        rule="Without a rate an amount is unknown, never taken at 1",
        file=f"{_MACROS}/money.sql",
        before="else {{ amount }} * {{ rate }}",
        after="else {{ amount }} * coalesce({{ rate }}, 1)",
        models=("fct_orders",),
        properties=("ads_costs", "orders"),
    ),
    Mutation(
        id="part-passes-for-whole",
        rule="A sum with an amount that could not be converted is unknown",
        file=f"{_MACROS}/money.sql",
        before="when count({{ original }}) = count({{ converted }})",
        after="when true",
        models=("int_measures_daily__orders",),
        properties=("orders", "ads_costs"),
    ),
    Mutation(
        id="rate-carried-eight-days",
        rule="A rate holds for its day and at most seven more",
        file=f"{_INTERMEDIATE}/money/int_exchange_rates.sql",
        before='<= {{ add_days("spans.quoted_date", 7) }}',
        after='<= {{ add_days("spans.quoted_date", 8) }}',
        properties=("orders", "ads_costs"),
    ),
    Mutation(
        id="refund-skipped",
        rule="A refund lowers revenue",
        file=f"{_INTERMEDIATE}/orders/int_order_returns.sql",
        before="where counts_as_order and refunded_amount > 0",
        after="where counts_as_order and refunded_amount > 1000000000",
        properties=("orders",),
    ),
    Mutation(
        id="refund-on-the-order-day",
        rule="A refund counts on its own day",
        file=f"{_INTERMEDIATE}/orders/int_orders_from_headers.sql",
        before="coalesce(orders.refunded_at, orders.updated_at, orders.ordered_at)",
        after="orders.ordered_at",
        properties=("orders",),
    ),
    Mutation(
        id="test-orders-counted",
        rule="Test and staff orders don't count",
        file=f"{_INTERMEDIATE}/orders/int_orders_from_headers.sql",
        before="""            and not is_marked_test
            and not is_bad_debt
            and not is_cancellation""",
        after="""            and not is_bad_debt
            and not is_cancellation""",
        properties=("orders",),
    ),
    Mutation(
        id="test-lines-counted",
        rule="Lines of test orders don't count",
        file="dbt_project/models/marts/fct_order_lines.sql",
        before="""            is_kept
            and not is_marked_test
            and not is_bad_debt
            and passes_customer_rule""",
        after="""            is_kept
            and not is_bad_debt
            and passes_customer_rule""",
    ),
    Mutation(
        id="returned-discount-kept",
        rule="A returned line gives its discount back",
        file="dbt_project/models/marts/fct_order_lines.sql",
        before="case when lines.quantity < 0 then -1 else 1 end",
        after="1",
    ),
    Mutation(
        id="older-version-wins",
        rule="The newest version of an order holds",
        file="dbt_project/models/staging/orders/stg_orders__orders.sql",
        before="_load_id desc nulls last,",
        after="_load_id asc nulls last,",
        properties=("orders",),
    ),
    Mutation(
        id="cost-remainder-lost",
        rule="The days of a cost sum to it, to the millionth",
        file=f"{_INTERMEDIATE}/costs/int_costs_spread_daily.sql",
        before="< abs(mod(measured.millionths, measured.day_count))",
        after="< 0",
        properties=("ads_costs",),
    ),
    Mutation(
        id="claims-added-up",
        rule="Conversions that platforms claim count within their platform only",
        file=f"{_INTERMEDIATE}/ads/int_measures_daily__ads.sql",
        before="case when segment_type = 'platform' then conversions end",
        after="conversions",
        properties=("ads_costs",),
    ),
    Mutation(
        id="all-clicks-for-link-clicks",
        rule="A click on a Meta ad is a link click",
        file=f"{_INTERMEDIATE}/ads/int_ad_performance_unioned.sql",
        before="            clicks,\n            clicks_all as all_clicks,",
        after="            clicks_all as clicks,\n            clicks as all_clicks,",
        properties=("ads_costs",),
    ),
    Mutation(
        id="trialing-pays",
        rule="Who is trialing doesn't pay",
        file=f"{_SUBSCRIPTIONS}/int_subscription_items.sql",
        before="                'trialing',\n",
        after="",
        properties=("subscriptions",),
    ),
    Mutation(
        id="week-times-four",
        rule="A week's price is brought to a month by 52/12",
        file="dbt_project/macros/money.sql",
        models=("int_subscription_items",),
        before="'week' as billing_interval, 52 as months_numerator, 12 as months_denominator",
        after="'week' as billing_interval, 4 as months_numerator, 1 as months_denominator",
        properties=("subscriptions",),
    ),
    Mutation(
        id="prepaid-year-at-once",
        rule="An annual plan is a twelfth each month",
        file="dbt_project/macros/money.sql",
        models=("int_subscription_item_states",),
        before="'year' as billing_interval, 1 as months_numerator, 12 as months_denominator",
        after="'year' as billing_interval, 1 as months_numerator, 1 as months_denominator",
        properties=("subscriptions",),
    ),
    Mutation(
        id="once-coupon-reduces",
        rule="A coupon for once does not reduce recurring revenue",
        file=f"{_SUBSCRIPTIONS}/int_subscription_item_states.sql",
        before="""                    followed.discount_duration = 'once'
                    and not followed.once_discounts_reduce""",
        after="                    false",
        properties=("subscriptions",),
    ),
    Mutation(
        id="cancelled-churns-at-once",
        rule="Who cancels at the period's end churns then",
        file=f"{_SUBSCRIPTIONS}/int_subscription_item_states.sql",
        before="when not followed.churn_at_period_end",
        after="when true",
        properties=("subscriptions",),
    ),
    Mutation(
        id="paused-pays",
        rule="A paused item doesn't pay",
        file=f"{_SUBSCRIPTIONS}/int_subscription_item_states.sql",
        before="            and not is_paused\n",
        after="",
        properties=("subscriptions",),
    ),
    Mutation(
        id="volume-at-the-next-tier",
        rule="A tier holds the quantities up to and with its bound",
        file=f"{_SUBSCRIPTIONS}/int_subscription_item_prices.sql",
        before="and items.quantity <= coalesce(tiers.up_to, items.quantity)",
        after="and items.quantity < coalesce(tiers.up_to, items.quantity + 1)",
        properties=("subscriptions",),
    ),
    Mutation(
        id="snapshot-carried-eight-days",
        rule="A snapshot holds for its day and at most seven more",
        file=f"{_SUBSCRIPTIONS}/int_subscription_periods.sql",
        before="when has_own_snapshot and days_carried <= 7",
        after="when has_own_snapshot and days_carried <= 8",
        properties=("subscriptions",),
    ),
    Mutation(
        id="empty-snapshot-forgotten",
        rule="A listed moment without rows says that nobody is left",
        file=f"{_SUBSCRIPTIONS}/int_subscription_snapshots.sql",
        before="row_count = 0",
        after="row_count < 0",
        properties=("subscriptions",),
    ),
    Mutation(
        id="reactivation-is-new-too",
        rule="New, expansion, reactivation, contraction, churn and fx lead from start to end",
        file=f"{_SUBSCRIPTIONS}/int_subscription_movements.sql",
        before="case when not pays_at_start and first_paid_at > start_snapshot_at then mrr_change else 0 end",
        after="case when not pays_at_start then mrr_change else 0 end",
        properties=("subscriptions",),
    ),
    Mutation(
        id="expansion-counts-as-gross",
        rule="Gross retention takes the lesser of start and end",
        file=f"{_SUBSCRIPTIONS}/int_subscription_movements.sql",
        before="then least(mrr_start_at_end_rate, mrr_end) else 0 end",
        after="then mrr_end else 0 end",
        properties=("subscriptions",),
    ),
)
