"""A run leaves as it is what can't have changed, and says the same as one that builds everything.

``test_incremental`` and ``tests/properties`` hold partial builds against full refreshes over many changes; this
file shows what is left out, and that broken-off and failed builds are taken up again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.integration.test_incremental import HEADER, two_months
from tests.integration.warehouse import Workspace, differing_tables

pytestmark = pytest.mark.slow

ALL_STAND = "nothing it depends on has changed"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return two_months(tmp_path_factory.mktemp("nothing_new") / "workspace")


@contextmanager
def _build(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(workspace.home / "warehouse" / "build.duckdb")) as con:
        yield con


def test_a_story_of_runs_ends_where_a_full_refresh_does(finished: Workspace, tmp_path: Path) -> None:
    """Nothing new; a day later; a new file; a build that broke off; each time only what must be is built."""
    workspace = Workspace(shutil.copytree(finished.home, tmp_path / "workspace", copy_function=shutil.copy2))
    with _build(workspace) as con:
        con.execute(
            "create table main.sentinel as select max(built_at) as built_at from marts.fct_kpi_monthly"
        )

    said = workspace.sanjeh("run", "--as-of", "2026-11-01").stderr
    assert ALL_STAND in said
    assert "Nothing new to publish" in said
    with _build(workspace) as con:
        assert con.execute(
            "select max(f.built_at) = any_value(s.built_at) from marts.fct_kpi_monthly f, main.sentinel s"
        ).fetchall() == [(True,)]

    said = workspace.sanjeh("run", "--as-of", "2026-11-02").stderr
    assert "whose inputs have not changed stand" in said

    (workspace.home / "exports" / "lines" / "october.csv").write_text(
        HEADER + "2001,A-1,1,2026-10-01 09:00:00,7.00,c3\n", encoding="utf-8"
    )
    said = workspace.sanjeh("run", "--as-of", "2026-11-02").stderr
    assert "whose inputs have not changed stand" in said

    with _build(workspace) as con:  # as after a kill in the middle: forgotten, half of it not there
        con.execute("delete from control.built_nodes where unique_id like '%fct_orders'")
        con.execute("drop table marts.fct_orders")
    said = workspace.sanjeh("run", "--as-of", "2026-11-02").stderr
    assert "whose inputs have not changed stand" in said

    before = Path(shutil.copy(workspace.published, tmp_path / "before.duckdb"))
    workspace.sanjeh("run", "--as-of", "2026-11-02", "--full-refresh")
    assert differing_tables(before, workspace.published) == {}
