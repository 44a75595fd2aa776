"""What Nava wants, in Jalali months and rials.

Planted: a target that is raised in the middle of a month; a range; return on investment and satisfaction, which may be
negative; a channel of which some weeks have no order; a month of which only ten days are told; a plan of nothing.
"""

from __future__ import annotations

from typing import Any

SCORECARDS: list[dict[str, Any]] = [
    {
        "id": "nava_sales",
        "brand": "nava",
        "name": "Shop sales",
        "name_fa": "فروش فروشگاه",
        "goal": "sales",
        "campaign_type": "e-commerce",
        "brand_stage": "growth",
        "grain": "month",
        "owner": "shop-lead",
        "team": "e-commerce",
        "accept": ["off_goal"],
        "kpis": [
            {
                "kpi": "revenue",
                "unit": "IRR",
                "target": 5_000_000_000,
                "baseline": 4_000_000_000,
                "valid_from": "2025-03-21",
            },
            {
                "kpi": "aov",
                "unit": "IRR",
                "target": 58_000_000,
                "target_upper": 66_000_000,
                "direction": "range",
                "valid_from": "2025-03-21",
            },
            {"kpi": "marketing_roi", "unit": "ratio", "target": 1, "baseline": 0, "valid_from": "2025-03-21"},
            {"kpi": "nps", "unit": "points", "target": 25, "baseline": 25, "valid_from": "2025-03-21"},
            {
                "kpi": "purchases",
                "unit": "count",
                "target": 125,
                "direction": "lower",
                "valid_from": "2025-03-21",
            },
            {
                "kpi": "revenue",
                "unit": "IRR",
                "target": 8_000_000_000,
                "baseline": 4_000_000_000,
                "valid_from": "2025-10-01",
            },
        ],
    },
    {
        "id": "nava_referral",
        "brand": "nava",
        "name": "Friends of the shop",
        "goal": "sales",
        "grain": "week",
        "owner": "shop-lead",
        "segment_type": "channel",
        "segment": "referral",
        "accept": ["too_few_kpis"],
        "kpis": [
            {"kpi": "purchases", "unit": "count", "target": 2, "valid_from": "2024-01-06"},
            {
                "kpi": "aov",
                "unit": "IRR",
                "target": 20_000_000,
                "baseline": 10_000_000,
                "valid_from": "2024-01-06",
            },
        ],
    },
]
OBJECTIVES: list[dict[str, Any]] = [
    {
        "id": "cheaper_orders",
        "brand": "nava",
        "name": "Cheaper orders",
        "name_fa": "سفارش ارزان‌تر",
        "grain": "month",
        "owner": "ads-lead",
        "valid_from": "2025-03-21",
        "key_results": [
            {
                "kpi": "cost_per_conversion",
                "unit": "IRR",
                "baseline": 14_000_000,
                "target": 9_000_000,
                "weight": 0.5,
            },
            {"kpi": "net_new_followers", "unit": "count", "baseline": -50, "target": 150, "weight": 0.25},
            {
                "kpi": "purchases",
                "unit": "count",
                "baseline": 0,
                "target": 12,
                "weight": 0.25,
                "segment_type": "campaign",
                "segment": "retargeting",
            },
        ],
    }
]
BUDGETS: list[dict[str, Any]] = [
    {"brand": "nava", "channel": channel, "month": month, "amount": amount}
    for month in ("1403-12", "1404-01", "1404-08", "1404-09", "1404-10", "1404-11")
    for channel, amount in (("paid_search", 300_000_000), ("paid_video", 0), ("paid_social", 250_000_000.25))
]
