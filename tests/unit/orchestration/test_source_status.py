"""``sanjeh status``: the days that sources owe, what its words mean, and what to do without a source."""

from __future__ import annotations

from pathlib import Path

import duckdb
from click.testing import CliRunner

from orchestration.cli import cli
from orchestration.source_status import overdue_days
from orchestration.workspace import Workspace


def _published(workspace: Workspace, *rows: tuple[str, str, str, bool]) -> None:
    workspace.published_file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(workspace.published_file)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_missing_days (source_id varchar, measure varchar, missing_date date, "
            "is_overdue boolean)"
        )
        if rows:
            connection.executemany("insert into marts.fct_missing_days values (?, ?, ?, ?)", rows)


def _status(root: Path) -> str:
    done = CliRunner().invoke(cli, ["--workspace", str(root), "status"])
    assert done.exit_code == 0, done.output
    return done.output


def test_overdue_days_count_once_per_source_and_name_the_newest_gap(workspace: Workspace) -> None:
    _published(
        workspace,
        *(
            ("shop", measure, f"2026-02-{day:02}", True)
            for measure in ("mrr", "subscribers")
            for day in (3, 16, 17)
        ),
        ("shop", "mrr", "2026-03-01", False),
        ("web", "sessions", "2026-02-01", True),
    )

    shop, web = overdue_days(workspace)

    assert shop.startswith(
        "shop: 3 days are overdue in the published version: 2 gaps, the newest 2026-02-16 to 2026-02-17."
    )
    assert web.startswith("web: 1 day is overdue in the published version: 2026-02-01.")


def test_status_explains_its_words_and_tells_overdue_days(workspace: Workspace) -> None:
    before = _status(workspace.root)
    assert "final, it did and nothing new or corrected is awaited" in before
    assert "overdue" not in before

    _published(workspace, ("acme_orders", "orders", "2026-01-05", True))
    assert "acme_orders: 1 day is overdue" in _status(workspace.root)


def test_status_stands_when_the_published_file_cannot_be_read(workspace: Workspace) -> None:
    workspace.published_file.parent.mkdir(parents=True, exist_ok=True)
    workspace.published_file.write_text("no database", encoding="utf-8")

    text = _status(workspace.root)

    assert "acme_orders" in text
    assert "can't be read" in text


def test_status_of_a_new_workspace_says_what_to_do(tmp_path: Path) -> None:
    root = tmp_path / "new"
    assert CliRunner().invoke(cli, ["init", str(root)]).exit_code == 0

    text = _status(root)

    assert "No source is set up yet." in text
    assert "sanjeh check" in text
    assert "┃" not in text
