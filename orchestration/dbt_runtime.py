"""dbt as the pipeline calls it: executable, environment, and what it says of a finished call."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.workspace import Workspace

SHOWN_ROWS = 3
LIMIT_VARIABLES = ("SANJEH_THREADS", "SANJEH_MEMORY_LIMIT")


def dbt_executable() -> Path:
    """The ``dbt`` installed beside this Python, whatever PATH says."""
    return Path(sys.executable).with_name("dbt")


def dbt_environment(workspace: Workspace) -> Mapping[str, str]:
    """Variables that ``profiles.yml`` reads, for the build database of ``workspace``."""
    return {
        "SANJEH_BUILD_DB": str(workspace.build_db),
        "SANJEH_TEMP_DIR": str(workspace.temp / "dbt"),
    }


def enter_dbt_environment(workspace: Workspace) -> None:
    """Set :func:`dbt_environment` in this process; limits that are set but empty count as not set."""
    os.environ.update(dbt_environment(workspace))
    for name in LIMIT_VARIABLES:
        if not os.environ.get(name, "").strip():
            os.environ.pop(name, None)


def build_arguments(*, full_refresh: bool) -> list[str]:
    """Arguments of dbt: models, seeds and data tests; unit tests test the SQL, which a run doesn't change."""
    return ["build", "--exclude-resource-type", "unit_test", *(["--full-refresh"] if full_refresh else [])]


def failed_nodes(run_results: Mapping[str, object]) -> list[str]:
    """What went wrong in a finished ``dbt build``: one text per failed model, seed or test."""
    return [
        f"{_name(result)}: {str(result.get('message') or result['status']).strip()}"
        for result in _results(run_results, "error", "fail", "runtime error")
    ]


def warned_counts(run_results: Mapping[str, object]) -> list[str]:
    """What tests of severity warn found, where only the engine that ran them could show the rows."""
    return [
        f"test {_name(result)} failed (warn): {result.get('failures')} rows"
        for result in _results(run_results, "warn")
    ]


def warned_nodes(run_results: Mapping[str, object]) -> list[str]:
    """Unique ids of the tests that warned in a finished ``dbt build``."""
    return [str(result["unique_id"]) for result in _results(run_results, "warn")]


def warned_tests(run_results: Mapping[str, object], build_db: Path) -> list[str]:
    """What tests of severity warn found in a finished ``dbt build``: one text per test, with its first rows.

    Args:
        run_results: of the build.
        build_db: the database it wrote, which nobody has open.
    """
    warned = _results(run_results, "warn")
    if not warned:
        return []
    import duckdb  # noqa: PLC0415 - most runs have nothing to tell

    texts = []
    with duckdb.connect(str(build_db), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        for result in warned:
            found = con.execute(str(result["compiled_code"]))
            columns = [str(column[0]) for column in found.description or ()]
            rows = found.fetchmany(SHOWN_ROWS)
            shown = "; ".join(
                ", ".join(f"{column} {value}" for column, value in zip(columns, row, strict=True))
                for row in rows
            )
            count = int(result.get("failures") or len(rows))
            more = f"; and {count - len(rows)} more" if count > len(rows) else ""
            texts.append(f"test {_name(result)} failed (warn): {shown}{more}")
    return texts


def forget_run_results(workspace: Workspace) -> None:
    """Drop the results of the call before, so that a call that ends early isn't told by them."""
    (workspace.dbt_target / "run_results.json").unlink(missing_ok=True)


def read_run_results(workspace: Workspace) -> Mapping[str, object]:
    """Results of the newest dbt call in ``workspace``; empty when it ended before writing any."""
    try:
        results = json.loads((workspace.dbt_target / "run_results.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return results if isinstance(results, dict) else {}


def _results(run_results: Mapping[str, object], *statuses: str) -> list[Mapping[str, Any]]:
    """Results of the nodes that ended with one of ``statuses``."""
    results = run_results.get("results")
    return [each for each in (results if isinstance(results, list) else []) if each["status"] in statuses]


def _name(result: Mapping[str, Any]) -> str:
    return str(result["unique_id"]).split(".")[2]
