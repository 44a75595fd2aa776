"""Which view of ``dbt_project/semantic`` tells a measure row by row: declared here, once.

A measure that a view lists is summed by MetricFlow from the business fact, without the KPI layer. An
additive measure that none lists is read from ``day_parts``, the parts that the KPI layer itself divides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

DAY = "metric_date"
"""Time column of every view."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A view of the semantic project and what MetricFlow may know of it.

    Attributes:
        name: the view, and the semantic model over it.
        row: what one row is, one word; dimensions are asked for as ``<row>__<dimension>``.
        description: one sentence.
        measures: columns that are summed, named as in measures.csv.
        distinct: key column by measure that counts distinct keys, each in the period that is asked for.
        dimensions: columns to group and filter by.
        has_channel: ``channel_id`` joins the semantic model ``channels``.
        settings: columns with a setting of the brand that derived measures are weighted by.
    """

    name: str
    row: str
    description: str
    measures: Sequence[str] = ()
    distinct: Mapping[str, str] = field(default_factory=dict)
    dimensions: Sequence[str]
    has_channel: bool = False
    settings: Sequence[str] = ()


FACTS: Sequence[View] = (
    View(
        name="web_traffic",
        row="traffic_day",
        description="Totals of a web source per day (fct_web_traffic_daily).",
        measures=("sessions", "engaged_sessions", "engagement_seconds", "page_views"),
        dimensions=("source_id",),
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
        dimensions=("source_id",),
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
        dimensions=("source_id", "platform", "campaign"),
        has_channel=True,
    ),
    View(
        name="marketing_costs",
        row="cost_day",
        description="Ad spend and other marketing costs, spread over their days (fct_marketing_costs).",
        measures=("marketing_cost",),
        dimensions=("source_id", "category", "campaign", "vendor"),
        has_channel=True,
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
        dimensions=("source_id", "campaign", "list_name"),
    ),
    View(
        name="social_posts",
        row="social_post",
        description="Posts with their newest counters, by the day of publication (fct_social_posts).",
        measures=("social_likes", "social_interactions", "social_reach"),
        dimensions=("source_id", "platform", "account"),
    ),
    View(
        name="orders",
        row="shop_order",
        description="Orders on their own day, before refunds (fct_orders).",
        measures=("orders", "aov_order_value", "paid_value"),
        distinct={"buyers": "buyer_key"},
        dimensions=("source_id", "campaign", "country"),
    ),
    View(
        name="new_customers",
        row="customer",
        description="Customers on the day they became one (fct_orders, dim_customer).",
        measures=("new_customers",),
        dimensions=(),
    ),
    View(
        name="leads",
        row="lead_step",
        description="People on the days they became a lead, qualified and converted (fct_leads).",
        measures=("leads", "qualified_leads", "lead_conversions", "lead_cohort_converted"),
        dimensions=("source_id", "lead_source", "campaign"),
    ),
    View(
        name="forms",
        row="form_day",
        description="People who saw a form and who sent it, per day (fct_form_days, fct_form_submissions).",
        measures=("form_submitter_days", "form_viewer_days"),
        dimensions=("source_id", "form"),
    ),
)

DAY_PARTS = View(
    name="day_parts",
    row="part_of_day",
    description="Daily parts of KPIs that no business fact tells row by row (fct_kpi_measures).",
    dimensions=("source_id",),
    settings=("gross_margin",),
)


def view_of(measure: str) -> View:
    """The view that tells a measure; ``DAY_PARTS`` where no business fact does."""
    return next((view for view in FACTS if measure in (*view.measures, *view.distinct)), DAY_PARTS)
