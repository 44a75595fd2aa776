"""Dagster's event log in SQLite, with connections that stay open.

Dagster's own storage opens a connection, waits for the disk and folds the write-ahead log back for each of
the thousands of small writes of a run: 14 s of a run's start-up on a machine with a slow disk. This one keeps
the connections and lets SQLite wait for the disk at checkpoints only (``synchronous = NORMAL``): a killed
process loses nothing, a power cut at most the last moments of Dagster's history. Nothing of the warehouse
depends on that history.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

OPEN_SHARDS = 4
"""Databases kept open in a process: the index, and the runs it last wrote or showed."""


class WorkspaceEventLog(SqliteEventLogStorage):
    """The event log in ``history/runs`` of ``DAGSTER_HOME``; same files as Dagster's own storage."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._engines_lock = threading.Lock()
        self._known: set[tuple[str, str]] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """No options: ``dagster.yaml`` names no folder, so that a workspace can be moved."""
        return {}

    @classmethod
    def from_config_value(
        cls,
        inst_data: ConfigurableClassData | None,
        config_value: Mapping[str, Any],  # noqa: ARG003 - Dagster's signature
    ) -> WorkspaceEventLog:
        """The storage of the instance in use."""
        return cls(str(Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._engines_lock:
            engine = self._engine(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _wait_for_the_disk_at_checkpoints)
            self._initdb(engine)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        while len(self._engines) > OPEN_SHARDS:
            _, oldest = self._engines.popitem(last=False)
            oldest.dispose()
        return self._engines[shard]

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; Dagster asks on each event, by an engine made for the question."""
        return self._ask("table", table_name, super().has_table)

    def has_secondary_index(self, name: str) -> bool:
        """Whether a migration of Dagster's was made; asked on each materialization."""
        return self._ask("secondary index", name, super().has_secondary_index)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        found = partial(super()._has_asset_key_col_on_connection, conn)
        return self._ask("column", column_name, found)

    def _ask(self, kind: str, name: str, found: Callable[[str], bool]) -> bool:
        """Keeps what is there: a database gains tables and columns, it never loses them."""
        if (kind, name) in self._known:
            return True
        there = found(name)
        if there:
            self._known.add((kind, name))
        return there

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and touch the run's file: the web server watches that, not the write-ahead log."""
        super().store_event(event)
        with suppress(FileNotFoundError):
            os.utime(self.path_for_shard(event.run_id))

    def dispose(self) -> None:
        """Close every connection."""
        super().dispose()
        with self._engines_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()


def _wait_for_the_disk_at_checkpoints(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")
