"""scorecards.yml in a real run: the lint's findings reach dbt and the terminal, proposals pass their own lint."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.errors import LookupFailure
from orchestration.scorecard_lint import lint_workspace
from orchestration.scorecard_suggestion import suggest
from orchestration.scorecard_suggestion_view import as_yaml
from orchestration.scorecards import Goal, Grain
from orchestration.settings import load_settings
from orchestration.workspace import Workspace as Home
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow

SETTINGS = """\
project: {name: Small, currency: GBP}
brands:
  shop: {name: Shop}
sources:
  lines:
    connector: order_lines_file
    brand: shop
    path: exports/*.csv
    expect: until 2026-09-30
"""
PLANS = """\
scorecards:
  - id: sales
    brand: shop
    name: Sales
    goal: sales
    grain: month
    owner: shop-lead
    kpis:
      - {kpi: revenue, target: 1000000, unit: GBP, valid_from: 2026-01-01}
      - {kpi: purchases, unit: count, valid_from: 2026-01-01}
      - {kpi: aov, target: 10, valid_from: 2026-01-01}
"""
HEADER = "order_id,sku,quantity,unit_price,ordered_at,customer_id\n"


def findings(workspace: Workspace) -> list[tuple[object, ...]]:
    with duckdb.connect(str(workspace.home / "warehouse" / "build.duckdb"), read_only=True) as con:
        return con.execute("select * from control.scorecard_findings").fetchall()


def test_findings_are_tested_by_dbt_and_stay_the_same_over_unchanged_data(tmp_path: Path) -> None:
    shop = Workspace(tmp_path)
    (tmp_path / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "scorecards.yml").write_text(PLANS, encoding="utf-8")
    lines = [
        f"{month}{day:02},A1,1,{10 + month},2026-{month:02}-{day:02} 10:00,C{day}\n"
        for month in range(3, 10)
        for day in range(1, 29)
    ]
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "lines.csv").write_text(HEADER + "".join(lines), encoding="utf-8")

    first = shop.run()
    assert "assert_scorecards_are_smart failed (warn)" in first.stdout + first.stderr
    assert [row[0] for row in findings(shop)] == ["no_target", "no_unit"]
    assert shop.rows("select distinct kpi_id from marts.fct_scorecard order by 1") == [("aov",), ("revenue",)]

    shop.run()  # now there is a history
    known = findings(shop)
    assert [row[0] for row in known] == ["unattainable", "no_target", "no_unit"]
    shop.run()
    assert findings(shop) == known

    mended = PLANS.replace("1000000", "400").replace("purchases,", "purchases, target: 25,")
    (tmp_path / "scorecards.yml").write_text(
        mended.replace("10, valid", "18, unit: GBP, valid"), encoding="utf-8"
    )
    home = Home(tmp_path)
    assert lint_workspace(home, load_settings(home)) == []


def test_the_examples_leave_the_lint_nothing_to_say(real: Workspace) -> None:
    done = real.sanjeh("check", "--strict", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing to mend in scorecards.yml" in " ".join(done.stdout.split())


@pytest.mark.parametrize("grain", [Grain.MONTH, Grain.WEEK])
def test_every_proposal_for_the_examples_passes_its_own_lint(real_copy: Workspace, grain: Grain) -> None:
    home = Home(real_copy.home)
    proposed, refused = set(), {}
    for brand in load_settings(home).brands:
        for goal in Goal:
            home.scorecards_file.unlink(missing_ok=True)
            try:
                found = suggest(home, load_settings(home), brand=brand, goal=goal, grain=grain)
            except LookupFailure as error:
                refused[brand, goal] = str(error)
                continue
            home.scorecards_file.write_text(as_yaml(found), encoding="utf-8")
            assert lint_workspace(home, load_settings(home)) == [], (brand, goal)
            proposed.add((brand, goal.value))
    assert proposed >= {("uk_gift_shop", "sales"), ("uk_gift_shop", "retention")}
    assert ("carpentries", Goal.RETENTION) in refused
    assert all("can't have a scorecard for" in text for text in refused.values())
