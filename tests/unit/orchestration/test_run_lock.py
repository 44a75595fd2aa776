"""One run at a time: across processes, free within a run, free again after a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from orchestration.errors import WorkspaceError
from orchestration.run_lock import hold_lock, read_holder, release_lock, require_lock, run_lock
from orchestration.workspace import Workspace

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.run_lock import hold_lock
from orchestration.workspace import Workspace
hold_lock(Workspace(Path(sys.argv[1])), run_id="theirs", started_at=datetime(2026, 1, 9, tzinfo=UTC))
sys.stdout.write("held\\n")
sys.stdout.flush()
sys.stdin.readline()
"""


@contextmanager
def other_process(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of ``workspace`` until it is killed."""
    command = [sys.executable, "-c", HOLD, str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_second_process_is_told_who_holds_the_lock(workspace: Workspace) -> None:
    with (
        other_process(workspace) as process,
        pytest.raises(
            WorkspaceError, match=rf"Run theirs \(pid {process.pid} on .*, since 2026-01-09 00:00:00 UTC"
        ),
    ):
        hold_lock(workspace, run_id="mine", started_at=NOW)


def test_lock_is_free_after_its_holder_was_killed(workspace: Workspace) -> None:
    with other_process(workspace) as process:
        process.kill()
        process.wait()
        with run_lock(workspace, run_id="mine", started_at=NOW):
            holder = read_holder(workspace)
    assert holder is not None
    assert (holder.run_id, holder.pid) == ("mine", os.getpid())


def test_same_run_takes_it_again_and_inner_blocks_do_not_release_it(workspace: Workspace) -> None:
    hold_lock(workspace, run_id="mine", started_at=NOW)
    with run_lock(workspace, run_id="mine", started_at=NOW):
        pass
    require_lock(workspace, "mine")
    release_lock(workspace, run_id="mine")
    assert read_holder(workspace) is None
    with pytest.raises(WorkspaceError, match="doesn't hold its lock"):
        require_lock(workspace, "mine")


def test_another_run_of_the_same_process_is_refused(workspace: Workspace) -> None:
    with (
        run_lock(workspace, run_id="first", started_at=NOW),
        pytest.raises(WorkspaceError, match="Run first"),
    ):
        hold_lock(workspace, run_id="second", started_at=NOW)
