"""Each rule of the lint beside a workspace that breaks it and one that doesn't.

The plans of ``conftest`` are clean; each case changes them in one place and says which findings must follow, no
more and no fewer.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from orchestration.scorecard_lint import RULES
from tests.unit.scorecards.conftest import PLANS, Desk

CLICKS, FORMS, LEADS = (
    f"      - {{kpi: {line}}}\n"
    for line in (
        "email_click_rate, target: 8, unit: percent, valid_from: 2026-01-01",
        "form_conversion_rate, target: 0.15, unit: ratio, valid_from: 2026-01-01",
        "leads, target: 200, baseline: 150, unit: count, tolerance: 0.05, valid_from: 2026-01-01",
    )
)
CARD = PLANS[: PLANS.index("objectives:")]
BUDGET = "  - {brand: acme, channel: paid_search, month: 2026-01, amount: 1200}\n"
SALES = CARD.replace("goal: leads", "goal: sales").replace(CLICKS + FORMS + LEADS, "") + (
    "      - {kpi: revenue, target: 5000, unit: GBP, valid_from: 2026-01-01}\n"
    "      - {kpi: purchases, target: 100, unit: count, valid_from: 2026-01-01}\n"
    "      - {kpi: aov, target: 50, unit: GBP, valid_from: 2026-01-01}\n"
)


def kpi(name: str, target: float, unit: str) -> str:
    return f"      - {{kpi: {name}, target: {target}, unit: {unit}, valid_from: 2026-01-01}}\n"


@dataclass(frozen=True)
class Case:
    """A change of clean plans.

    Attributes:
        name: of the case.
        old, new: the change.
        codes: of the findings that must follow.
        place: where the first of them must stand.
        says: what its text must hold.
        plans: what is changed.
    """

    name: str
    old: str
    new: str
    codes: tuple[str, ...] = ()
    place: str = ""
    says: str = ""
    plans: str = PLANS


BREAKS = [
    Case(
        "target missing",
        "leads, target: 200, ",
        "leads, ",
        ("no_target",),
        "scorecards.yml:11 (scorecards[0].kpis[2].target)",
        "leads of scorecard email has no target.",
    ),
    Case(
        "target in words",
        "target: 200",
        "target: plenty",
        ("no_target",),
        says="'plenty', which is no number",
    ),
    Case("endless target", "target: 200", "target: .inf", ("no_target",)),
    Case(
        "key result without target",
        "baseline: 40, target: 60",
        "baseline: 40",
        ("no_target",),
        "scorecards.yml:20 (objectives[0].key_results[0].target)",
    ),
    Case("no baseline", "baseline: 40, target", "target", ("no_baseline",), "scorecards.yml:20"),
    Case(
        "no unit", "unit: count, tolerance", "tolerance", ("no_unit",), "scorecards.yml:11", "is read as 200"
    ),
    Case("unit of another kind", "unit: count, tol", "unit: ratio, tol", ("wrong_unit",), says="unit: count"),
    Case(
        "another currency",
        "unit: GBP",
        "unit: EUR",
        ("wrong_unit",),
        "scorecards.yml:21 (objectives[0].key_results[1].unit)",
        "it is written in EUR, and the brand reports in GBP",
    ),
    Case(
        "no first day",
        ", valid_from: 2026-01-01}\n      - {kpi: form",
        "}\n      - {kpi: form",
        ("no_valid_from",),
    ),
    Case(
        "objective without first day",
        "    valid_from: 2026-01-01\n",
        "",
        ("no_valid_from",),
        "scorecards.yml:13 (objectives[0].valid_from)",
    ),
    Case(
        "no grain", "    grain: month\n    owner: crm", "    owner: crm", ("no_period",), "scorecards.yml:2"
    ),
    Case("objective without grain", "    grain: month\n    owner: cmo", "    owner: cmo", ("no_period",)),
    Case("no owner", "    owner: crm\n", "", ("no_owner",), "scorecards.yml:2 (scorecards[0].owner)"),
    Case(
        "objective without owner", "    owner: cmo\n", "", ("no_owner",), says="Objective grow has no owner"
    ),
    Case(
        "six KPIs",
        LEADS,
        LEADS
        + kpi("qualified_leads", 50, "count")
        + kpi("cost_per_lead", 25, "GBP")
        + kpi("email_unsubscribe_rate", 0.003, "ratio"),
        ("too_many_kpis",),
        "scorecards.yml:8 (scorecards[0].kpis)",
        "has 6 KPIs",
    ),
    Case(
        "one KPI of many",
        CLICKS + FORMS,
        "",
        ("too_few_kpis",),
        says="acme also measures for leads: qualified_leads, form_conversion_rate, cost_per_lead",
    ),
    Case(
        "KPI of another goal",
        FORMS,
        kpi("repeat_purchase_rate", 0.4, "ratio"),
        ("off_goal",),
        "scorecards.yml:10 (scorecards[0].kpis[1].kpi)",
        "repeat_purchase_rate doesn't serve the goal leads; it is for retention.",
    ),
    Case(
        "half vanity",
        CLICKS + FORMS,
        kpi("social_likes", 500, "count"),
        ("vanity", "no_source", "off_goal", "too_few_kpis"),
        says="1 of the 2 KPIs of scorecard email are vanity metrics for leads: social_likes",
    ),
    Case(
        "support only",
        FORMS + LEADS,
        kpi("email_unsubscribe_rate", 0.002, "ratio") + kpi("cost_per_conversion", 40, "GBP"),
        ("no_business_kpi",),
        says="acme can measure: leads, qualified_leads, form_conversion_rate, cost_per_lead",
    ),
    Case(
        "rate as percent",
        "target: 0.15",
        "target: 15",
        ("rate_as_percent",),
        "scorecards.yml:10 (scorecards[0].kpis[1].target)",
        "15 means 1,500 %",
    ),
    Case(
        "rate below zero",
        "target: 0.15",
        "target: -0.1",
        ("out_of_range",),
        says="at least 0.00 % and at most",
    ),
    Case("more than all", "target: 8, unit: percent", "target: 120, unit: percent", ("out_of_range",)),
    Case(
        "target below baseline",
        "baseline: 150",
        "baseline: 250",
        ("worse_than_baseline",),
        says="target 200 is worse than the baseline 250",
    ),
    Case(
        "cost above baseline",
        "baseline: 30, target: 20",
        "baseline: 19, target: 20",
        ("worse_than_baseline",),
    ),
    Case("tolerance in percent", "tolerance: 0.05", "tolerance: 5", ("tolerance_as_percent",), says="0.05"),
    Case(
        "two cards, two targets",
        "objectives:",
        CARD.removeprefix("scorecards:\n").replace("id: email", "id: again").replace("200", "190")
        + "objectives:",
        ("overlapping_targets",),
        "scorecards.yml:21 (scorecards[1].kpis[2])",
        "leads has other targets in scorecard email",
    ),
    Case(
        "nothing feeds it",
        FORMS,
        kpi("session_to_lead_rate", 0.02, "ratio"),
        ("no_source", "funnel_volume"),
        says="No source of acme feeds session_to_lead_rate (sessions).",
    ),
    Case(
        "never measured",
        FORMS,
        kpi("lead_conversion_rate", 0.1, "ratio"),
        ("no_data",),
        "scorecards.yml:10 (scorecards[0].kpis[1].kpi)",
        "has no published month value",
    ),
    Case(
        "unknown segment",
        "    owner: crm\n",
        "    owner: crm\n    segment_type: channel\n    segment: emial\n",
        ("no_data", "no_data", "funnel_volume", "no_data", "unknown_channel"),
        says="for channel emial",
    ),
    Case(
        "unknown channel of a key result",
        "target: 60, ",
        "target: 60, segment_type: channel, segment: emial, ",
        ("no_data", "unknown_channel"),
        "scorecards.yml:20 (objectives[0].key_results[0].kpi)",
    ),
    Case(
        "out of reach",
        "baseline: 30, target: 20",
        "baseline: 30, target: 10",
        ("unattainable",),
        "scorecards.yml:21 (objectives[0].key_results[1].target)",
        "beyond the 100th percentile of its 4 final months since 2025-09-01: best 19.50 GBP",
    ),
    Case(
        "range out of reach",
        FORMS,
        "      - {kpi: form_conversion_rate, target: 0.3, target_upper: 0.4, direction: range, unit: ratio, "
        "valid_from: 2026-01-01}\n",
        ("unattainable",),
    ),
    Case(
        "reported opens",
        CLICKS,
        kpi("email_open_rate", 25, "percent"),
        ("reported_opens",),
        says="Prefer email_human_open_rate or email_click_rate",
    ),
    Case(
        "clicks above opens",
        CLICKS,
        kpi("email_click_rate", 0.09, "ratio") + kpi("email_open_rate", 0.085, "ratio"),
        ("funnel_order", "reported_opens"),
        says="email_click_rate shall be 9.00 % and email_open_rate 8.50 %, but who clicks has opened",
    ),
    Case(
        "later version of a target contradicts",
        LEADS,
        "      - {kpi: leads, target: 200, unit: count, valid_from: 2026-01-01}\n"
        "      - {kpi: qualified_leads, target: 60, unit: count, valid_from: 2026-01-01}\n"
        "      - {kpi: leads, target: 50, unit: count, valid_from: 2026-04-01}\n",
        ("funnel_order",),
        "scorecards.yml:12",
    ),
    Case(
        "more deliveries than ever",
        "target: 8, unit: percent",
        "target: 2, unit: percent",
        ("funnel_volume",),
        "scorecards.yml:11",
        "need 66,667 deliveries a month; acme had 20,000 in its best month, 20,000 in a median one",
    ),
    Case(
        "revenue above its parts",
        "target: 5000",
        "target: 9000",
        ("total_above_parts",),
        says="those of purchases and aov make 5,000.00 GBP",
        plans=SALES,
    ),
    Case(
        "weights",
        "weight: 0.6",
        "weight: 0.5",
        ("weights",),
        "scorecards.yml:19 (objectives[0].key_results)",
        "sum to 0.9. ",
    ),
    Case(
        "unknown channel",
        "paid_search",
        "paid_serch",
        ("unknown_channel",),
        "scorecards.yml:23 (budgets[0].channel)",
        "Did you mean 'paid_search'?",
    ),
    Case(
        "a part that can't be is no part",
        "purchases, target: 100",
        "purchases, target: -100",
        ("out_of_range",),
        plans=SALES,
    ),
    Case(
        "a part in another unit is no part",
        "aov, target: 50, unit: GBP",
        "aov, target: 5, unit: EUR",
        ("wrong_unit",),
        plans=SALES,
    ),
    Case(
        "month planned twice",
        BUDGET,
        BUDGET + BUDGET,
        ("repeated_budget", "repeated_budget"),
        "scorecards.yml:23",
    ),
    Case("nothing to compare", "{brand: acme, channel", "{brand: bare, channel", ("budget_without_spend",)),
    Case("accepts nothing", "owner: crm", "owner: crm\n    accept: [reported_open]", ("unknown_accept",)),
    Case("accepts an error", "owner: crm", "owner: crm\n    accept: [no_target]", ("unknown_accept",)),
]
KEEPS = [
    Case("the plans as they are", "", ""),
    Case("sales as they are", "", "", plans=SALES),
    Case("rate in percent", "target: 0.15, unit: ratio", "target: 15, unit: percent"),
    Case("money as money", "unit: GBP", "unit: money"),
    Case("five KPIs", LEADS, LEADS + kpi("qualified_leads", 50, "count") + kpi("cost_per_lead", 25, "GBP")),
    Case(
        "versions are one KPI",
        LEADS,
        LEADS + "".join(LEADS.replace("2026-01-01", f"2026-0{month}-01") for month in range(2, 6)),
    ),
    Case("as good as its baseline", "baseline: 150", "baseline: 200"),
    Case("wide tolerance", "tolerance: 0.05", "tolerance: 0.99"),
    Case(
        "the same targets twice",
        "objectives:",
        CARD.removeprefix("scorecards:\n").replace("id: email", "id: again") + "objectives:",
    ),
    Case("one usual step beyond the best", "leads, target: 200", "leads, target: 214", plans=PLANS),
    Case(
        "between what it was",
        FORMS,
        "      - {kpi: form_conversion_rate, target: 0.13, target_upper: 0.135, direction: range, unit: ratio, "
        "valid_from: 2026-01-01}\n",
    ),
    Case("as many deliveries as the best month", "leads, target: 200", "leads, target: 214"),
    Case("revenue a little above its parts", "target: 5000", "target: 5900", plans=SALES),
    Case("thirds", "weight: 0.6", "weight: 0.6000000001"),
    Case("budget of another month", BUDGET, BUDGET + BUDGET.replace("2026-01", "2026-02")),
    Case(
        "accepted opens",
        "owner: crm\n    kpis:\n" + CLICKS,
        "owner: crm\n    accept: [reported_opens]\n    kpis:\n" + kpi("email_open_rate", 25, "percent"),
    ),
]


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: case.name)
def test_broken_plans_draw_exactly_these_findings(desk: Desk, case: Case) -> None:
    assert case.old in case.plans
    found = desk.lint(case.plans.replace(case.old, case.new, 1))
    assert sorted(finding.code for finding in found) == sorted(case.codes)
    first = next(finding for finding in found if finding.code == case.codes[0])
    assert case.place in first.place
    assert case.says in first.text
    assert first.text.endswith(".")


@pytest.mark.parametrize("case", KEEPS, ids=lambda case: case.name)
def test_sound_plans_draw_none(desk: Desk, case: Case) -> None:
    assert case.old in case.plans
    assert desk.lint(case.plans.replace(case.old, case.new, 1)) == []


def test_every_rule_has_a_case_that_breaks_it() -> None:
    assert {rule.code for rule in RULES} == {code for case in BREAKS for code in case.codes}
    assert len({rule.code for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: case.name)
def test_what_history_is_for_is_not_asked_before_anything_is_published(desk: Desk, case: Case) -> None:
    desk.workspace.published_file.unlink()
    found = {finding.code for finding in desk.lint(case.plans.replace(case.old, case.new, 1))}
    need_history = {rule.code for rule in RULES if rule.needs_history}
    assert not found & need_history
    assert found >= set(case.codes) - need_history
