"""scorecards.yml: KPIs by id or alias, targets with direction, findings with file, line and key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.errors import SettingsError
from orchestration.scorecards import Direction, Plans, load_catalogue, load_plans


@dataclass(frozen=True)
class Brand:
    """What a plan knows of its brand."""

    calendar: str = "gregorian"
    currency: str = "GBP"


BRANDS = {"acme": Brand(), "sib": Brand("jalali", "IRR")}
CARD = """\
scorecards:
  - id: email
    brand: acme
    name: E-mail
    goal: leads
    grain: month
    kpis:
"""


def read(tmp_path: Path, text: str) -> tuple[Plans, list[str]]:
    path = tmp_path / "scorecards.yml"
    path.write_text(text, encoding="utf-8")
    return load_plans(path, brands=BRANDS)


def load(tmp_path: Path, kpis: str, card: str = CARD) -> tuple[Plans, list[str]]:
    return read(tmp_path, card + "".join(f"      - {kpi}\n" for kpi in kpis.splitlines()))


def test_alias_becomes_an_id_and_direction_comes_from_the_catalogue(tmp_path: Path) -> None:
    plans, findings = load(tmp_path, "{kpi: CPL, target: 12, valid_from: 2026-01-01}")
    assert findings == []
    target = plans.scorecards[0].kpis[0]
    assert (target.kpi, target.direction) == ("cost_per_lead", Direction.LOWER)


def test_percent_becomes_a_fraction_to_the_last_bit(tmp_path: Path) -> None:
    plans, findings = load(
        tmp_path,
        "{kpi: email_open_rate, target: 8, baseline: 0.3, unit: percent, valid_from: 2026-01-01}\n"
        "{kpi: bounce_rate, target: 30, target_upper: 57, direction: range, unit: percent, tolerance: 0.1}",
    )
    assert findings == []
    opens, bounces = plans.scorecards[0].kpis
    assert (opens.target, opens.baseline) == (0.08, 0.003)
    assert (bounces.target, bounces.target_upper, bounces.tolerance) == (0.3, 0.57, 0.1)


@pytest.mark.parametrize(
    "written",
    ["", ", target: ۲۵ درصد", ", target: much", ", target: .inf", ", target: yes", ", target: null"],
)
def test_target_that_is_no_number_is_left_to_the_lint(tmp_path: Path, written: str) -> None:
    plans, findings = load(tmp_path, f"{{kpi: CPL{written}}}")
    assert findings == []
    assert plans.scorecards[0].kpis[0].target is None


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        (
            "{kpi: email_opn_rate, target: 0.2, valid_from: 2026-01-01}",
            "scorecards.yml:8 (scorecards[0].kpis[0].kpi): there is no KPI 'email_opn_rate'. Did you mean",
        ),
        ("{kpi: CPL, target: 1, baseline: low}", "(scorecards[0].kpis[0].baseline): "),
        ("{kpi: CPL, target: 1, tolerance: -1}", "greater than or equal to 0"),
        ("{kpi: CPL, target: 1, valid_from: soon}", "(scorecards[0].kpis[0].valid_from): "),
        ("{kpi: [CPL]}", "(scorecards[0].kpis[0].kpi): "),
        ("{kpi: CPL, targt: 1}", "unknown key 'targt'. Did you mean 'target'?"),
        ("{kpi: CPL, target: 1, direction: range, valid_from: 2026-01-01}", "needs target (lower end)"),
        (
            "{kpi: CPL, target: 2, target_upper: 1, direction: range, valid_from: 2026-01-01}",
            "target_upper is below target",
        ),
        (
            "{kpi: CPL, target: 1, valid_from: 2026-01-01}\n{kpi: cost_per_lead, target: 2, valid_from: 2026-01-01}",
            "two targets that are valid from 2026-01-01",
        ),
    ],
)
def test_wrong_kpi_is_explained(tmp_path: Path, kpi: str, expected: str) -> None:
    _, findings = load(tmp_path, kpi)
    assert len(findings) == 1
    assert expected in findings[0]


@pytest.mark.parametrize(("written", "number"), [("۲۵", 25), ("۰٫۲۵", 0.25), ("'0.25'", 0.25)])
def test_persian_and_quoted_numbers_are_numbers(tmp_path: Path, written: str, number: float) -> None:
    plans, findings = load(tmp_path, f"{{kpi: CPL, target: {written}, baseline: {written}}}")
    assert findings == []
    target = plans.scorecards[0].kpis[0]
    assert (target.target, target.baseline) == (number, number)


def test_accept_is_a_list(tmp_path: Path) -> None:
    card = CARD.replace("    kpis:", "    accept: vanity\n    kpis:")
    _, findings = load(tmp_path, "{kpi: CPL, target: 12}", card)
    assert findings == [
        "scorecards.yml:7 (scorecards[0].accept): a list is needed here, such as [a, b], and not 'vanity'."
    ]


def test_unknown_brand_and_goal_are_explained(tmp_path: Path) -> None:
    kpi = "{kpi: CPL, target: 12, valid_from: 2026-01-01}"
    _, findings = load(tmp_path, kpi, CARD.replace("brand: acme", "brand: acne"))
    assert "there is no brand 'acne'. Did you mean 'acme'?" in findings[0]
    _, findings = load(tmp_path, kpi, CARD.replace("goal: leads", "goal: lead"))
    assert "'lead' is not allowed here; use 'awareness'" in findings[0]


def test_catalogue_of_the_project_knows_its_aliases() -> None:
    catalogue = load_catalogue()
    assert catalogue.resolve("cpl") == "cost_per_lead"
    assert catalogue.resolve("NRR") == "net_revenue_retention"
    assert catalogue.resolve("sessions") == "sessions"
    assert catalogue.resolve("nothing") is None


OBJECTIVE = """\
objectives:
  - id: grow
    brand: acme
    name: Grow
    grain: quarter
    valid_from: 2026-01-01
    key_results:
      - {kpi: leads, baseline: 400, target: 600, weight: 0.6}
      - {kpi: CPL, baseline: 30, target: 20, weight: 0.4, unit: GBP}
