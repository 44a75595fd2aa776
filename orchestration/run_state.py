"""Run state: load ids, what the build covers, recent runs.

It is ``warehouse/state.json``, replaced whole each time. Writers hold the run lock; readers need none. A
state file of a newer program, or one that can't be read, is a :class:`WorkspaceError`; a missing one starts
anew above every load id that the raw zone has used.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.core.errors import RawZoneError
from connectors.core.storage import write_atomically
from orchestration.errors import WorkspaceError
from orchestration.run_lock import hold_lock, read_holder, release_lock, require_lock, run_lock
from orchestration.workspace import Workspace

__all__ = [
    "ERASE",
    "Build",
    "Hold",
    "Outcome",
    "RunRecord",
    "SourceOutcome",
    "State",
    "StreamOutcome",
    "StreamState",
    "finish_run",
    "hold_lock",
    "mark_building",
    "mark_built",
    "read_holder",
    "read_state",
    "record_source",
    "release_lock",
    "run_lock",
    "start_run",
    "write_hold",
]

FORMAT_VERSION = 1
KEPT_RUNS = 50
ERASE = "erase"
"""Kind of a run that erases people."""


class Outcome(StrEnum):
    """How a run ended."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    """Published, but a source failed, or something after publishing: a report, an alert."""
    FAILED = "failed"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class StreamOutcome(_Record):
    """What one landing of a stream did.

    Attributes:
        rows: landed by this run, of the files it read or the answers it got. rejected: likewise.
        requests: calls to an API.
        waited_seconds: spent on rate limits and before retries.
        error: why this stream could not be landed to its end.
    """

    stream_id: str
    rows: int = 0
    rejected: int = 0
    requests: int = 0
    waited_seconds: float = 0.0
    error: str | None = None


class SourceOutcome(_Record):
    """How one source went; ``at`` is UTC."""

    source_id: str
    ok: bool
    at: datetime
    error: str | None = None
    streams: tuple[StreamOutcome, ...] = ()


class StreamState(_Record):
    """Newest attempt of a source's stream."""

    last_attempt_at: datetime
    last_success_at: datetime | None = None
    last_error: str | None = None
    rejected_rows: int = 0
    rows: int = 0


class RunRecord(_Record):
    """One run; times are UTC."""

    run_id: str
    load_id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: Outcome = Outcome.RUNNING
    error: str | None = None
    sources: Mapping[str, SourceOutcome] = Field(default_factory=dict)


class Build(_Record):
    """The build file as the newest successful build left it."""

    run_id: str
    load_id: int
    as_of: datetime
    fingerprint: str
    inputs_hash: str
    git_revision: str


class Hold(_Record):
    """Publishing is held: a rollback chose what readers see until `sanjeh publish`."""

    version: int
    since: datetime


class State(_Record):
    """Everything ``state.json`` holds.

    Attributes:
        last_load_id: newest load id given out; monotonic.
        built_through: load id the last successful build covered.
        build: the finished build; None while one is under construction or broken off.
        building: the build under construction.
        customer_salt: hex; makes customer keys where no key for personal data is set.
        streams: by ``source_id|connector/stream``.
    """

    format_version: int = FORMAT_VERSION
    last_load_id: int = 0
    built_through: int = 0
    built_fingerprint: str = ""
    build: Build | None = None
    building: Build | None = None
    hold: Hold | None = None
    customer_salt: str
    runs: tuple[RunRecord, ...] = ()
    streams: Mapping[str, StreamState] = Field(default_factory=dict)

    def run(self, run_id: str) -> RunRecord:
        """The record of a run; WorkspaceError when it was never started."""
        for record in self.runs:
            if record.run_id == run_id:
                return record
        raise WorkspaceError(
            f"Run {run_id} was never started in this workspace; its state has no record of it."
        )


def read_state(workspace: Workspace) -> State:
    """The current state.

    Raises:
        WorkspaceError: the file is of a newer format or can't be read.
    """
    path = workspace.state_file
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return State(last_load_id=highest_landed_load_id(workspace), customer_salt=secrets.token_hex(16))
    except OSError as error:
        raise WorkspaceError(f"{path} can't be read: {error.strerror}. Check its permissions.") from error
    try:
        data = json.loads(text)
        found = data["format_version"]
        if isinstance(found, int) and found > FORMAT_VERSION:
            raise WorkspaceError(
                f"{path} has format {found}; this program knows formats up to {FORMAT_VERSION}. The "
                "workspace was used by a newer Sanjeh: update Sanjeh here. Nothing was changed."
            )
        return State.model_validate(data)
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise WorkspaceError(
            f"{path} is damaged: it is no complete state file. Nothing was changed. Put its newest backup "
            "back, or move it away, and run `sanjeh run`: without it, load ids go on above those in the raw "
            "zone and the warehouse is rebuilt from there, and publishing is no longer held by a rollback."
        ) from error


