"""The run lock: one run at a time in a workspace, whoever started it.

``flock`` on ``warehouse/.lock``; the kernel frees it when the holder ends, however it ends. The file's text
says who holds it. A process may take it again for the same run (Dagster steps do); any other taker gets a
:class:`WorkspaceError` that names the holder.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class LockHolder:
    """Who holds the lock; ``started_at`` is ISO text, UTC."""

    pid: int
    host: str
    run_id: str
    started_at: str


@dataclass
class _Held:
    descriptor: int
    run_id: str
    depth: int


_held: dict[Path, _Held] = {}
_registry_guard = threading.Lock()


def hold_lock(workspace: Workspace, *, run_id: str, started_at: datetime) -> None:
    """Take the lock until :func:`release_lock` or the end of the process; free of cost when this run has it.

    Raises:
        WorkspaceError: another run holds it, or the file can't be opened.
    """
    path = workspace.lock_file
    with _registry_guard:
        mine = _held.get(path)
        if mine is not None:
            if mine.run_id != run_id:
                raise WorkspaceError(_refusal(path, read_holder(workspace)))
            mine.depth += 1
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise WorkspaceError(
                f"The lock file {path} can't be opened: {error.strerror}. Nothing was changed. Check owner, "
                "permissions and free space of that folder, then run again."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise WorkspaceError(_refusal(path, read_holder(workspace))) from error
        holder = LockHolder(
            pid=os.getpid(), host=socket.gethostname(), run_id=run_id, started_at=started_at.isoformat()
        )
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)
        _held[path] = _Held(descriptor=descriptor, run_id=run_id, depth=1)


def release_lock(workspace: Workspace, *, run_id: str) -> None:
    """Give the lock back, however often this run took it; nothing happens when the run doesn't hold it."""
    with _registry_guard:
        mine = _held.get(workspace.lock_file)
        if mine is not None and mine.run_id == run_id:
            del _held[workspace.lock_file]
            os.ftruncate(mine.descriptor, 0)
            os.close(mine.descriptor)


@contextmanager
def run_lock(workspace: Workspace, *, run_id: str, started_at: datetime) -> Iterator[None]:
    """Hold the lock for a block; inside another hold of the same run it adds nothing."""
    hold_lock(workspace, run_id=run_id, started_at=started_at)
    try:
        yield
    finally:
        with _registry_guard:
            mine = _held.get(workspace.lock_file)
            last = mine is not None and mine.run_id == run_id and mine.depth == 1
            if mine is not None and not last:
                mine.depth -= 1
        if last:
            release_lock(workspace, run_id=run_id)


def require_lock(workspace: Workspace, run_id: str | None = None) -> None:
    """Refuse to go on when this process doesn't hold the lock (for ``run_id``, if given)."""
    mine = _held.get(workspace.lock_file)
    if mine is None or (run_id is not None and mine.run_id != run_id):
        raise WorkspaceError(
            f"This step of run {run_id or '?'} changes {workspace.warehouse} but doesn't hold its lock. "
            "Start it through `sanjeh run` or the Dagster job, which take the lock."
        )


def read_holder(workspace: Workspace) -> LockHolder | None:
    """What the lock file says; None when it is free, missing or just being written."""
    try:
        return LockHolder(**json.loads(workspace.lock_file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _refusal(path: Path, holder: LockHolder | None) -> str:
    if holder is None:
        who = "Another process that has only just started"
    else:
        since = datetime.fromisoformat(holder.started_at).astimezone(UTC)
        who = f"Run {holder.run_id} (pid {holder.pid} on {holder.host}, since {since:%Y-%m-%d %H:%M:%S} UTC)"
    return (
        f"{who} holds the lock {path}; one run at a time may change a workspace, so this one did nothing. "
        "Wait for it to end, or stop that process, and run again."
    )
