"""Copies of the published file: one file per brand, and Parquet.

Both are made from the published file after it was swapped in, and say which event they are of. So one
function makes them after a publication or a rollback, mends what a killed run left, follows switched
settings, and does nothing where all is as it should be: :func:`refresh_copies`. Each copy is swapped in
whole; for a moment one may be of the version before while another is of this one.
"""

from __future__ import annotations

import duckdb

from connectors.core.storage import disk_problem, first_line
from orchestration import published_file as file
from orchestration.brand_files import refresh_brand_files, remove_brand_files
from orchestration.errors import PublishError
from orchestration.parquet_copies import POINTER, refresh_parquet, remove_parquet
from orchestration.progress import counted
from orchestration.publication_changes import CURRENT
from orchestration.workspace import Workspace


def refresh_copies(
    workspace: Workspace, *, per_brand: bool, parquet: bool, keep: int | None = None
) -> list[str]:
    """Bring the copies that are wanted to what the published file holds, and remove the others.

    Args:
        workspace: this process holds its lock, and something is published.
        per_brand: a file per brand is wanted.
        parquet: Parquet is wanted.
        keep: Parquet folders that stay; None drops none.

    Returns:
        A sentence for each thing that was done; none where nothing was to do.

    Raises:
        PublishError: a copy can't be made; those made before are whole.
    """
    done = []
    version = None
    try:
        with file.memory_connection(workspace.temp) as con:
            file.attach(con, workspace.published_file, CURRENT)
            event = file.read_event(con, workspace.published_file, CURRENT)
            version = event.version
            if per_brand:
                written = refresh_brand_files(con, workspace.brand_files, event)
                if written:
                    done.append(f"Wrote {counted(len(written), 'brand file')}.")
            elif removed := remove_brand_files(workspace.brand_files):
                done.append(f"Removed {counted(removed, 'brand file')}, since publish.per_brand is off.")
            if parquet:
                folder = refresh_parquet(con, workspace.parquet, event, keep=keep)
                if folder is not None:
                    done.append(f"Wrote Parquet to {folder.relative_to(workspace.root)}.")
            elif remove_parquet(workspace.parquet):
                done.append("Removed the Parquet copies, since publish.parquet is off.")
    except (duckdb.Error, OSError) as error:
        reason = first_line(error)
        advice = disk_problem(error) or "If it stays, run with --debug and report it"
        raise PublishError(
            f"Readers of {workspace.published_file} see version {version}, but its copies beside it were not "
            f"all brought to it: {reason}. A copy that was not renewed still holds the version before. "
            f"{advice}. The next `sanjeh run` completes them."
        ) from error
    return done


def present_copies(workspace: Workspace) -> tuple[bool, bool]:
    """Whether there are brand files, and Parquet."""
    return any(workspace.brand_files.glob("*.duckdb")), (workspace.parquet / POINTER).is_file()
