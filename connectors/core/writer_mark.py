"""Which workspace may write to a zone on object storage: one object, replaced if it still is as read.

The run lock of a workspace can't see other machines. The mark is taken at the start of a run and given back
at its end; it also counts load ids, so that two workspaces that take turns never give out one twice. It has
no time limit: a clock can't tell a dead run from a slow one. The workspace that holds it may take it again
(it has its own lock, so its dead run is dead); another is refused until ``sanjeh storage release``. A writer
that goes on without the mark still can't undo a manifest, which is replaced on condition too.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.core.errors import RawZoneError
from connectors.core.object_store import ConditionFailedError, ObjectStore

MARK_KEY = "writer.json"
_FORMAT_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Who holds the mark; ``started_at`` is ISO text, UTC."""

    workspace: str
    host: str
    pid: int
    run_id: str
    started_at: str

    def __str__(self) -> str:
        since = datetime.fromisoformat(self.started_at).astimezone(UTC)
        return f"run {self.run_id} (pid {self.pid} on {self.host}, since {since:%Y-%m-%d %H:%M:%S} UTC)"


class WriterMark:
    """The mark of one zone, as one workspace sees it.

    Args:
        store: of the zone.
        workspace: what tells this workspace from others.
    """

    def __init__(self, store: ObjectStore, workspace: str) -> None:
        self._store = store
        self._workspace = workspace

    def take(self, *, run_id: str, started_at: datetime, above: int) -> int:
        """Take the mark for a run; the load id that the run has. Free of cost when this run has it already.

        Args:
            run_id: of the run.
            started_at: its start, aware.
            above: highest load id that this workspace has given out.

        Raises:
            RawZoneError: another workspace holds it.
        """
        last, holder, etag = self._read()
        self._require_mine(holder)
        if holder is not None and holder.run_id == run_id:
            return last
        load_id = max(last, above) + 1
        mine = Writer(
            workspace=self._workspace,
            host=socket.gethostname(),
            pid=os.getpid(),
            run_id=run_id,
            started_at=started_at.isoformat(),
        )
        try:
            self._write(load_id, mine, etag)
        except ConditionFailedError as error:
            _, holder, _ = self._read()
            raise RawZoneError(self._refusal(holder)) from error
        return load_id

    def require_free(self) -> None:
        """See that no other workspace holds the mark; RawZoneError says who does."""
        self._require_mine(self.holder())

    def release(self, *, run_id: str | None = None) -> Writer | None:
        """Give the mark back and say who held it.

        Args:
            run_id: only if this run of this workspace holds it; whoever holds it when None.
        """
        last, holder, etag = self._read()
        if holder is None:
            return None
        if run_id is not None and (holder.workspace, holder.run_id) != (self._workspace, run_id):
            return None
        self._write(last, None, etag)
        return holder

    def holder(self) -> Writer | None:
        """Who holds it; None when it is free."""
        return self._read()[1]

    def _read(self) -> tuple[int, Writer | None, str | None]:
        """Highest load id given out, holder, ETag."""
        found = self._store.get(MARK_KEY)
        if found is None:
            return 0, None, None
        content, etag = found
        try:
            data: Mapping[str, Any] = json.loads(content)
            version, last = data["format_version"], int(data["last_load_id"])
            holder = Writer(**data["holder"]) if data["holder"] is not None else None
        except (ValueError, KeyError, TypeError) as error:
            raise RawZoneError(
                f"{self._store.url(MARK_KEY)} is damaged ({error}). If no run is under way anywhere, delete "
                "it and run again: it only says who writes to the zone, and load ids go on from those in the "
                "raw zone."
            ) from error
        if version != _FORMAT_VERSION:
            raise RawZoneError(
                f"{self._store.url(MARK_KEY)} has format version {version!r}: a newer Sanjeh wrote it. "
                "Upgrade Sanjeh on this machine."
            )
        return last, holder, etag

    def _write(self, last_load_id: int, holder: Writer | None, etag: str | None) -> None:
        content = {
            "format_version": _FORMAT_VERSION,
            "last_load_id": last_load_id,
            "holder": asdict(holder) if holder else None,
        }
        self._store.put(MARK_KEY, json.dumps(content, indent=1).encode(), expected=etag)

    def _require_mine(self, holder: Writer | None) -> None:
        if holder is not None and holder.workspace != self._workspace:
            raise RawZoneError(self._refusal(holder))

    def _refusal(self, holder: Writer | None) -> str:
        who = f"Another workspace's {holder}" if holder else "Another workspace's run"
        return (
            f"{who} writes to {self._store.location.url}; one workspace at a time may, so this one did "
            "nothing. Wait for it to end and run again. If that machine is gone for good, `sanjeh storage "
            "release` frees the zone."
        )
