"""scorecards.yml: KPIs by id or alias, targets with direction, findings with file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.scorecards import Catalogue, Direction, Scorecard, load_catalogue, load_scorecards

CATALOGUE = Catalogue(
    directions={"email_open_rate": Direction.HIGHER, "cost_per_lead": Direction.LOWER},
    aliases={"cpl": "cost_per_lead"},
)
CARD = """\
scorecards:
  - id: email
    brand: acme
    name: E-mail
    goal: leads
    grain: month
    kpis:
"""


def load(tmp_path: Path, kpis: str, card: str = CARD) -> tuple[tuple[Scorecard, ...], list[str]]:
    path = tmp_path / "scorecards.yml"
    path.write_text(card + "".join(f"      - {kpi}\n" for kpi in kpis.splitlines()), encoding="utf-8")
    return load_scorecards(path, brands=frozenset({"acme"}), catalogue=CATALOGUE)


def test_alias_becomes_an_id_and_direction_comes_from_the_catalogue(tmp_path: Path) -> None:
    cards, findings = load(tmp_path, "{kpi: CPL, target: 12, valid_from: 2026-01-01}")
    assert findings == []
    assert (cards[0].kpis[0].kpi, cards[0].kpis[0].direction) == ("cost_per_lead", Direction.LOWER)


@pytest.mark.parametrize(
    ("kpi", "expected"),
    [
        (
            "{kpi: email_opn_rate, target: 0.2, valid_from: 2026-01-01}",
            "scorecards.yml:8 (scorecards[0].kpis[0].kpi): there is no KPI 'email_opn_rate'. Did you mean",
        ),
        ("{kpi: CPL, target: 12}", "(scorecards[0].kpis[0].valid_from): the key 'valid_from' is required"),
        ("{kpi: CPL, target: .inf, valid_from: 2026-01-01}", "finite number"),
        ("{kpi: CPL, target: much, valid_from: 2026-01-01}", "valid number"),
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
