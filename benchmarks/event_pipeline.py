"""Steps of the pipeline over a workspace with one event export, each in a process of its own.

Usage: ``python -m benchmarks.event_pipeline land|build|publish HOME AS_OF``. ``land`` is what a run does with
the source, ``build`` the dbt call of a run (models, seeds and data tests). Each prints a JSON line: wall and
processor seconds, peak resident mebibytes, rows.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.machine import peak_mebibytes

if TYPE_CHECKING:
    from orchestration.pipeline import RefreshRun

_SETTINGS = """
project: {{name: Events, timezone: UTC, currency: USD, customer_salt: bench}}
brands: {{site: {{name: Site, name_fa: سایت}}}}
publish: {{detail: true}}
sources:
  site_events: {{connector: ga4_events, brand: site, path: "exports/{pattern}", expect: daily}}
"""
_PATTERN = "analytics_1/*.parquet"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one step took.

    Attributes:
        seconds: wall clock. cpu_seconds: of the process and what it waited for.
        megabytes: peak resident set of the process, in units of 2^20 bytes.
        rows: that it landed; 0 for a build.
    """

    seconds: float
    cpu_seconds: float
    megabytes: float
    rows: int = 0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s ({self.cpu_seconds:.1f} s of processor, peak {self.megabytes:,.0f} MB)"


@dataclass(frozen=True)
class EventWorkspace:
    """A workspace folder whose one source is an export below ``exports/``."""

    home: Path

    @property
    def exports(self) -> Path:
        """Where the export's tables are dropped."""
        return self.home / "exports"

    @property
    def build_db(self) -> Path:
        """The build database."""
        return self.home / "warehouse" / "build.duckdb"

    @property
    def raw_files(self) -> str:
        """Glob of the landed events, as SQL reads them."""
        return str(self.home / "raw" / "ga4_events" / "events" / "**" / "*.parquet")

    def make(self) -> EventWorkspace:
        """Write its settings."""
        self.exports.mkdir(parents=True, exist_ok=True)
        (self.home / "sanjeh.yml").write_text(_SETTINGS.format(pattern=_PATTERN), encoding="utf-8")
        (self.home / ".env").write_text("SANJEH_PII_KEY=a key for made-up people\n", encoding="utf-8")
        return self

    def land(self, last_day: date) -> Measured:
        """Land what is new, on the morning after ``last_day``."""
        return self._step("land", last_day)

    def build(self, last_day: date) -> Measured:
        """Build what landed, as a run on the morning after ``last_day``."""
        return self._step("build", last_day)

    def publish(self, last_day: date) -> Measured:
        """Publish what was built last."""
        return self._step("publish", last_day)

    def _step(self, step: str, last_day: date) -> Measured:
        as_of = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=6)
        command = [sys.executable, "-m", __name__, step, str(self.home), as_of.isoformat()]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DAGSTER")}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        return Measured(**json.loads(done.stdout.splitlines()[-1]))


@contextmanager
def measured(rows: list[int]) -> Iterator[None]:
    """Print what the body took, as :class:`Measured` reads it; ``rows`` is summed at the end."""
    started = time.perf_counter()
    yield
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    found = Measured(
        seconds=time.perf_counter() - started,
        cpu_seconds=sum(each.ru_utime + each.ru_stime for each in used),
        megabytes=max(peak_mebibytes(), used[1].ru_maxrss / 1024),
        rows=sum(rows),
    )
    print(json.dumps(vars(found)))


def _land(home: Path, as_of: datetime) -> None:
    from connectors.calendar.make import CalendarKey, land_calendar  # noqa: PLC0415 - of this step only

    with _run(home, as_of) as run:
        keys = [CalendarKey.parse(key) for key in run.settings.calendar_keys()]
        land_calendar(run.zone, keys, load_id=run.record.load_id, loaded_at=run.now)
        rows: list[int] = []
        with measured(rows):
            result = run.land(run.sources_of("ga4_events"), begin=run.sources_of("ga4_events"))["site_events"]
            if result.error:
                raise SystemExit(result.error)
            rows += [each.rows for each in result.landings]


def _build(home: Path, as_of: datetime) -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - of this step only

    from orchestration.dbt_runtime import build_arguments, enter_dbt_environment  # noqa: PLC0415
    from orchestration.workspace import dbt_project_dir  # noqa: PLC0415

    with _run(home, as_of) as run:
        enter_dbt_environment(run.workspace)
        inputs = run.prepare_build()
        project = dbt_project_dir()
        words = [
            "--quiet",
            f"--project-dir={project}",
            f"--profiles-dir={project}",
            f"--target-path={run.workspace.dbt_target}",
            f"--log-path={run.workspace.dbt_logs}",
        ]
        parsed = dbtRunner().invoke(["parse", *words])
        if not parsed.success:
            raise SystemExit(f"dbt parse: {parsed.exception}")
        with measured([]):
            done = dbtRunner(manifest=parsed.result).invoke(  # type: ignore[arg-type]  # a manifest after parse
                [*build_arguments(full_refresh=inputs.is_full_refresh), *words]
            )
            if not done.success:
                raise SystemExit(f"dbt build: {done.exception or done.result}")
        run.mark_built()


def _publish(home: Path, as_of: datetime) -> None:
    with _run(home, as_of) as run, measured([]):
        run.publish()


@contextmanager
def _run(home: Path, as_of: datetime) -> Iterator[RefreshRun]:
    from orchestration.pipeline import open_run  # noqa: PLC0415 - of the steps only
    from orchestration.progress import LogProgress  # noqa: PLC0415
    from orchestration.run_lock import run_lock  # noqa: PLC0415
    from orchestration.run_options import RunOptions  # noqa: PLC0415
    from orchestration.settings import load_settings  # noqa: PLC0415
    from orchestration.workspace import Workspace  # noqa: PLC0415

    workspace = Workspace(home)
    workspace.load_environment()
    workspace.prepare()
    run_id = f"bench-{time.time_ns()}"
    settings, options = load_settings(workspace), RunOptions(as_of=as_of)
    with (
        run_lock(workspace, run_id=run_id, started_at=as_of),
        open_run(
            workspace,
            settings,
            options,
            run_id=run_id,
            progress=LogProgress(lambda text: print(text, file=sys.stderr)),
        ) as run,
    ):
        yield run


if __name__ == "__main__":
    {"land": _land, "build": _build, "publish": _publish}[sys.argv[1]](
        Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    )
