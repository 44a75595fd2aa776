"""Sensors: a file arrived in ``exports/``; a run failed, which the notifiers of ``alerts:`` are told.

The cursor of the first is a hash of the names, sizes and times of the settled files, so that one arrival asks
for one run however often the sensor looks. A file still being written is waited for.
"""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from orchestration.jobs import REFRESH_JOB
from orchestration.run_options import RunOptions
from orchestration.run_state import Outcome, RunRecord, read_state
from orchestration.schedules import run_config_of
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

SETTLE_SECONDS = 10.0
UNFINISHED_SUFFIXES = frozenset({".part", ".tmp", ".crdownload", ".filepart"})


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """The drop folder at one moment.

    Attributes:
        digest: hash of names, sizes and times of the settled files; empty when there are none.
        settled: how many files those are.
        unsettled: how many are still being written.
    """

    digest: str
    settled: int
    unsettled: int


def look_at(exports: Path, *, now: float) -> Arrivals:
    """What lies in ``exports`` at ``now`` (seconds since 1970); a missing folder is empty."""
    digest, settled, unsettled = hashlib.sha256(), 0, 0
    for path in sorted(exports.rglob("*")):
        if path.name.startswith((".", "~$")):
            continue
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue  # renamed since it was listed; the next look sees it
        if path.is_dir():
            continue
        if path.suffix.lower() in UNFINISHED_SUFFIXES or now - facts.st_mtime < SETTLE_SECONDS:
            unsettled += 1
            continue
        settled += 1
        digest.update(f"{path.relative_to(exports)}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    return Arrivals(digest=digest.hexdigest() if settled else "", settled=settled, unsettled=unsettled)


@dg.sensor(
    job_name=REFRESH_JOB,
    minimum_interval_seconds=30,
    description="A file was dropped into exports/ or replaced there: refresh.",
)
def file_arrived(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for one run per state of the drop folder."""
    arrivals = look_at(Workspace.find().exports, now=time.time())
    if not arrivals.digest or arrivals.digest == context.cursor:
        waiting = f"; {arrivals.unsettled} still being written" if arrivals.unsettled else ""
        return dg.SkipReason(f"Nothing new in exports/ ({arrivals.settled} files{waiting}).")
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key=arrivals.digest,
                run_config=run_config_of(RunOptions()),
                tags={"sanjeh/trigger": "file_arrived"},
            )
        ],
        cursor=arrivals.digest,
    )


@dg.run_failure_sensor(
    name="run_failed",
    description="A run published nothing: tells the notifiers of `alerts:`, and the daemon's log.",
)
def run_failed(context: dg.RunFailureSensorContext) -> None:
    """Report a failed run where an operator looks, and to the notifiers.

    What a run that published has to complain of, it says itself: sources are data alerts. A run of the
    command line reports itself when it ends.
    """
    run = context.dagster_run
    workspace = Workspace.find()
    workspace.load_environment()
    runs = read_state(workspace).runs
    said = failure_reason(runs, run.run_id) or context.failure_event.message or "no reason given"
    context.log.error(f"run {run.run_id} failed: {said}")
    has_published = any(each.run_id == run.run_id and each.outcome is Outcome.PARTIAL for each in runs)
    if has_published or run.tags.get("sanjeh/trigger") == "cli":
        return
    settings = load_settings(workspace, require_secrets=False)
    from orchestration.alerts.sending import report_failed_run  # noqa: PLC0415 - only a failure needs it

    sent = report_failed_run(workspace, settings, run_id=run.run_id, error=said)
    for name, why in sent.failures.items():
        context.log.error(f"notifier {name} was not told: {why}")


def failure_reason(runs: Iterable[RunRecord], run_id: str) -> str | None:
    """Why the run failed as a person should read it; None where its record doesn't say."""
    for record in runs:
        if record.run_id == run_id:
            failed = [f"{name}: {source.error}" for name, source in record.sources.items() if source.error]
            return record.error or "; ".join(failed) or None
    return None
