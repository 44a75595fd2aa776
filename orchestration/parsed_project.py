"""The dbt project as dbt has parsed it, kept for every process and workspace that runs it.

Parsing takes dbt ten seconds, and follows from the project's files, dbt's version and nothing of a
workspace. So it is done once, into a folder named by the hash of all that:
``dbt_project/target/parsed/<hash>``, or the user's cache folder where that can't be written.
``manifest.json`` is what Dagster reads, ``partial_parse.msgpack`` what dbt itself goes on with
(:mod:`orchestration.dbt_program`). A folder appears whole, by one rename, and never changes; two processes
that find it missing parse one after the other.

A project that doesn't parse is a :class:`WorkspaceError` with dbt's own words.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from orchestration.dbt_runtime import LIMIT_VARIABLES, dbt_executable
from orchestration.errors import WorkspaceError
from orchestration.workspace import dbt_project_dir

SOURCE_SUFFIXES = frozenset({".sql", ".yml", ".csv", ".md"})
GENERATED_FOLDERS = frozenset({"target", "logs"})
PROGRAMS = ("dbt-core", "dbt-duckdb")
MANIFEST, STATE = "manifest.json", "partial_parse.msgpack"
PARSED_DATABASE = "build.duckdb"
"""Database file that is named when parsing: the name of every workspace's."""
KEPT = 4
"""Parsed projects that are kept, newest first; an edit of the SQL makes another one."""


@dataclass(frozen=True, kw_only=True)
class ParsedProject:
    """One parsed state of the project.

    Attributes:
        digest: :func:`project_hash` of what was parsed.
        manifest: ``manifest.json``.
        state: dbt's own form of the same.
    """

    digest: str
    manifest: Path
    state: Path


def project_hash(project: Path) -> str:
    """Hash of all that the manifest follows from: the project's files and place, and the versions of dbt."""
    programs = "\0".join(f"{name} {version(name)}" for name in PROGRAMS)
    digest = hashlib.sha256(f"{programs}\0{project}\0{PARSED_DATABASE}".encode())
    for folder, folders, names in os.walk(project):
        if Path(folder) == project:
            folders[:] = [name for name in folders if name not in GENERATED_FOLDERS]
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in SOURCE_SUFFIXES:
                digest.update(f"\0{path.relative_to(project)}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def parsed_project(project: Path | None = None) -> ParsedProject:
    """The project as it is now, parsed; parses it where that hasn't been done.

    Raises:
        WorkspaceError: dbt can't parse the project, or what it made can't be kept.
    """
    project = project or dbt_project_dir()
    digest = project_hash(project)
    kept = _cache_folder(project)
    folder = kept / digest[:16]
    found = ParsedProject(digest=digest, manifest=folder / MANIFEST, state=folder / STATE)
    if not found.state.is_file():
        try:
            kept.mkdir(parents=True, exist_ok=True)
            with _exclusively(kept / ".lock"):
                if not found.state.is_file():
                    _parse(project, into=folder)
                    _drop_oldest(kept)
        except OSError as error:
            raise WorkspaceError(
                f"The parsed dbt project can't be kept in {kept}: {error.strerror or error}. Check owner, "
                "permissions and free space of that folder, then run again."
            ) from error
    return found


def _cache_folder(project: Path) -> Path:
    if os.access(project, os.W_OK):
        return project / "target" / "parsed"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "sanjeh" / "parsed"


def _parse(project: Path, *, into: Path) -> None:
    with TemporaryDirectory(dir=into.parent, prefix=".parsing-") as scratch:
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
        made = [Path(scratch) / name for name in (MANIFEST, STATE)]
        if done.returncode != 0 or not all(path.is_file() for path in made):
            said = " ".join((done.stdout + done.stderr).split())
            raise WorkspaceError(
                f"dbt can't parse the project {project}, so no run can start. It says: {said or 'nothing'}. "
                "Mend that file, or install Sanjeh again if you didn't change it."
            )
        whole = Path(scratch) / "whole"
        whole.mkdir()
        for path in made:
            path.replace(whole / path.name)
        shutil.rmtree(into, ignore_errors=True)  # what an interrupted removal left
        whole.replace(into)


def _drop_oldest(kept: Path) -> None:
    folders = [path for path in kept.iterdir() if path.is_dir() and not path.name.startswith(".")]
    for folder in sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Parse the project of this installation where that hasn't been done; what ``make setup`` calls."""
    try:
        parsed_project()
    except WorkspaceError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    return 0


@contextmanager
def _exclusively(path: Path) -> Iterator[None]:
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
