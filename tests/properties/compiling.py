"""The models' SQL as dbt compiles it: for a first build and for an incremental one, with hooks and seeds.

``compiled_project`` returns it from a cache that follows the project's files; a stale cache is made anew in a
process of its own, because dbt keeps state per process.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from connectors.registry import STREAMS
from orchestration.control_tables import create_control_tables
from orchestration.parsed_project import project_hash
from orchestration.workspace import dbt_project_dir

SLICES_MARK = "@slices of "
"""Begins the word that stands in compiled SQL for the changed slices of a stream."""
KEPT = frozenset({"incremental", "sliced"})
"""Materializations of models that keep the rows they have; dbt_project/macros/slices.sql has the second."""
CATALOG = "build"
"""Name of the database that compiled SQL names."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model.

    Attributes:
        relation: quoted name with catalog and schema.
        needs: unique ids of what it reads.
        full_sql: its query on a first build.
        incremental_sql: its query on a later build; None where it is always made anew.
        hooks: statements before an incremental build.
        strategy: incremental strategy of dbt. unique_key: columns it goes by.
    """

    unique_id: str
    name: str
    schema: str
    relation: str
    materialized: str
    needs: tuple[str, ...]
    full_sql: str
    incremental_sql: str | None
    hooks: tuple[str, ...]
    strategy: str | None
    unique_key: tuple[str, ...]


@dataclass(frozen=True)
class CompiledProject:
    """Models in the order they can be built in, and a database file with the seeds."""

    models: tuple[Model, ...]
    seeds: Path


@cache
def compiled_project() -> CompiledProject:
    """The project beside the packages, compiled.

    Raises:
        RuntimeError: dbt can't compile it, with its own words.
    """
    project = dbt_project_dir()
    folder = compiled_folder(project)
    stamp = folder / "stamp"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != stamp_of(project):
            stamp.unlink(missing_ok=True)
            done = subprocess.run(
                [sys.executable, "-m", __name__, str(project), str(folder)],
                capture_output=True,
                text=True,
                check=False,
                cwd=Path(__file__).parents[2],
                env={**os.environ, "SANJEH_BUILD_DB": str(folder / f"{CATALOG}.duckdb")},
            )
            if done.returncode != 0:
                raise RuntimeError(
                    f"dbt can't compile {project}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
                )
            stamp.write_text(stamp_of(project))
    found = json.loads((folder / "models.json").read_text(encoding="utf-8"))
    models = tuple(
        Model(**{key: tuple(value) if isinstance(value, list) else value for key, value in each.items()})
        for each in found
    )
    return CompiledProject(models, folder / f"{CATALOG}.duckdb")


def compiled_folder(project: Path) -> Path:
    """Where the compiled project is kept."""
    folder = project / "target" / "properties"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def stamp_of(project: Path) -> str:
    """What the compiled project follows from."""
    return f"{project_hash(project)} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"


class Dbt:
    """dbt in this process, where a second call costs a fraction of the first. It never lets go of its database.

    Args:
        project: the dbt project.
        target: folder of its compiled files.
    """

    def __init__(self, project: Path, target: Path) -> None:
        self._words = [
            f"--project-dir={project}",
            f"--profiles-dir={project}",
            f"--target-path={target}",
            f"--log-path={target}",
        ]
        self._hooks: dict[str, list[str]] = {}
        self._manifest: Any = None
        _note_hooks(self._hooks)

    def run(self, *command: str) -> Any:
        """The outcome of a command on the project as it was last parsed."""
        from dbt.cli.main import dbtRunner  # noqa: PLC0415 - dbt takes seconds to import

        return dbtRunner(manifest=self._manifest).invoke(
            ["--quiet", "--log-level-file=none", *command, *self._words]
        )

    def parse(self) -> Any:
        """Read the project anew, as far as its files changed; returns dbt's manifest."""
        self._manifest = None
        self._manifest = self._result("parse")
        return self._manifest

    def seed(self) -> None:
        """Load the seeds."""
        self._result("seed")

    def models(self, *names: str) -> dict[str, dict[str, Any]]:
        """Compiled models by id, all or those named; incremental models must stand in the database."""
        which = ["--select", *names] if names else []
        # A later command compiles the same nodes anew, so what they say is taken before it.
        entries = {
            each.node.unique_id: self._entry(each.node)
            for each in self._result("compile", "--full-refresh", *which).results
            if each.node.resource_type == "model"
        }
        incremental = [entry["name"] for entry in entries.values() if entry["materialized"] in KEPT]
        if incremental:
            for each in self._result("compile", "--select", *incremental).results:
                if each.node.unique_id in entries:
                    entries[each.node.unique_id] |= {
                        "incremental_sql": each.node.compiled_code,
                        "hooks": self._hooks.get(each.node.unique_id, []),
                        "strategy": each.node.config.incremental_strategy,
                    }
        return entries

    @staticmethod
    def _entry(node: Any) -> dict[str, Any]:
        key = node.config.unique_key or []
        return {
            "unique_id": node.unique_id,
            "name": node.name,
            "schema": node.schema,
            "relation": node.relation_name or "",
            "materialized": node.config.materialized,
            "needs": list(node.depends_on.nodes),
            "full_sql": node.compiled_code,
            "incremental_sql": None,
            "hooks": [],
            "strategy": None,
            "unique_key": [key] if isinstance(key, str) else list(key),
        }

    def _result(self, *command: str) -> Any:
        done = self.run(*command)
        if not done.success:
            raise RuntimeError(f"dbt {command[0]}: {done.exception or done.result}")
        return done.result


