"""``sanjeh suggest``: what it chooses, where targets come from, that its own lint likes it, what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from orchestration.cli import cli
from orchestration.errors import LookupFailure, SettingsError, WorkspaceError
from orchestration.scorecard_suggestion import Suggestion, round_easily, suggest
from orchestration.scorecard_suggestion_view import as_yaml
from orchestration.scorecards import Goal, Grain, load_catalogue
from orchestration.settings import load_settings
from orchestration.starter import create_workspace
from orchestration.workspace import Workspace
from tests.unit.scorecards.conftest import HISTORY, Desk
from tests.unit.scorecards.published_history import Months

KPIS = load_catalogue().kpis


def propose(
    desk: Desk, goal: Goal = Goal.LEADS, brand: str = "acme", grain: Grain = Grain.MONTH
) -> Suggestion:
    return suggest(desk.workspace, load_settings(desk.workspace), brand=brand, goal=goal, grain=grain)


def names(suggestion: Suggestion) -> list[str]:
    return [proposal.kpi.kpi_id for proposal in suggestion.proposals]


def test_core_kpis_come_first_and_reported_opens_never(desk: Desk) -> None:
    assert names(propose(desk)) == [
        "leads",
        "qualified_leads",
        "form_conversion_rate",
        "cost_per_lead",
        "cost_per_conversion",
    ]


def test_target_is_the_60th_percentile_of_the_good_side_and_baseline_the_median(desk: Desk) -> None:
    leads, _, _, cost, _ = propose(desk).proposals
    # 140 150 160 190 210: 60th percentile 172, median 160; 31 29 25 19.5: 40th percentile 25.8, median 27
    assert (leads.target, leads.baseline, leads.best, leads.reached) == (172, 160, 210, 2)
    assert (cost.target, cost.baseline, cost.best, cost.reached) == (26, 27, 19.5, 2)


def test_only_recent_months_count(desk: Desk) -> None:
    desk.publish(
        {**HISTORY, "leads": Months(values=[100, 110, 120, 130, 140, 150, 160, 170, 180, 190, 200, 210])}
    )
    assert propose(desk).proposals[0].series.starts[0] == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("value", "kpi", "expected"),
    [
        (172.4, "leads", 172),
        (9.7, "leads", 9),
        (0.4, "leads", 0),
        (1_004_321, "revenue", 1_000_000),
        (1_294_321, "revenue", 1_290_000),
        (0.083456, "email_click_rate", 0.083),
        (0.08789, "email_click_rate", 0.0878),
        (25.81, "cost_per_lead", 26),
        (0.00287, "email_unsubscribe_rate", 0.00287),
        (-12.34, "nps", -12.4),
        (0, "leads", 0),
    ],
)
def test_rounding_is_to_the_easy_side(value: float, kpi: str, expected: float) -> None:
    assert round_easily(value, KPIS[kpi]) == expected


def test_what_is_pasted_is_clean_and_starts_with_the_next_period(desk: Desk) -> None:
    text = as_yaml(propose(desk))
    assert desk.lint(text) == []
    card = load_settings(desk.workspace).scorecards[0]
    assert (card.id, card.name, card.name_fa, card.owner) == (
        "acme_leads",
        "Acme leads",
        "لیدهای اکمی",
        "performance",
    )
    assert {target.valid_from for target in card.kpis} == {date(2026, 1, 1)}


def test_it_may_be_appended_to_the_file_that_init_made(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = create_workspace(tmp_path / "new").scorecards_file
    desk.workspace.scorecards_file.write_bytes(made.read_bytes())
    words = ["--workspace", str(desk.workspace.root), "suggest", "--brand", "acme", "--goal", "leads"]
    cli.main(words, standalone_mode=False)
    first = capsys.readouterr()
    assert first.err == ""
    with desk.workspace.scorecards_file.open("a", encoding="utf-8") as file:
        file.write(first.out)
    assert [card.id for card in load_settings(desk.workspace).scorecards] == ["acme_leads"]
    # The second one has its place below the first one.
    cli.main(words, standalone_mode=False)
    second = capsys.readouterr()
    assert "(scorecards) is there already: paste this from `- id` on below it" in second.err
    text = desk.workspace.scorecards_file.read_text(encoding="utf-8")
    desk.write(text + second.out)
    with pytest.raises(SettingsError, match="Put the entries of both below one of them"):
        load_settings(desk.workspace)
    desk.write(text + second.out[second.out.index("  - id") :])
    assert len(load_settings(desk.workspace).scorecards) == 2


def test_a_suggestion_beside_an_existing_card_says_so_and_has_an_id_of_its_own(desk: Desk) -> None:
    desk.write(as_yaml(propose(desk)))
    again = propose(desk)
    assert again.card.id == "acme_leads_2"
    assert "# Scorecard acme_leads has targets for some of these KPIs" in as_yaml(again)


def test_funnel_that_the_volume_can_not_carry_is_not_proposed(desk: Desk) -> None:
    history = {
        name: HISTORY[name]
        for name in ("leads", "form_conversion_rate", "email_click_rate", "qualified_leads")
    }
    desk.publish(history)
    assert "email_click_rate" in names(propose(desk))
    desk.publish(
        {**history, "email_click_rate": Months(values=HISTORY["email_click_rate"].values, denominator=90)}
    )
    assert names(propose(desk)) == ["leads", "qualified_leads", "form_conversion_rate"]


@pytest.mark.parametrize(
    "useless",
    [
        Months(values=[140, 150, 160]),  # too short
        Months(values=[0, 0, 0, 0, 0]),  # a target of zero
        Months(values=[1, 2, 3, 4], status="provisional"),
        Months(values=[5, 6, 7, 8, *[None] * 8]),  # not measured any more
    ],
)
def test_kpi_without_a_usable_history_is_left_out(desk: Desk, useless: Months) -> None:
    desk.publish({**HISTORY, "qualified_leads": useless})
    assert "qualified_leads" not in names(propose(desk))


def test_one_of_two_kpis_made_of_the_same_measures_is_enough(desk: Desk) -> None:
    roi = Months(values=[0.2, 0.4, 0.6, 0.5])
    desk.publish({**HISTORY, "marketing_roi": roi, "marketing_roi_revenue_basis": roi})
    chosen = names(propose(desk, Goal.SALES))
    assert "marketing_roi" in chosen
    assert "marketing_roi_revenue_basis" not in chosen


def test_a_kpi_that_never_differed_from_another_is_left_out(desk: Desk) -> None:
    desk.publish({**HISTORY, "aov_paid": HISTORY["aov"]})
    assert names(propose(desk, Goal.SALES)) == ["purchases", "revenue", "aov", "cost_per_conversion"]


def test_target_and_baseline_differ_where_three_figures_show_it(desk: Desk) -> None:
    desk.publish({**HISTORY, "leads": Months(values=[1000, 1002, 1004, 1006, 1008])})
    leads = propose(desk).proposals[0]
    assert (leads.target, leads.baseline) == (1000, 1000)
    desk.publish({**HISTORY, "form_conversion_rate": Months(values=[0.9218, 0.9262, 0.9266, 0.9271, 0.9301])})
    forms = propose(desk).proposals[2]
    assert (forms.target, forms.baseline) == (0.926, 0.926)


def test_too_few_kpis_is_a_paragraph_with_a_way_out(desk: Desk) -> None:
    with pytest.raises(LookupFailure) as refused:
        propose(desk, Goal.RETENTION)
    text = str(refused.value)
    assert "acme can't have a scorecard for retention by month yet" in text
    assert "it takes 3 to 5 KPIs with a history, and there are only repeat_purchase_rate, email_unsub" in text
    assert "It has enough for leads, sales." in text
    assert "net_revenue_retention" in text


def test_support_alone_makes_no_scorecard(desk: Desk) -> None:
    desk.publish(
        {
            name: HISTORY[name]
            for name in ("email_click_rate", "email_unsubscribe_rate", "cost_per_conversion")
        }
    )
    with pytest.raises(LookupFailure, match="no KPI with a history measures leads itself"):
        propose(desk)


def test_unknown_brand_and_nothing_published_are_explained(desk: Desk) -> None:
    with pytest.raises(LookupFailure, match=r"There is no brand acne in the published file\. Near: acme"):
        propose(desk, brand="acne")
    desk.workspace.published_file.unlink()
    with pytest.raises(WorkspaceError, match="Nothing is published yet"):
        propose(desk)


def run(workspace: Workspace, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "orchestration.cli", "-w", str(workspace.root), "suggest", *words]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_command_prints_yaml_or_a_table_and_one_paragraph_for_wrong_words(desk: Desk) -> None:
    pasted = run(desk.workspace, "--brand", "Acme", "--goal", "leads")
    assert [kpi["kpi"] for kpi in yaml.safe_load(pasted.stdout)["scorecards"][0]["kpis"]] == names(
        propose(desk)
    )
    table = run(desk.workspace, "--brand", "acme", "--goal", "leads", "--format", "table")
    assert "≤ 26.00 GBP" in table.stdout
    unknown = run(desk.workspace, "--brand", "acne", "--goal", "leads")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("Error: There is no brand acne")
    goal = run(desk.workspace, "--brand", "acme", "--goal", "fame")
    assert goal.returncode == 2
    assert "'awareness', 'engagement', 'leads', 'sales', 'retention'" in goal.stderr
