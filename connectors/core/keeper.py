"""Who keeps a raw zone: makes a new manifest true, and deletes files. On disk it is a rename and an unlink.

Whoever changes the zone (a landing, an erasure, a compaction) writes files under new names and then commits
the manifest that lists them. A zone on object storage has another keeper: ``remote_zone.RemoteZone``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from connectors.core.manifest import FILE_NAME, Manifest


class Keeper(Protocol):
    """Makes changes of a raw zone true."""

    def commit(self, folder: Path, new: Manifest, *, old: Manifest) -> None:
        """Make ``new`` the manifest, in one step; the files it lists are in ``folder``.

        Args:
            folder: of the stream and source.
            new: what will be listed.
            old: what ``new`` was made from.

        Raises:
            RawZoneError: it can't be written, or ``old`` is no longer what is listed.
        """
        ...

    def delete(self, folder: Path, names: Iterable[str]) -> None:
        """Delete files that are no longer listed."""
        ...


class DiskKeeper:
    """Keeps a raw zone that is a folder and nothing else."""

    def commit(self, folder: Path, new: Manifest, *, old: Manifest) -> None:  # noqa: ARG002 - the run lock sees to it
        """See :meth:`Keeper.commit`."""
        new.write(folder / FILE_NAME)

    def delete(self, folder: Path, names: Iterable[str]) -> None:
        """See :meth:`Keeper.delete`."""
        for name in names:
            (folder / name).unlink(missing_ok=True)