def start_run(
    workspace: Workspace, *, run_id: str, started_at: datetime, kind: str = "run", at_least: int = 0
) -> RunRecord:
    """Register a run under the lock and give it a load id; the same run gets the same record again.

    The load id is above all that were given out here, and no less than ``at_least`` (other workspaces of a
    raw zone on object storage give out some too).

    Runs that never finished are marked failed: this process holds the lock, so they are dead.
    """
    require_lock(workspace, run_id)
    state = read_state(workspace)
    for record in state.runs:
        if record.run_id == run_id:
            return record
    load_id = max(state.last_load_id + 1, at_least)
    new = RunRecord(run_id=run_id, load_id=load_id, kind=kind, started_at=started_at)
    buried = [
        record
        if record.outcome is not Outcome.RUNNING
        else record.model_copy(
            update={
                "outcome": Outcome.FAILED,
                "finished_at": started_at,
                "error": "The process ended before the run did.",
            }
        )
        for record in state.runs
    ]
    _write(
        workspace,
        state.model_copy(update={"last_load_id": load_id, "runs": (*buried, new)[-KEPT_RUNS:]}),
    )
    for before, after in zip(state.runs, buried, strict=True):
        if before is not after:
            _append_run(workspace, after.model_dump(mode="json"))
    return new


def record_source(workspace: Workspace, *, run_id: str, outcome: SourceOutcome) -> None:
    """Keep how a source went; its streams keep the time of their last success."""
    require_lock(workspace, run_id)
    state = read_state(workspace)
    record = state.run(run_id)
    streams = dict(state.streams)
    for stream in outcome.streams:
        key = f"{outcome.source_id}|{stream.stream_id}"
        before = streams.get(key)
        streams[key] = StreamState(
            last_attempt_at=outcome.at,
            last_success_at=outcome.at
            if stream.error is None
            else (before.last_success_at if before else None),
            last_error=stream.error,
            rejected_rows=stream.rejected,
            rows=stream.rows,
        )
    changed = record.model_copy(update={"sources": {**record.sources, outcome.source_id: outcome}})
    _write(workspace, _with_run(state, changed).model_copy(update={"streams": streams}))


def mark_building(workspace: Workspace, build: Build, *, anew: bool) -> None:
    """Say that the build file is being changed: until :func:`mark_built` there is nothing to publish.

    Args:
        workspace: where.
        build: what is being built.
        anew: the build file is dropped first, so it covers nothing until it is built.
    """
    require_lock(workspace, build.run_id)
    covered = {"built_through": 0, "built_fingerprint": ""} if anew else {}
    changes = {"build": None, "building": build, **covered}
    _write(workspace, read_state(workspace).model_copy(update=changes))


def mark_built(workspace: Workspace, *, run_id: str) -> None:
    """All models and tests of the run succeeded: the build may be published, and covers the run's loads."""
    require_lock(workspace, run_id)
    state = read_state(workspace)
    build = state.building
    if build is None or build.run_id != run_id:
        raise WorkspaceError(
            f"Run {run_id} has no build under construction in {workspace.build_db}. Run again."
        )
    changed = {
        "build": build,
        "building": None,
        "built_through": build.load_id,
        "built_fingerprint": build.fingerprint,
    }
    _write(workspace, state.model_copy(update=changed))


def finish_run(
    workspace: Workspace, *, run_id: str, finished_at: datetime, outcome: Outcome, error: str | None = None
) -> None:
    """Close a run's record and append it to the ledger."""
    require_lock(workspace, run_id)
    state = read_state(workspace)
    changes = {"finished_at": finished_at, "outcome": outcome, "error": error}
    record = state.run(run_id).model_copy(update=changes)
    _write(workspace, _with_run(state, record))
    _append_run(workspace, record.model_dump(mode="json"))


def _append_run(workspace: Workspace, record: Mapping[str, object]) -> None:
    from orchestration.ledger import append_run  # noqa: PLC0415 - imports Arrow and DuckDB

    append_run(workspace, record)


def write_hold(workspace: Workspace, hold: Hold | None) -> None:
    """Hold publishing, or release it with None."""
    require_lock(workspace)
    _write(workspace, read_state(workspace).model_copy(update={"hold": hold}))


def _with_run(state: State, record: RunRecord) -> State:
    runs = tuple(record if other.run_id == record.run_id else other for other in state.runs)
    return state.model_copy(update={"runs": runs})


def _write(workspace: Workspace, state: State) -> None:
    try:
        write_atomically(workspace.state_file, state.model_dump_json(indent=1).encode())
    except RawZoneError as error:
        raise WorkspaceError(f"The state of the runs is not written. {error}") from error


def highest_landed_load_id(workspace: Workspace) -> int:
    """The highest load id in the raw zone, so that a lost state file never gives one out twice."""
    from connectors.core.raw_zone import RawZone  # noqa: PLC0415 - imports Arrow and DuckDB

    highest = 0
    for _, manifest in RawZone(workspace.raw, temp=workspace.temp, pii=None).manifests():
        landed = [entry.load_id for entry in manifest.slices.values()]
        read = [entry.load_id for entry in manifest.inputs.values()]
        highest = max([highest, *landed, *read, *manifest.removed.values()])
    return highest
