"""Measures and KPIs written out from kpi-formulas.md and kpi-catalogue.md, apart from the project's seeds.

A KPI is ``scale × numerator`` or ``scale × numerator / denominator``; a side is a weighted sum of measures. How
measures of several sources meet: ``sum`` (added), ``single`` (users: only where one source tells them), ``brand``
(reckoned across sources), ``never`` (claims of ad platforms).
"""

from __future__ import annotations

from dataclasses import dataclass

MARGIN = "gross_margin"
"""Stands for the brand's gross margin as a weight."""


@dataclass(frozen=True)
class Measure:
    """Additivity over days, how sources meet, and what is counted."""

    additivity: str
    rule: str
    unit: str


@dataclass(frozen=True)
class Kpi:
    """A KPI's parts.

    Attributes:
        numerator: measures with their weights; a weight may be ``MARGIN``.
        denominator: likewise; empty where the KPI is no ratio.
        minimum_sample: below it the status is ``low_sample``.
        cohort_days: days after the period until its cohort is mature.
    """

    numerator: tuple[tuple[str, int | str], ...]
    denominator: tuple[tuple[str, int | str], ...] = ()
    scale: int = 1
    minimum_sample: int | None = None
    cohort_days: int = 0

    @property
    def terms(self) -> tuple[tuple[str, int | str], ...]:
        """Both sides."""
        return self.numerator + self.denominator

    @property
    def measures(self) -> frozenset[str]:
        """Measures of both sides."""
        return frozenset(measure for measure, _ in self.terms)


def _measures() -> dict[str, Measure]:
    shapes = {
        ("additive", "sum", "count"): """
            sessions engaged_sessions page_views site_shares ga4_sign_ups search_impressions search_clicks
            branded_search_impressions named_query_impressions ad_impressions ad_clicks email_delivered
            email_unique_opens email_human_opens email_human_base email_unique_clicks email_human_clicks
            email_unsubscribes social_likes social_interactions social_reach social_shares orders leads qualified_leads
            lead_conversions lead_cohort_converted form_submitter_days form_viewer_days""",
        ("additive", "sum", "seconds"): "engagement_seconds",
        ("additive", "sum", "money"): "ad_spend marketing_cost order_value aov_order_value paid_value",
        ("additive", "never", "count"): "platform_conversions",
        ("additive", "never", "money"): "platform_spend_with_conversions",
        ("non_additive", "single", "count"): "active_users",
        ("non_additive", "brand", "count"): """
            buyers previous_buyers retained_buyers trailing_orders trailing_buyers trailing_repeat_buyers
            returning_buyers new_cohort new_cohort_repurchased_90d new_customers""",
        ("non_additive", "sum", "count"): "nps_promoters_minus_detractors nps_responses",
        ("semi_additive", "sum", "count"): "followers net_new_followers",
        ("semi_additive", "sum", "money"): "mrr mrr_start mrr_retained_net mrr_retained_gross",
        ("semi_additive", "single", "count"): "subscribers subscribers_start subscribers_retained",
    }
    return {name: Measure(*shape) for shape, names in shapes.items() for name in names.split()}


MEASURES = _measures()


def _sum(measure: str, *, scale: int = 1) -> Kpi:
    return Kpi(((measure, 1),), scale=scale)


def _ratio(
    numerator: str, denominator: str, *, sample: int | None = None, scale: int = 1, cohort_days: int = 0
) -> Kpi:
    return Kpi(((numerator, 1),), ((denominator, 1),), scale, sample, cohort_days)


