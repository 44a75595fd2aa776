"""The walk-through of docs/add_a_kpi.md works as printed: its rows make a KPI at all four grains."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from connectors.calendar.make import CalendarKey, land_calendar
from orchestration.control import open_raw_zone, prepare_build
from orchestration.dbt_runtime import dbt_environment, dbt_executable
from orchestration.kpi_dictionary import Seeds, render_dictionary
from orchestration.ledger import GRAINS
from orchestration.run_lock import run_lock
from orchestration.run_state import start_run
from orchestration.settings import load_settings
from orchestration.workspace import Workspace, dbt_project_dir

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "add_a_kpi.md"
NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
KPI = "cart_abandonment_rate"
SETTINGS = """
project: {name: Docs, timezone: UTC, currency: EUR}
brands:
  shop: {name: Shop}
  blog: {name: Blog}
sources:
  shop_web: {connector: ga4_report_file, brand: shop, path: exports/shop.csv, expect: none}
  blog_web: {connector: ga4_report_file, brand: blog, path: exports/blog.csv, expect: none}
"""
REPORT = """# ----------------------------------------
# Events
# Start date: 20261001
# End date: 20261130
# ----------------------------------------

Date,Event name,Event count
"""
EVENTS = [("20261001", 60, 15), ("20261002", 40, 25), ("20261101", 50, 10)]
"""Day, checkouts begun, purchases."""


def blocks() -> dict[str, str]:
    """CSV of the page by the seed that its first line names."""
    return dict(re.findall(r"```csv\n# (\S+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the dbt project with the rows of the page."""
    copy = tmp_path_factory.mktemp("docs") / "dbt_project"
    shutil.copytree(dbt_project_dir(), copy, ignore=shutil.ignore_patterns("target", "logs"))
    for name, text in blocks().items():
        seed = copy / "seeds" / name
        with seed.open(encoding="utf-8", newline="") as file:
            columns = csv.DictReader(file).fieldnames
        assert columns is not None
        with seed.open("a", encoding="utf-8", newline="") as file:
            # A column that no seed has, or a row with one value too many, fails here.
            writer = csv.DictWriter(file, columns, restval="", extrasaction="raise", lineterminator="\n")
            writer.writerows(csv.DictReader(io.StringIO(text)))
    return copy


@pytest.fixture(scope="module")
def build_file(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The build file of a workspace with two brands; only one has the events."""
    home = tmp_path_factory.mktemp("workspace")
    workspace = Workspace(home)
    (home / "sanjeh.yml").write_text(SETTINGS, encoding="utf-8")
    workspace.prepare()
    lines = [f"{day},begin_checkout,{begun}\n{day},Purchase,{bought}\n" for day, begun, bought in EVENTS]
    (workspace.exports / "shop.csv").write_text(REPORT + "".join(lines), encoding="utf-8")
    (workspace.exports / "blog.csv").write_text(
        "# Days\n# Start date: 20261001\n# End date: 20261002\n\nDate,Sessions\n20261001,5\n20261002,6\n",
        encoding="utf-8",
    )
    settings = load_settings(workspace)
    zone = open_raw_zone(workspace, settings)
    with run_lock(workspace, run_id="docs", started_at=NOW):
        load_id = start_run(workspace, run_id="docs", started_at=NOW).load_id
        keys = [CalendarKey.parse(key) for key in settings.calendar_keys()]
        land_calendar(zone, keys, load_id=load_id, loaded_at=NOW)
        for source in settings.sources.values():
            landed = source.open(workspace).land(zone, load_id=load_id, loaded_at=NOW)
            assert [each.error for each in landed if each.error] == []
        prepare_build(workspace, settings, run_id="docs", as_of=NOW, built_at=NOW)
    facts = [f"+fct_kpi_{suffix}" for suffix in GRAINS.values()]
    done = subprocess.run(
        [
            str(dbt_executable()),
            *("--quiet", "build", "--exclude-resource-type=unit_test", "--indirect-selection=cautious"),
            *("--select", *facts, "dim_kpi"),
            *(f"--project-dir={project}", f"--profiles-dir={project}"),
            *(f"--target-path={home / 'target'}", f"--log-path={home / 'logs'}"),
        ],
        env={**os.environ, **dbt_environment(workspace)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace.build_db


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [
        ("daily", [("2026-10-01", 45, 60), ("2026-10-02", 15, 40), ("2026-11-01", 40, 50)]),
        ("weekly", [("2026-09-28", 60, 100), ("2026-10-26", 40, 50)]),
        ("monthly", [("2026-10-01", 60, 100), ("2026-11-01", 40, 50)]),
        ("quarterly", [("2026-10-01", 100, 150)]),
    ],
)
def test_the_kpi_has_values_at_every_grain(
    build_file: Path, suffix: str, expected: list[tuple[str, int, int]]
) -> None:
    with duckdb.connect(str(build_file), read_only=True) as con:
        rows = con.execute(
            "select cast(period_start as varchar), numerator, denominator, value, status "
            f"from marts.fct_kpi_{suffix} where kpi_id = ? and value is not null "
            "and segment_type = 'overall' and brand_id = 'shop' order by 1",
            [KPI],
        ).fetchall()
    assert [(day, numerator, denominator) for day, numerator, denominator, _, _ in rows] == expected
    assert [value for *_, value, _ in rows] == [
        pytest.approx(above / below, rel=1e-12) for _, above, below in expected
    ]
    assert {status for *_, status in rows} == {"final"}


def test_a_brand_without_the_events_has_no_row(build_file: Path) -> None:
    with duckdb.connect(str(build_file), read_only=True) as con:
        brands = con.execute(
            "select distinct brand_id from marts.fct_kpi_monthly where kpi_id = ?", [KPI]
        ).fetchall()
    assert brands == [("shop",)]


def test_the_dictionary_describes_it(project: Path) -> None:
    text = render_dictionary(Seeds.read(project / "seeds"))
    assert f"\n### {KPI}\n" in text
    assert "| measures | (`checkouts_begun` - `checkouts_bought`) / `checkouts_begun` |" in text
    assert "| sources | ga4/events |" in text
