"""Which view of ``dbt_project/semantic`` tells a measure row by row: declared here, once.

A measure that a view lists is summed by MetricFlow from the business fact, without the KPI layer. An
additive measure that none lists is read from ``day_parts``, the parts that the KPI layer itself divides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DAY = "metric_date"
"""Time column of every view."""
SHARED: Mapping[str, str] = {
    "brand": "brand_id",
    "source": "source_id",
    "channel": "channel_id",
    "campaign": "campaign",
}
"""Column by what several views can be cut by alike; every view has the brand."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A view of the semantic project and what MetricFlow may know of it.

    Attributes:
        name: the view, and the semantic model over it.
        row: what one row is, one word; dimensions are asked for as ``<row>__<dimension>``.
        description: one sentence.
        measures: columns that are summed, named as in measures.csv.
        distinct: key column by measure that counts distinct keys, each in the period that is asked for.
        shared: names of ``SHARED`` that it has; what several views share cuts metrics that need all of them.
        dimensions: further columns to group and filter by.
        settings: columns with a setting of the brand that derived measures are weighted by.
    """

    name: str
    row: str
    description: str
    measures: Sequence[str] = ()
    distinct: Mapping[str, str] = field(default_factory=dict)
    shared: Sequence[str] = ("source",)
    dimensions: Sequence[str] = ()
    settings: Sequence[str] = ()


FACTS: Sequence[View] = (
    View(
        name="web_traffic",
        row="traffic_day",
        description="Totals of a web source per day (fct_web_traffic_daily).",
        measures=("sessions", "engaged_sessions", "engagement_seconds", "page_views"),
    ),
    View(
        name="search_performance",
        row="search_day",
        description="Totals of a property per day, and its named queries (fct_search_performance_daily).",
        measures=(
            "search_impressions",
            "search_clicks",
            "named_query_impressions",
            "branded_search_impressions",
        ),
    ),
    View(
        name="ad_performance",
        row="ad_day",
        description="Ad performance per day, platform, account and campaign (fct_ad_performance_daily).",
        measures=(
            "ad_impressions",
            "ad_clicks",
            "ad_spend",
            "platform_conversions",
            "platform_spend_with_conversions",
        ),
        shared=("source", "channel", "campaign"),
        dimensions=("platform",),
    ),
    View(
        name="marketing_costs",
        row="cost_day",
        description="Ad spend and other marketing costs, spread over their days (fct_marketing_costs).",
        measures=("marketing_cost",),
        shared=("source", "channel", "campaign"),
        dimensions=("category", "vendor"),
    ),
    View(
        name="email_sends",
        row="email_send",
        description="Sends without tests, by the day they went out (fct_email_performance).",
        measures=(
            "email_delivered",
            "email_unique_opens",
            "email_human_opens",
            "email_human_base",
            "email_human_clicks",
            "email_unique_clicks",
            "email_unsubscribes",
        ),
        shared=("source", "campaign"),
        dimensions=("list_name",),
    ),
    View(
        name="social_posts",
        row="social_post",
        description="Posts with their newest counters, by the day of publication (fct_social_posts).",
        measures=("social_likes", "social_interactions", "social_reach"),
        dimensions=("platform", "account"),
    ),
    View(
        name="orders",
        row="shop_order",
        description="Orders on their own day, before refunds (fct_orders).",
        measures=("orders", "aov_order_value", "paid_value"),
        distinct={"buyers": "buyer_key"},
        shared=("source", "campaign"),
        dimensions=("country",),
    ),
    View(
        name="new_customers",
        row="customer",
        description="Customers on the day they became one (fct_orders, dim_customer).",
        measures=("new_customers",),
        shared=(),
    ),
    View(
        name="leads",
        row="lead_step",
        description="People on the days they became a lead, qualified and converted (fct_leads).",
        measures=("leads", "qualified_leads", "lead_conversions", "lead_cohort_converted"),
        shared=("source", "campaign"),
        dimensions=("lead_source",),
    ),
    View(
        name="forms",
        row="form_day",
        description="People who saw a form and who sent it, per day (fct_form_days, fct_form_submissions).",
        measures=("form_submitter_days", "form_viewer_days"),
        dimensions=("form",),
    ),
)

DAY_PARTS = View(
    name="day_parts",
    row="part_of_day",
    description="Daily parts of KPIs that no business fact tells row by row (fct_kpi_measures).",
    settings=("gross_margin",),
)


def view_of(measure: str) -> View:
    """The view that tells a measure; ``DAY_PARTS`` where no business fact does."""
    return next((view for view in FACTS if measure in (*view.measures, *view.distinct)), DAY_PARTS)