KPIS: dict[str, Kpi] = {
    # Awareness.
    "page_views": _sum("page_views"),
    "sessions": _sum("sessions"),
    "active_users": _sum("active_users"),
    "ad_impressions": _sum("ad_impressions"),
    "search_impressions": _sum("search_impressions"),
    "social_followers": _sum("followers"),
    "net_new_followers": _sum("net_new_followers"),
    "branded_search_volume": _sum("branded_search_impressions"),
    "branded_search_share": _ratio("branded_search_impressions", "named_query_impressions", sample=100),
    # Engagement.
    "ad_ctr": _ratio("ad_clicks", "ad_impressions", sample=100),
    "search_ctr": _ratio("search_clicks", "search_impressions", sample=100),
    "bounce_rate": Kpi((("sessions", 1), ("engaged_sessions", -1)), (("sessions", 1),), minimum_sample=30),
    "avg_time_on_page": _ratio("engagement_seconds", "page_views", sample=30),
    "avg_engagement_time_per_session": _ratio("engagement_seconds", "sessions", sample=30),
    "content_shares": _sum("social_shares"),
    "social_engagement_rate": _ratio("social_interactions", "social_reach", sample=100),
    "social_likes": _sum("social_likes"),
    # Conversion.
    "leads": _sum("leads"),
    "qualified_leads": _sum("qualified_leads"),
    "lead_conversion_rate": _ratio("lead_cohort_converted", "leads", sample=30, cohort_days=90),
    "lead_conversion_rate_flow": _ratio("lead_conversions", "leads", sample=30),
    "session_to_lead_rate": _ratio("leads", "sessions", sample=30),
    "signups": _sum("ga4_sign_ups"),
    "purchases": _sum("orders"),
    "form_conversion_rate": _ratio("form_submitter_days", "form_viewer_days", sample=30),
    "cost_per_conversion": _ratio("marketing_cost", "orders"),
    "platform_cost_per_conversion": _ratio("platform_spend_with_conversions", "platform_conversions"),
    "cost_per_lead": _ratio("marketing_cost", "leads"),
    "customer_acquisition_cost": _ratio("marketing_cost", "new_customers"),
    # Revenue.
    "revenue": _sum("order_value"),
    "marketing_roi": Kpi((("order_value", MARGIN), ("marketing_cost", -1)), (("marketing_cost", 1),)),
    "marketing_roi_revenue_basis": Kpi(
        (("order_value", 1), ("marketing_cost", -1)), (("marketing_cost", 1),)
    ),
    "roas": _ratio("order_value", "ad_spend"),
    "aov": _ratio("aov_order_value", "orders", sample=30),
    "aov_paid": _ratio("paid_value", "orders", sample=30),
    "mrr": _sum("mrr"),
    "arr": _sum("mrr", scale=12),
    # Loyalty.
    "net_revenue_retention": _ratio("mrr_retained_net", "mrr_start"),
    "gross_revenue_retention": _ratio("mrr_retained_gross", "mrr_start"),
    "customers": _sum("buyers"),
    "customer_retention_rate": _ratio("retained_buyers", "previous_buyers", sample=30),
    "new_customer_repurchase_rate_90d": _ratio(
        "new_cohort_repurchased_90d", "new_cohort", sample=30, cohort_days=90
    ),
    "subscription_retention_rate": _ratio("subscribers_retained", "subscribers_start", sample=30),
    "customer_churn_rate": Kpi(
        (("subscribers_start", 1), ("subscribers_retained", -1)),
        (("subscribers_start", 1),),
        minimum_sample=30,
    ),
    "repeat_purchase_rate": _ratio("trailing_repeat_buyers", "trailing_buyers", sample=30),
    "returning_customer_rate": _ratio("returning_buyers", "buyers", sample=30),
    "purchase_frequency": _ratio("trailing_orders", "trailing_buyers", sample=30),
    "nps": _ratio("nps_promoters_minus_detractors", "nps_responses", sample=30, scale=100),
    # E-mail.
    "email_open_rate": _ratio("email_unique_opens", "email_delivered", sample=100),
    "email_human_open_rate": _ratio("email_human_opens", "email_human_base", sample=100),
    "email_click_rate": _ratio("email_unique_clicks", "email_delivered", sample=100),
    "email_click_to_open_rate": _ratio("email_unique_clicks", "email_unique_opens", sample=100),
    "email_human_click_to_open_rate": _ratio("email_human_clicks", "email_human_opens", sample=100),
    "email_unsubscribe_rate": _ratio("email_unsubscribes", "email_delivered", sample=100),
}
