"""Resources of the Dagster code location: the run over the workspace, and dbt.

A Dagster run gets one :class:`RefreshResource`: it takes the workspace's lock, starts the run's record and
closes it when the last step is done. Its fields are the options of ``sanjeh run``; in the UI they stand in
the launchpad.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version as installed_version
from typing import Any, Self

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, DbtCliResource
from packaging.version import Version
from pydantic import PrivateAttr

from connectors.core.errors import ConnectorError
from orchestration.dagster_instance import activate, release_dead_run
from orchestration.dbt_program import STATE_VARIABLE
from orchestration.dbt_runtime import enter_dbt_environment
from orchestration.errors import SanjehError
from orchestration.parsed_project import ParsedProject
from orchestration.pipeline import RefreshRun, open_run
from orchestration.progress import LogProgress, current_progress
from orchestration.run_options import RunOptions, Target
from orchestration.run_state import Outcome, read_state, run_lock
from orchestration.settings import load_settings
from orchestration.spark.installation import require_spark, spark_environment, write_launcher
from orchestration.workspace import Workspace, dbt_project_dir

SHOWN_CHARACTERS = 400
DBT_FLAGS = ["--no-use-colors", "--log-level-file", "info"]
"""The log on disk holds what dbt says; at level debug, its default, it is 40 MB of each run."""


class RefreshResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """One run over the workspace that ``SANJEH_HOME`` names; fields as in :class:`RunOptions`, as text.

    Attributes:
        cadence: daily, weekly, monthly or quarterly.
        window_from: first source-local day to land again, inclusive; empty for the cadence's own.
        window_to: last such day, inclusive.
        source: land only this source; empty for all.
        full_refresh: rebuild from the raw zone, fetch nothing.
        as_of: the run's clock; empty is now.
        kind: run or backfill.
        target: duckdb or spark.
    """

    cadence: str = "daily"
    window_from: str = ""
    window_to: str = ""
    source: str = ""
    full_refresh: bool = False
    as_of: str = ""
    kind: str = "run"
    target: str = "duckdb"
    _run: RefreshRun | None = PrivateAttr(default=None)

    @property
    def run(self) -> RefreshRun:
        """The run in progress."""
        if self._run is None:
            raise RuntimeError("the refresh resource is used outside of a Dagster run")
        return self._run

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Lock, start the run, and close it after its last step.

        Raises:
            SanjehError: the workspace, its settings or its lock don't allow a run.
        """
        options = RunOptions.parse(
            cadence=self.cadence,
            window_from=self.window_from,
            window_to=self.window_to,
            source=self.source,
            full_refresh=self.full_refresh,
            as_of=self.as_of,
            kind=self.kind,
            target=self.target,
        )
        workspace = Workspace.find()
        workspace.load_environment()
        settings = load_settings(workspace)
        workspace.prepare()
        workspace.require_space(copies=settings.publish.copies)
        activate(workspace)
        enter_dbt_environment(workspace)
        run_id = context.run_id or ""
        log = context.log
        progress = current_progress() or LogProgress((log or dg.get_dagster_logger()).info)
        with run_lock(workspace, run_id=run_id, started_at=datetime.now(UTC)):
            if context.instance is not None:
                for record in read_state(workspace).runs:
                    if record.outcome is Outcome.RUNNING and record.run_id != run_id:
                        release_dead_run(context.instance, record.run_id)
            with open_run(workspace, settings, options, run_id=run_id, progress=progress) as run:
                self._run = run
                yield self


@contextmanager
def step_of(run: RefreshRun) -> Iterator[None]:
    """A step whose failure fails the run: what a user should read is kept in the run's record.

    Raises:
        dagster.Failure: with the paragraph of a :class:`SanjehError` or :class:`ConnectorError`.
    """
    ended = False
    try:
        yield
        ended = True
    except (SanjehError, ConnectorError) as error:
        run.error = str(error)
        raise dg.Failure(description=run.error, allow_retries=False) from error
    except dg.Failure as failure:
        run.error = failure.description
        raise
    finally:
        if not ended and run.error is None:
            run.error = (
                f"A step ended unexpectedly ({_fault()}), so nothing was published. Its log, also in the "
                "Dagster UI (`sanjeh dev`), says where."
            )


@contextmanager
def step_after_publishing(run: RefreshRun, *, what: str) -> Iterator[None]:
    """A step whose failure leaves the run published: the run ends as partial and says ``what`` is missing.

    Raises:
        dagster.Failure: with the paragraph that the run's record keeps.
    """
    said = f"The numbers are published, but {what}. "
    try:
        yield
    except (SanjehError, ConnectorError) as error:
        run.late_errors.append(f"{said}{error}")
        raise dg.Failure(description=run.late_errors[-1], allow_retries=False) from error
    except BaseException:  # an interruption, too, is one that the run's record tells of; no data is touched
        run.late_errors.append(
            f"{said}Something unforeseen happened ({_fault()}). The step's log, also in the Dagster UI "
            "(`sanjeh dev`), says where."
        )
        raise


def _fault() -> str:
    """The exception in flight, on one line."""
    fault = sys.exception()
    return " ".join(f"{type(fault).__name__}: {fault}".split())[:SHOWN_CHARACTERS]


class WarehouseDbt(DbtCliResource):
    """dbt over the project of this installation."""

    def build(
        self,
        arguments: Sequence[str],
        project: ParsedProject,
        workspace: Workspace,
        *,
        context: dg.AssetExecutionContext,
        manifest: Mapping[str, Any],
        translator: DagsterDbtTranslator,
    ) -> DbtCliInvocation:
        """Start a dbt call; its ``stream()`` yields Dagster's events.

        Args:
            arguments: of dbt.
            project: parsed; dbt takes it as it is.
            workspace: whose dbt folder takes results and log.
            context: of the step; of a part of the assets, dbt builds those.
            manifest: content of the project's ``manifest.json``.
            translator: of dbt's nodes to assets.
        """
        os.environ[STATE_VARIABLE] = str(project.state)
        if context.is_subset:
            return self.cli(arguments, context=context, target_path=workspace.dbt_target)
        # With a context, dagster-dbt would add a selection of its own: everything.
        invocation = self.cli(
            arguments,
            manifest=manifest,
            dagster_dbt_translator=translator,
            target_path=workspace.dbt_target,
        )
        invocation.context = context
        return invocation

    @cached_property
    def _cli_version(self) -> Version:
        # dagster-dbt runs `dbt --version` for this: seconds, and a call to PyPI.
        return Version(installed_version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        """None: dagster-dbt would parse all macros for a connection that only ``fetch_row_counts`` uses."""


def spark_dbt(workspace: Workspace) -> WarehouseDbt:
    """The dbt resource in a Spark session; what its driver reads is set in this process's environment.

    Raises:
        WorkspaceError: Spark isn't installed or its cluster doesn't answer.
    """
    require_spark()
    os.environ.update(spark_environment(workspace))
    return warehouse_dbt().model_copy(
        update={
            "dbt_executable": str(write_launcher(workspace)),
            "global_config_flags": DBT_FLAGS,
            "target": Target.SPARK.value,
        }
    )


def warehouse_dbt() -> WarehouseDbt:
    """The dbt resource; the environment names the build database at run time."""
    project = dbt_project_dir()
    return WarehouseDbt(
        project_dir=str(project),
        profiles_dir=str(project),
        dbt_executable=sys.executable,
        global_config_flags=["-m", "orchestration.dbt_program", *DBT_FLAGS],
    )