def write_models(models: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """Keep compiled models in an order that they can be built in."""
    ordered: dict[str, Mapping[str, Any]] = {}

    def place(unique_id: str) -> None:
        if unique_id in models and unique_id not in ordered:
            for need in sorted(models[unique_id]["needs"]):
                place(need)
            ordered[unique_id] = models[unique_id]

    for unique_id in sorted(models):
        place(unique_id)
    (folder / "models.json").write_text(json.dumps(list(ordered.values())), encoding="utf-8")


def mark_slices(con: duckdb.DuckDBPyConnection) -> None:
    """List a mark as changed slice of every stream: some models write those slices into their SQL."""
    for stream in STREAMS.values():
        con.execute(
            "insert into control.changed_slices (connector, stream, slice, change) values (?, ?, ?, 'upserted')",
            [stream.connector, stream.name, f"{SLICES_MARK}{stream.id}"],
        )


def _compile(project: Path, folder: Path) -> None:
    database = folder / f"{CATALOG}.duckdb"
    for stale in (database, database.with_name(f"{database.name}.wal")):
        stale.unlink(missing_ok=True)
    dbt = Dbt(project, folder / "dbt")
    nodes = dbt.parse().nodes.values()
    with duckdb.connect(str(database)) as con:
        create_control_tables(con)
        mark_slices(con)
        for node in nodes:
            if node.resource_type == "model" and node.config.materialized in KEPT:
                con.execute(f'create schema if not exists "{node.schema}"')
                con.execute(f'create table "{node.schema}"."{node.alias}" (nothing integer)')
    dbt.seed()
    write_models(dbt.models(), folder)


def _note_hooks(noted: dict[str, list[str]]) -> None:
    """Have dbt's compiler also render the hooks of each model, which it leaves to the run."""
    from dbt.clients.jinja import get_rendered  # noqa: PLC0415
    from dbt.compilation import Compiler  # noqa: PLC0415
    from dbt.context.providers import generate_runtime_model_context  # noqa: PLC0415

    compile_node = Compiler.compile_node

    def compile_with_hooks(self: Any, node: Any, manifest: Any, *rest: Any, **named: Any) -> Any:
        if node.resource_type == "model" and node.config.pre_hook:
            context = generate_runtime_model_context(node, self.config, manifest)
            texts = [get_rendered(hook.sql, context).strip() for hook in node.config.pre_hook]
            noted[node.unique_id] = [text for text in texts if text]
        return compile_node(self, node, manifest, *rest, **named)

    Compiler.compile_node = compile_with_hooks


if __name__ == "__main__":
    _compile(Path(sys.argv[1]), Path(sys.argv[2]))
