"""dbt as the pipeline calls it: executable, environment, and the parsed project (``manifest.json``).

Dagster needs the manifest to know the models before any run. It is made by ``dbt parse`` when it is missing
or the project's files changed, and kept in ``dbt_project/target``, or in the user's cache folder where that
can't be written. A project that doesn't parse is a :class:`WorkspaceError` with dbt's own words.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace, dbt_project_dir

SOURCE_SUFFIXES = frozenset({".sql", ".yml", ".csv", ".md"})
GENERATED_FOLDERS = frozenset({"target", "logs"})
PARSED_DATABASE = "build.duckdb"
"""Database file that is named when parsing; Dagster shows it as the place of each model."""
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


def project_hash(project: Path) -> str:
    """Hash of everything the manifest follows from: the project's files and place, and the version of dbt."""
    digest = hashlib.sha256(f"{version('dbt-core')}\0{project}\0{PARSED_DATABASE}".encode())
    for path in sorted(project.rglob("*")):
        relative = path.relative_to(project)
        if path.suffix in SOURCE_SUFFIXES and relative.parts[0] not in GENERATED_FOLDERS:
            digest.update(f"\0{relative}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepare_manifest(project: Path | None = None) -> Path:
    """Path of an up-to-date ``manifest.json``; parses the project when that is needed.

    Raises:
        WorkspaceError: dbt can't parse the project.
    """
    project = project or dbt_project_dir()
    folder = _manifest_folder(project)
    folder.mkdir(parents=True, exist_ok=True)
    manifest, stamp = folder / "manifest.json", folder / "manifest.hash"
    wanted = project_hash(project)
    with _exclusively(folder / ".lock"):
        if not (manifest.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
            _parse(project, into=folder)
            stamp.write_text(wanted, encoding="utf-8")
    return manifest


def failed_nodes(run_results: Mapping[str, object]) -> list[str]:
    """What went wrong in a finished ``dbt build``: one text per failed model, seed or test."""
    results = run_results.get("results")
    return [
        f"{str(result['unique_id']).split('.')[2]}: {str(result.get('message') or result['status']).strip()}"
        for result in (results if isinstance(results, list) else [])
        if result["status"] in {"error", "fail", "runtime error"}
    ]


def warned_counts(run_results: Mapping[str, object]) -> list[str]:
    """What tests of severity warn found, where only the engine that ran them could show the rows."""
    results = run_results.get("results")
    return [
        f"test {str(result['unique_id']).split('.')[2]} failed (warn): {result.get('failures')} rows"
        for result in (results if isinstance(results, list) else [])
        if result["status"] == "warn"
    ]


def warned_tests(run_results: Mapping[str, object], build_db: Path) -> list[str]:
    """What tests of severity warn found in a finished ``dbt build``: one text per test, with its first rows.

    Args:
        run_results: of the build.
        build_db: the database it wrote, which nobody has open.
    """
    results = run_results.get("results")
    warned = [r for r in (results if isinstance(results, list) else []) if r["status"] == "warn"]
    if not warned:
        return []
    texts = []
    with duckdb.connect(str(build_db), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        for result in warned:
            name = str(result["unique_id"]).split(".")[2]
            found = con.execute(str(result["compiled_code"]))
            columns = [str(column[0]) for column in found.description or ()]
            rows = found.fetchmany(SHOWN_ROWS)
            shown = "; ".join(
                ", ".join(f"{column} {value}" for column, value in zip(columns, row, strict=True))
                for row in rows
            )
            count = int(result.get("failures") or len(rows))
            more = f"; and {count - len(rows)} more" if count > len(rows) else ""
            texts.append(f"test {name} failed (warn): {shown}{more}")
    return texts


def _manifest_folder(project: Path) -> Path:
    if os.access(project, os.W_OK):
        return project / "target"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "sanjeh" / hashlib.sha256(str(project).encode()).hexdigest()[:16]


def _parse(project: Path, *, into: Path) -> None:
    with TemporaryDirectory(dir=into, prefix="parse-") as scratch:
        command = [
            str(dbt_executable()),
            "--quiet",
            "--log-level-file=none",
            "parse",
            "--no-partial-parse",
            f"--project-dir={project}",
            f"--profiles-dir={project}",
            f"--target-path={scratch}",
            f"--log-path={scratch}",
        ]
        environment = {
            **{name: value for name, value in os.environ.items() if name not in LIMIT_VARIABLES},
            "SANJEH_BUILD_DB": str(Path(scratch) / PARSED_DATABASE),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        done = subprocess.run(  # noqa: S603 - fixed words
            command, env=environment, cwd=project, capture_output=True, text=True, check=False
        )
        parsed = Path(scratch) / "manifest.json"
        if done.returncode != 0 or not parsed.is_file():
            said = " ".join((done.stdout + done.stderr).split())
            raise WorkspaceError(
                f"dbt can't parse the project {project}, so no run can start. It says: {said or 'nothing'}. "
                "Mend that file, or install Sanjeh again if you didn't change it."
            )
        parsed.replace(into / "manifest.json")


@contextmanager
def _exclusively(path: Path) -> Iterator[None]:
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


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