"""


def test_objective_is_read_with_its_key_results(tmp_path: Path) -> None:
    plans, findings = read(tmp_path, OBJECTIVE)
    assert findings == []
    objective = plans.objectives[0]
    assert [(result.kpi, result.baseline, result.target) for result in objective.key_results] == [
        ("leads", 400, 600),
        ("cost_per_lead", 30, 20),
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("brand: acme", "brand: acne"), "scorecards.yml:3 (objectives[0].brand): there is no brand 'acne'."),
        (("kpi: leads", "kpi: leed"), "scorecards.yml:8 (objectives[0].key_results[0].kpi): there is no KPI"),
        (("weight: 0.6", "weight: 6"), "(objectives[0].key_results[0].weight): "),
        ((", weight: 0.6", ""), "the key 'weight' is required and missing"),
        (("01-01\n", "01-01\n    valid_to: 2025-01-01\n"), "valid_to is before valid_from"),
        (
            ("grain: quarter", "grain: year"),
            "'year' is not allowed here; use 'day', 'week', 'month' or 'quarter'",
        ),
    ],
)
def test_wrong_objective_is_explained(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    _, findings = read(tmp_path, OBJECTIVE.replace(*change))
    assert len(findings) == 1
    assert expected in findings[0]


@pytest.mark.parametrize("written", ["1405-02-31", "'1405-02-31'", "۱۴۰۵-۰۲-۳۱", "2026-05-21"])
def test_days_of_a_jalali_brand_may_be_jalali(tmp_path: Path, written: str) -> None:
    card = CARD.replace("acme", "sib")
    plans, findings = load(tmp_path, f"{{kpi: leads, target: 12, valid_from: {written}}}", card)
    assert findings == []
    assert plans.scorecards[0].kpis[0].valid_from == date(2026, 5, 21)


def test_versions_and_ends_are_compared_by_the_converted_day(tmp_path: Path) -> None:
    kpis = (
        "{kpi: leads, target: 12, valid_from: 1405-01-01}\n{kpi: leads, target: 14, valid_from: 2026-03-21}\n"
        "{kpi: purchases, target: 1, valid_from: 1405-01-01}\n{kpi: purchases, target: 2, valid_from: 2026-01-01}"
    )
    plans, findings = load(tmp_path, kpis, CARD.replace("acme", "sib"))
    assert findings == [
        "scorecards.yml:9 (scorecards[0].kpis[1]): leads has two targets that are valid from 2026-03-21."
    ]
    days = [target.valid_from for target in plans.scorecards[0].kpis]
    assert days == [date(2026, 3, 21), date(2026, 3, 21), date(2026, 3, 21), date(2026, 1, 1)]
    objective = OBJECTIVE.replace("acme", "sib").replace("2026-01-01", "1405-01-01")
    _, findings = read(tmp_path, objective.replace("valid_from", "valid_to: 1404-12-29\n    valid_from"))
    assert "valid_to is before valid_from" in findings[0]


@pytest.mark.parametrize(
    ("brand", "written", "expected"),
    [
        (
            "acme",
            "1405-01-10",
            "'1405-01-10' is a Jalali day, and the brand has the Gregorian calendar; write it as 2026-03-30",
        ),
        ("acme", "1405-02-31", "write it as 2026-05-21"),
        ("acme", "0026-01-01", "'0026-01-01' is no day; write one such as 2026-03-21"),
        ("acme", "20260101", "'20260101' is no day; write year, month and day, such as 2026-03-21"),
        ("sib", "1405-13-01", "'1405-13-01' is no day; write one such as 1405-01-01 or 2026-03-21"),
        ("sib", "1404-12-30", "'1404-12-30' is no day"),
        ("sib", "1289-01-01", "'1289-01-01' is no day"),
        ("sib", "۲۰۲۶-۰۲-۳۰", "is no day: day"),
    ],
)
def test_wrong_day_is_explained(tmp_path: Path, brand: str, written: str, expected: str) -> None:
    _, findings = load(
        tmp_path, f"{{kpi: leads, target: 12, valid_from: {written}}}", CARD.replace("acme", brand)
    )
    assert len(findings) == 1
    assert findings[0].startswith("scorecards.yml:8 (scorecards[0].kpis[0].valid_from): ")
    assert expected in findings[0]


def test_a_day_that_no_calendar_has_is_explained_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"scorecards.yml:8: '2026-13-01' is no day or time"):
        load(tmp_path, "{kpi: leads, target: 12, valid_from: 2026-13-01}")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "segment: email",
            "(scorecards[0].segment): segment 'email' has no segment_type, so it would be the whole brand. Write segment_type: channel",
        ),
        ("segment: Spring sale", "Write segment_type: campaign beside it"),
        ("segment_type: channel", "(scorecards[0].segment_type): segment_type 'channel' has no segment."),
    ],
)
def test_half_a_segment_is_explained(tmp_path: Path, lines: str, expected: str) -> None:
    card = CARD.replace("    grain: month\n", f"    grain: month\n    {lines}\n")
    _, findings = load(tmp_path, "{kpi: leads, target: 12}", card)
    assert len(findings) == 1
    assert expected in findings[0]


def test_an_empty_section_is_none_and_an_empty_list_is_explained(tmp_path: Path) -> None:
    plans, findings = read(tmp_path, "scorecards:\nobjectives:\nbudgets:\n")
    assert (plans.scorecards, plans.objectives, plans.budgets, findings) == ((), (), (), [])
    _, findings = read(tmp_path, CARD.replace("kpis:", "kpis: []"))
    assert findings == [
        "scorecards.yml:7 (scorecards[0].kpis): 'kpis' is empty; write at least one entry, such as "
        "- {kpi: leads, target: 200, unit: count, valid_from: 2026-01-01}."
    ]
    _, findings = read(tmp_path, CARD)
    assert "a list is needed here, such as - {kpi: leads" in findings[0]
    assert findings[0].endswith("; nothing stands there.")
    _, findings = load(tmp_path, "leads")
    assert "keys with values are needed here, such as - {kpi: leads" in findings[0]


def test_budget_months_are_those_of_the_brand(tmp_path: Path) -> None:
    plans, findings = read(
        tmp_path,
        "budgets:\n"
        "  - {brand: acme, channel: paid_search, month: 2026-11, amount: 1200.50}\n"
        "  - {brand: sib, channel: paid_search, month: 1405-08, amount: 5000000}\n"
        "  - {brand: sib, channel: email, month: ۱۴۰۵-۰۹, amount: ۱٫۵}\n",
    )
    assert findings == []
    assert [(budget.month_start, budget.amount) for budget in plans.budgets] == [
        (date(2026, 11, 1), Decimal("1200.5")),
        (date(2026, 10, 23), Decimal(5000000)),
        (date(2026, 11, 22), Decimal("1.5")),
    ]


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (
            "{brand: acme, channel: email, month: 1405-08, amount: 1}",
            "scorecards.yml:2 (budgets[0].month): '1405-08' is no month of the brand's gregorian calendar; "
            "write year and month, such as 2026-11.",
        ),
        ("{brand: sib, channel: email, month: 2026-11, amount: 1}", "such as 1405-08"),
        ("{brand: acme, channel: email, month: 2026-13, amount: 1}", "'2026-13' is no month"),
        ("{brand: acme, channel: email, month: 2026-11-01, amount: 1}", "'2026-11-01' is no month"),
        ("{brand: acme, channel: email, month: 202611, amount: 1}", "'202611' is no month"),
        ("{brand: acme, channel: email, month: 2026-11, amount: -1}", "(budgets[0].amount)"),
        ("{brand: acme, channel: email, month: 2026-11}", "the key 'amount' is required and missing"),
        ("{brand: nobody, channel: email, month: 2026-11, amount: 1}", "there is no brand 'nobody'"),
    ],
)
def test_wrong_budget_is_explained(tmp_path: Path, budget: str, expected: str) -> None:
    _, findings = read(tmp_path, f"budgets:\n  - {budget}\n")
    assert len(findings) == 1
    assert expected in findings[0]
