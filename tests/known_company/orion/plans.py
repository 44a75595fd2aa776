"""What Orion wants: the worked example, a scorecard of channels, an objective, budgets.

Planted: October above the targets of the worked example, November below, December exactly on them; a channel without leads
in some weeks; a key result that nothing measures, one whose sample is too small, one that is passed, one whose baseline is
its target; a plan for a channel that nothing was ever spent on, and channels without a plan.
"""

from __future__ import annotations

from datetime import date
from typing import Any

SCORECARDS: list[dict[str, Any]] = [
    {
        "id": "orion_b2b_email",
        "brand": "orion",
        "name": "B2B e-mail campaign",
        "name_fa": "کارزار ایمیلی بی‌توبی",
        "goal": "leads",
        "campaign_type": "e-mail",
        "brand_stage": "growth",
        "grain": "month",
        "owner": "crm-lead",
        "team": "marketing",
        # The guide's example targets reported opens, and its leads come by other ways than e-mail too.
        "accept": ["reported_opens", "funnel_volume"],
        "kpis": [
            {"kpi": "email_open_rate", "unit": "ratio", "target": 0.25, "valid_from": "2025-10-01"},
            {"kpi": "email_click_rate", "unit": "ratio", "target": 0.08, "valid_from": "2025-10-01"},
            {"kpi": "form_conversion_rate", "unit": "ratio", "target": 0.15, "valid_from": "2025-10-01"},
            {"kpi": "leads", "unit": "count", "target": 200, "valid_from": "2025-10-01"},
        ],
    },
    {
        "id": "orion_paid_search",
        "brand": "orion",
        "name": "Paid search",
        "goal": "leads",
        "campaign_type": "search ads",
        "brand_stage": "growth",
        "grain": "week",
        "owner": "ads-lead",
        "team": "marketing",
        "segment_type": "channel",
        "segment": "paid_search",
        "accept": ["off_goal"],
        "kpis": [
            {"kpi": "leads", "unit": "count", "target": 2, "tolerance": 0.5, "valid_from": "2024-12-30"},
            {"kpi": "leads", "unit": "count", "target": 4, "valid_from": "2025-10-01"},
            {
                "kpi": "cost_per_lead",
                "unit": "EUR",
                "target": 70,
                "direction": "lower",
                "valid_from": "2024-12-30",
            },
            {
                "kpi": "ad_impressions",
                "unit": "count",
                "target": 2800,
                "target_upper": 3300,
                "direction": "range",
                "valid_from": "2024-12-30",
            },
        ],
    },
]
WORKED_EXAMPLE: dict[tuple[str, date], str] = {
    ("email_open_rate", date(2025, 10, 1)): "on_target",
    ("email_click_rate", date(2025, 10, 1)): "on_target",
    ("form_conversion_rate", date(2025, 10, 1)): "on_target",
    ("leads", date(2025, 10, 1)): "on_target",
    ("email_open_rate", date(2025, 11, 1)): "below_target",
    ("email_click_rate", date(2025, 11, 1)): "below_target",
    ("form_conversion_rate", date(2025, 11, 1)): "below_target",
    ("leads", date(2025, 11, 1)): "below_target",
    ("email_open_rate", date(2025, 12, 1)): "on_target",
    ("email_click_rate", date(2025, 12, 1)): "on_target",
    ("form_conversion_rate", date(2025, 12, 1)): "on_target",
    ("leads", date(2025, 12, 1)): "on_target",
}
"""Verdicts that were planted."""
OBJECTIVES: list[dict[str, Any]] = [
    {
        "id": "grow_pipeline",
        "brand": "orion",
        "name": "Grow the pipeline",
        "name_fa": "رشد قیف فروش",
        "grain": "quarter",
        "owner": "cmo",
        "team": "marketing",
        "valid_from": "2025-02-01",
        "valid_to": "2026-01-01",
        "accept": ["unattainable"],
        "key_results": [
            {"kpi": "leads", "unit": "count", "baseline": 170, "target": 300, "weight": 0.4},
            {"kpi": "cost_per_lead", "unit": "EUR", "baseline": 100, "target": 50, "weight": 0.2},
            {
                "kpi": "leads",
                "unit": "count",
                "baseline": 10,
                "target": 60,
                "weight": 0.1,
                "segment_type": "channel",
                "segment": "paid_search",
            },
            {"kpi": "nps", "unit": "points", "baseline": 20, "target": 50, "weight": 0.1},
            {"kpi": "sessions", "unit": "count", "baseline": 1300, "target": 1300, "weight": 0.1},
            {"kpi": "aov", "unit": "EUR", "baseline": 10, "target": 20, "weight": 0.1},
        ],
    }
]
BUDGETS: list[dict[str, Any]] = [
    {"brand": "orion", "channel": channel, "month": month, "amount": amount}
    for month in ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02")
    for channel, amount in (
        ("paid_search", 600.5),
        ("paid_social", 1250),
        ("email", 99.99),
        ("affiliates", 300),
    )
]
