"""A workspace whose sources, plans and published values leave the lint nothing to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.scorecard_lint import LintFinding, lint_workspace
from orchestration.settings import load_settings
from orchestration.workspace import Workspace
from tests.unit.scorecards.published_history import Months, publish

SETTINGS = """\
project: {name: Acme, currency: GBP}
brands:
  acme: {name: Acme, name_fa: اکمی}
  bare: {name: Bare}
sources:
  mail: {connector: email_campaigns_file, brand: acme, path: "exports/mail/*.csv"}
  crm: {connector: crm_contacts_file, brand: acme, path: "exports/crm/*.csv"}
  forms: {connector: form_days_file, brand: acme, path: "exports/forms/*.csv"}
  shop: {connector: orders_file, brand: acme, path: "exports/shop/*.csv"}
  costs: {connector: costs_file, brand: acme, path: "exports/costs/*.csv"}
"""
PLANS = """\
scorecards:
  - id: email
    brand: acme
    name: E-mail
    goal: leads
    grain: month
    owner: crm
    kpis:
      - {kpi: email_click_rate, target: 8, unit: percent, valid_from: 2026-01-01}
      - {kpi: form_conversion_rate, target: 0.15, unit: ratio, valid_from: 2026-01-01}
      - {kpi: leads, target: 200, baseline: 150, unit: count, tolerance: 0.05, valid_from: 2026-01-01}
objectives:
  - id: grow
    brand: acme
    name: Grow
    grain: month
    owner: cmo
    valid_from: 2026-01-01
    key_results:
      - {kpi: qualified_leads, baseline: 40, target: 60, unit: count, weight: 0.6}
      - {kpi: cost_per_lead, baseline: 30, target: 20, unit: GBP, weight: 0.4}
budgets:
  - {brand: acme, channel: paid_search, month: 2026-01, amount: 1200}
"""
HISTORY = {
    "email_click_rate": Months(values=[0.06, 0.07, 0.09, 0.08, 0.07], denominator=20_000),
    "email_open_rate": Months(values=[0.2, 0.3, 0.25, 0.25], denominator=20_000),
    "email_unsubscribe_rate": Months(values=[0.002, 0.001, 0.004, 0.003]),
    "form_conversion_rate": Months(values=[0.1, 0.12, 0.16, 0.14]),
    "leads": Months(values=[140, 150, 160, 190, 210]),
    "qualified_leads": Months(values=[35, 40, 55, 65]),
    "cost_per_lead": Months(values=[31, 29, 25, 19.5]),
    "cost_per_conversion": Months(values=[40, 35, 45, 30]),
    "purchases": Months(values=[80, 90, 110, 130]),
    "revenue": Months(values=[4000, 5000, 6000, 12_000]),
    "aov": Months(values=[48, 52, 50, 55]),
    "repeat_purchase_rate": Months(values=[0.3, 0.4, 0.35, 0.5]),
}
"""What Acme measured: lead_conversion_rate, which its sources could feed, is missing."""


class Desk:
    """A workspace to write plans into and to lint."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)
        self.workspace.settings_file.write_text(SETTINGS, encoding="utf-8")

    def write(self, plans: str) -> None:
        self.workspace.scorecards_file.write_text(plans, encoding="utf-8")

    def publish(self, history: dict[str, Months] | None = None) -> None:
        publish(self.workspace, {"acme": HISTORY if history is None else history, "bare": {}})

    def lint(self, plans: str) -> list[LintFinding]:
        self.write(plans)
        return lint_workspace(self.workspace, load_settings(self.workspace))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """With Acme's history published."""
    made = Desk(tmp_path)
    made.publish()
    return made
