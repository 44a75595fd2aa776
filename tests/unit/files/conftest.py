"""A drop folder, a raw zone and a way to land, all real."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.core.outcome import StreamLanding
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from connectors.files.config import FileSourceConfig
from connectors.files.discovery import Settling
from connectors.files.registry import FILE_STREAMS
from connectors.files.source import FileSource

LOADED_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class World:
    """A workspace with a drop folder ``exports`` and a raw zone."""

    root: Path
    zone: RawZone
    load_id: int = 0
    waits: list[float] = field(default_factory=list)
    on_wait: Callable[[], None] = lambda: None

    def drop(self, name: str, content: str | bytes, *, encoding: str = "utf-8") -> Path:
        """Writes a complete, settled file."""
        path = self.root / "exports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        os.utime(path, (1_700_000_000, 1_700_000_000))
        return path

    def source(
        self, connector: str, *, currency: str = "USD", timezone: str = "UTC", **config: Any
    ) -> FileSource:
        settings = {"connector": connector, "brand": "acme", "path": "exports/*", **config}
        return FileSource(
            "shop",
            FileSourceConfig.model_validate(settings),
            workspace=self.root,
            default_timezone=timezone,
            default_currency=currency,
            settling=Settling(now=lambda: 1_800_000_000.0, wait=self._wait),
        )

    def land(
        self, connector: str, *, window: tuple[date, date] | None = None, **config: Any
    ) -> list[StreamLanding]:
        self.load_id += 1
        source = self.source(connector, **config)
        return source.land(self.zone, load_id=self.load_id, loaded_at=LOADED_AT, window=window)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Answer of ``sql`` over the raw views."""
        con = duckdb.connect()
        con.execute("set timezone = 'UTC'")
        self.zone.create_views(con, FILE_STREAMS.values())
        return con.execute(sql).fetchall()

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.on_wait()


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "exports").mkdir()
    return World(
        tmp_path, RawZone(tmp_path / "raw", temp=tmp_path / "temp", pii=Pseudonymiser(key=b"k" * 32))
    )
