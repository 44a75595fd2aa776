"""Durable writes: aside, fsync, rename; the one place that turns failures of the disk into RawZoneError."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import duckdb

from connectors.core.errors import RawZoneError

ASIDE_SUFFIX = ".aside"
"""Ending of a file that is being written; never listed, collected as garbage."""

_ADVICE = {
    errno.ENOSPC: "The disk is full: free some space and run again",
    errno.EDQUOT: "The disk quota is used up: free some space and run again",
    errno.EROFS: "The file system is read-only: remount it writable or move the workspace",
    errno.EACCES: "The user of this run may not write there: correct owner or mode of the folder",
    errno.EPERM: "The user of this run may not write there: correct owner or mode of the folder",
}
_ENGINE_ADVICE = {
    "no space left": _ADVICE[errno.ENOSPC],
    "max_temp_directory_size": _ADVICE[errno.ENOSPC],
    "disk quota": _ADVICE[errno.EDQUOT],
    "read-only file system": _ADVICE[errno.EROFS],
    "permission denied": _ADVICE[errno.EACCES],
}


def sync_file(path: Path) -> None:
    """Force the content of ``path`` to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Force the entries of the folder ``path`` to disk, so that a rename survives a power cut."""
    sync_file(path)


def make_folder(path: Path) -> None:
    """Create ``path`` and its parents; each new entry is forced to disk."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync_folder(folder.parent)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``: readers see the old or the new file, never a part.

    Raises:
        RawZoneError: the disk is full, read-only or closed to this user.
    """
    aside = path.with_name(f"{path.name}.{uuid4().hex[:8]}{ASIDE_SUFFIX}")
    with disk_errors(path):
        make_folder(path.parent)
        try:
            with aside.open("wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        sync_folder(path.parent)


def first_line(error: BaseException) -> str:
    """What ``error`` says, in one line; its kind where it says nothing."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def disk_problem(error: BaseException) -> str | None:
    """What to do about ``error`` when the disk is to blame; None for any other error."""
    if isinstance(error, OSError):
        return _ADVICE.get(error.errno or 0)
    if isinstance(error, duckdb.Error):
        text = str(error).lower()
        return next((advice for sign, advice in _ENGINE_ADVICE.items() if sign in text), None)
    return None


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn failures of the disk while working on ``path`` into RawZoneError; other errors pass."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        advice = disk_problem(error)
        if advice is None and not isinstance(error, OSError):
            raise
        what = first_line(error)
        advice = advice or "See that the folder is there and sound, then run again"
        message = f"{path} cannot be written: {what}. {advice}. What was stored before is intact."
        raise RawZoneError(message) from error
