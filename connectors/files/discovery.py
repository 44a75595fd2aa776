"""Which files of a source are there and complete.

In: the workspace and the glob of a source. Out: settled files with their lineage (path below the fixed part
of the glob), size and SHA-256, in order of their names; and those left alone because somebody still writes
them. A missing folder is an error; a folder without files is not.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from connectors.core.errors import SourceDataError

_UNFINISHED = (".part", ".tmp", ".crdownload", ".download", ".filepart")
_LONGEST_ENDING = len(".parquet")
_SETTLED_AFTER = 2.0
_SECOND_LOOK = 0.5


@dataclass(frozen=True)
class SourceFile:
    """One complete file.

    Attributes:
        path: where it is. lineage: its name within the source, which a corrected file keeps.
        size: bytes. sha256: of its bytes.
    """

    path: Path
    lineage: str
    size: int
    sha256: str

    @property
    def stem(self) -> str:
        """File name without any ending (``a.csv.gz`` -> ``a``)."""
        name = self.path.name
        for ending in reversed(self.path.suffixes):
            if len(ending) > _LONGEST_ENDING or " " in ending:
                break
            name = name.removesuffix(ending)
        return name


@dataclass(frozen=True)
class Settling:
    """How to tell that a file is complete: old enough, or unchanged at a second look.

    Attributes:
        now: seconds since the epoch. wait: lets that many seconds pass before the second look.
    """

    now: Callable[[], float] = time.time
    wait: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Discovery:
    """Files to read, and names left alone with the reason."""

    files: tuple[SourceFile, ...]
    left_alone: tuple[str, ...]


def discover(workspace: Path, pattern: str, *, settling: Settling) -> Discovery:
    """Settled files that match ``pattern`` (relative to ``workspace``).

    Raises:
        SourceDataError: the folder of the pattern does not exist, or a file can't be read.
    """
    folder = workspace / fixed_folder(pattern)
    if not folder.is_dir():
        raise SourceDataError(
            f"The folder {folder} of path {pattern!r} does not exist. Create it and drop the files there, "
            "or correct the path in sanjeh.yml.",
            path=folder,
        )
    candidates = sorted(path for path in workspace.glob(pattern) if path.is_file())
    unfinished = [path for path in candidates if _is_unfinished(path)]
    finished = [path for path in candidates if not _is_unfinished(path)]
    changing = _still_changing(finished, settling)
    left_alone = (
        *(f"{path.name} is left alone: its name marks it as unfinished" for path in unfinished),
        *(f"{path.name} is left alone: it is still being written" for path in finished if path in changing),
    )
    return Discovery(
        tuple(
            describe(path, path.relative_to(folder).as_posix()) for path in finished if path not in changing
        ),
        left_alone,
    )


def fixed_folder(pattern: str) -> PurePosixPath:
    """The part of a glob before its first wildcard, without the file name."""
    fixed: list[str] = []
    for part in PurePosixPath(pattern).parts[:-1]:
        if any(mark in part for mark in "*?["):
            break
        fixed.append(part)
    return PurePosixPath(*fixed)


def describe(path: Path, lineage: str) -> SourceFile:
    """``path`` with its size and SHA-256."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return SourceFile(path, lineage, path.stat().st_size, digest)
    except OSError as error:
        raise SourceDataError(
            f"{path} can't be read: {error.strerror}. Check the file's permissions.", path=path
        ) from error


def _is_unfinished(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name.lower().endswith(_UNFINISHED)


def _still_changing(paths: Sequence[Path], settling: Settling) -> set[Path]:
    """Young files whose size or time differs at a second look; files that vanish count as changing."""
    first = {path: _stamp(path) for path in paths}
    now = settling.now()
    young = [path for path, stamp in first.items() if stamp is None or now - stamp[1] < _SETTLED_AFTER]
    if not young:
        return set()
    settling.wait(_SECOND_LOOK)
    return {path for path in young if first[path] is None or _stamp(path) != first[path]}


def _stamp(path: Path) -> tuple[int, float] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_size, state.st_mtime
