"""A workspace on the real data whose published file a real run replaces while others read it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import duckdb
import yaml

from orchestration.published_file import attach
from tests.integration.warehouse import Workspace, environment

EXAMPLE = Path(__file__).parents[2] / "examples" / "real"


def prepared(home: Path) -> Workspace:
    """The workspace in ``home``, made and published with all copies if it isn't yet."""
    workspace = Workspace(home)
    if not (home / "sanjeh.yml").is_file():
        shutil.copytree(EXAMPLE, home, dirs_exist_ok=True)
    settings = yaml.safe_load((home / "sanjeh.yml").read_text(encoding="utf-8"))
    settings["publish"] |= {"per_brand": True, "parquet": True}
    (home / "sanjeh.yml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    workspace.sanjeh(*(("publish",) if workspace.published.exists() else ("run",)))
    return workspace


def drop_late_order(workspace: Workspace) -> None:
    """Drop a file that changes the gift shop's newest day, another amount each time."""
    (workspace.home / "exports" / "uk_gift_shop" / "late_orders.csv").write_text(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        f"999999,22423,1,2011-12-09 15:00:00,{100 + version(workspace)}.00,17850,United Kingdom\n",
        encoding="utf-8",
    )


def begin(workspace: Workspace, *words: str) -> subprocess.Popen[str]:
    """``sanjeh`` with these words, beside what this process does."""
    return subprocess.Popen(
        workspace.command(*words),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(),
    )


def version(workspace: Workspace) -> int:
    """The version that a reader who opens the published file now sees."""
    return int(answer(workspace.published, "select version from marts.publication")[0][0])


def version_file(workspace: Workspace, number: int) -> Path:
    """The retained file of a version."""
    return workspace.published.parent / "versions" / f"kpi-{number}.duckdb"


def answer(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows of a query; the file is opened anew, whatever else this process has open."""
    with duckdb.connect(":memory:") as con:
        con.execute("set TimeZone = 'UTC'")
        attach(con, path, "kpi")
        con.execute("use kpi")
        return con.execute(sql).fetchall()
