"""The lint as a whole: order, acceptance, what history counts, what reaches the warehouse and the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest

from orchestration.control import prepare_build
from orchestration.run_lock import run_lock
from orchestration.run_state import start_run
from orchestration.scorecard_lint import Severity
from orchestration.settings import load_settings
from orchestration.workspace import Workspace
from tests.unit.scorecards.conftest import HISTORY, PLANS, Desk
from tests.unit.scorecards.published_history import Months

NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)
UNREACHABLE = PLANS.replace("baseline: 30, target: 20", "baseline: 30, target: 10")
LATER = """\
scorecards:
  - id: email
    brand: acme
    name: E-mail
    goal: leads
    grain: month
    owner: crm
    kpis:
      - {kpi: leads, target: 200, unit: count, valid_from: 2026-01-01}
"""


def codes(desk: Desk, plans: str) -> list[str]:
    return [finding.code for finding in desk.lint(plans)]


def test_findings_come_in_the_order_of_the_file_and_twice_the_same(desk: Desk) -> None:
    plans = (
        PLANS.replace("paid_search", "paid_serch")
        .replace("weight: 0.6", "weight: 0.5")
        .replace("unit: count, tolerance", "tolerance")
        .replace("target: 0.15", "target: 15")
    )
    found = desk.lint(plans)
    assert [finding.code for finding in found] == ["rate_as_percent", "no_unit", "weights", "unknown_channel"]
    assert [finding.severity for finding in found] == [
        Severity.WARNING,
        Severity.WARNING,
        Severity.ERROR,
        Severity.ERROR,
    ]
    assert [finding.scorecard_id for finding in found] == ["email", "email", None, None]
    assert desk.lint(plans) == found


def test_a_plan_accepts_its_own_warnings_and_no_error(desk: Desk) -> None:
    accepting = PLANS.replace("    owner: cmo\n", "    owner: cmo\n    accept: [unattainable]\n")
    unreachable = accepting.replace("baseline: 30, target: 20", "baseline: 30, target: 10")
    assert codes(desk, UNREACHABLE) == ["unattainable"]
    assert codes(desk, unreachable) == []
    assert codes(desk, unreachable.replace("weight: 0.6", "weight: 0.7")) == ["weights"]
    on_the_card = PLANS.replace("    owner: crm\n", "    owner: crm\n    accept: [unattainable]\n")
    assert codes(desk, on_the_card.replace("baseline: 30, target: 20", "baseline: 30, target: 10")) == [
        "unattainable"
    ]


@pytest.mark.parametrize(
    ("costs", "is_flagged"),
    [
        (Months(values=[31, 29, 25, 19.5]), True),
        (Months(values=[31, 25, 19.5]), False),  # too short to say
        (Months(values=[31, 29, 25, 19.5], status="provisional"), False),
        (Months(values=[31, 29, 25, 19.5], status="stale"), False),
        (Months(values=[31, 29, 25, 9.5]), False),  # reached once
        (Months(values=[40, 31, 22, 13]), False),  # one usual step of 9 away
        (Months(values=[31, None, 29, 25, 19.5]), True),
    ],
)
def test_only_a_long_final_history_says_what_is_attainable(
    desk: Desk, costs: Months, *, is_flagged: bool
) -> None:
    desk.publish({**HISTORY, "cost_per_lead": costs})
    assert codes(desk, UNREACHABLE) == (["unattainable"] if is_flagged else [])


def test_an_incomplete_month_is_no_history_of_a_sum(desk: Desk) -> None:
    plans = LATER.replace("target: 200", "target: 20")
    desk.publish({"leads": Months(values=[25, 9, 9, 9, 9])})
    assert codes(desk, plans) == []
    desk.publish({"leads": Months(values=[25, 9, 9, 9, 9], partial=3)})
    (finding,) = desk.lint(plans)
    assert "its 4 final months since 2025-09-01: best 9," in finding.message


def test_one_kpi_is_enough_where_the_brand_measures_no_more(desk: Desk) -> None:
    assert codes(desk, LATER) == ["too_few_kpis"]
    desk.publish({"leads": HISTORY["leads"], "repeat_purchase_rate": HISTORY["repeat_purchase_rate"]})
    assert codes(desk, LATER) == []


def test_a_business_kpi_that_nothing_measures_is_not_asked_for(desk: Desk) -> None:
    plans = LATER.replace(
        "{kpi: leads, target: 200, unit: count", "{kpi: email_click_rate, target: 8, unit: percent"
    )
    desk.publish({"email_click_rate": HISTORY["email_click_rate"]})
    assert codes(desk, plans) == []
    desk.publish({name: HISTORY[name] for name in ("email_click_rate", "leads")})
    assert codes(desk, plans) == ["no_business_kpi", "too_few_kpis"]


def test_without_history_the_volume_is_a_question(desk: Desk) -> None:
    desk.workspace.published_file.unlink()
    (finding,) = desk.lint(PLANS)
    assert finding.message == (
        "200 leads at 15.00 % (form_conversion_rate) of 8.00 % (email_click_rate) need 16,667 deliveries a month: "
        "is that planned?"
    )


def test_a_segment_is_compared_with_its_own_history(desk: Desk) -> None:
    newsletter = {
        name: Months(values=HISTORY[name].values, denominator=500, segment_type="channel", segment="email")
        for name in ("email_click_rate", "form_conversion_rate", "leads")
    }
    desk.publish({**HISTORY, **newsletter})
    plans = PLANS[: PLANS.index("objectives:")].replace(
        "    owner: crm\n", "    owner: crm\n    segment_type: channel\n    segment: email\n"
    )
    (finding,) = desk.lint(plans)
    assert "acme had 500 in its best month" in finding.message


def test_an_unreadable_published_file_only_silences_history(desk: Desk) -> None:
    desk.workspace.published_file.write_bytes(b"no database")
    assert codes(desk, UNREACHABLE) == ["funnel_volume"]


def prepare(workspace: Workspace) -> None:
    workspace.prepare()
    with run_lock(workspace, run_id="a", started_at=NOW):
        start_run(workspace, run_id="a", started_at=NOW)
        prepare_build(workspace, load_settings(workspace), run_id="a", as_of=NOW, built_at=NOW)


def test_the_build_gets_what_can_be_computed_and_the_findings(desk: Desk) -> None:
    desk.write(
        PLANS.replace("target: 200, ", "")
        .replace("weight: 0.6", "weight: 0.5")
        .replace("1200}", "1200}\n  - {brand: acme, channel: fax, month: 2026-01, amount: 1}")
    )
    prepare(desk.workspace)
    with duckdb.connect(str(desk.workspace.build_db), read_only=True) as con:
        targets = con.execute(
            "select kpi_id, position, target from control.targets order by position"
        ).fetchall()
        results = con.execute("select * from control.key_results").fetchall()
        budgets = con.execute(
            "select channel_id, month_start::varchar, amount from control.budgets"
        ).fetchall()
        findings = con.execute(
            "select code, severity, brand_id, scorecard_id, object, message, remedy from control.scorecard_findings"
        ).fetchall()
    assert targets == [("email_click_rate", 1, 0.08), ("form_conversion_rate", 2, 0.15)]
    assert results == []
    assert budgets == [("paid_search", "2026-01-01", Decimal(1200))]
    assert [finding[:4] for finding in findings] == [
        ("no_target", "error", "acme", "email"),
        ("weights", "error", "acme", None),
        ("unknown_channel", "error", "acme", None),
    ]
    assert findings[0][4:] == (
        "scorecards.yml:11 (scorecards[0].kpis[2].target)",
        "leads of scorecard email has no target. Without a number nobody can tell whether it was reached.",
        "Write target: with a plain number and its unit (count); `sanjeh suggest` proposes one.",
    )


def test_whole_plans_reach_the_build_in_their_own_units(desk: Desk) -> None:
    desk.write(PLANS)
    prepare(desk.workspace)
    with duckdb.connect(str(desk.workspace.build_db), read_only=True) as con:
        objectives = con.execute(
            "select objective_id, grain, owner, valid_from::varchar, valid_to from control.objectives"
        ).fetchall()
        results = con.execute(
            "select position, kpi_id, direction, baseline, target, weight from control.key_results order by position"
        ).fetchall()
        assert con.execute("select count(*) from control.scorecard_findings").fetchall() == [(0,)]
    assert objectives == [("grow", "month", "cmo", "2026-01-01", None)]
    assert results == [
        (1, "qualified_leads", "higher", 40, 60, 0.6),
        (2, "cost_per_lead", "lower", 30, 20, 0.4),
    ]


def check(workspace: Workspace, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "orchestration.cli", "-w", str(workspace.root), "check", *words]
    environment = {**os.environ, "COLUMNS": "400"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_check_passes_with_warnings_and_strict_fails_them(desk: Desk) -> None:
    desk.write(UNREACHABLE)
    for folder in ("mail", "crm", "forms", "shop", "costs"):
        (desk.workspace.exports / folder).mkdir(parents=True)
    relaxed, strict = check(desk.workspace), check(desk.workspace, "--strict")
    assert (relaxed.returncode, strict.returncode) == (0, 1), relaxed.stdout + relaxed.stderr
    assert "unattainable" in relaxed.stdout
    assert "│ warning │" in relaxed.stdout
    assert strict.stderr.startswith("Error: 1 warning, and with --strict warnings fail: unattainable.")
    desk.write(PLANS)
    assert check(desk.workspace, "--strict").returncode == 0


def test_check_fails_what_can_not_be_computed(desk: Desk) -> None:
    desk.write(PLANS.replace("target: 200, ", ""))
    done = check(desk.workspace)
    assert done.returncode == 1
    assert "checks failed: no_target" in done.stderr
    assert "scorecards.yml:11 (scorecards[0].kpis[2].target)" in done.stdout
