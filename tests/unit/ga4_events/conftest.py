"""A workspace with a drop folder and a raw zone, and ways to land into it, all real."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.core.outcome import StreamLanding
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from connectors.files.discovery import Settling
from connectors.ga4_events.config import Ga4EventsConfig
from connectors.ga4_events.source import Ga4EventsSource
from connectors.ga4_events.streams import EVENTS

LOADED_AT = datetime(2026, 11, 5, 12, tzinfo=UTC)


@dataclass
class World:
    """A workspace with a drop folder ``exports`` and a raw zone."""

    root: Path
    zone: RawZone
    load_id: int = 0

    def drop(self, name: str, content: bytes) -> Path:
        """Writes a complete, settled file."""
        path = self.root / "exports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
        return path

    def remove(self, name: str) -> None:
        """Takes a file away."""
        (self.root / "exports" / name).unlink()

    def source(
        self, *, timezone: str = "UTC", default_currency: str = "EUR", **config: Any
    ) -> Ga4EventsSource:
        settings = {"connector": "ga4_events", "brand": "acme", "path": "exports/**/*", **config}
        return Ga4EventsSource(
            "web",
            Ga4EventsConfig.model_validate(settings),
            workspace=self.root,
            default_timezone=timezone,
            default_currency=default_currency,
            settling=Settling(now=lambda: 1_800_000_000.0, wait=lambda _: None),
        )

    def land(
        self,
        *,
        window: tuple[date, date] | None = None,
        progress: Callable[[str], None] = lambda _: None,
        **config: Any,
    ) -> StreamLanding:
        """One landing; whatever goes wrong is in its ``error`` or raised."""
        self.load_id += 1
        [landing] = self.source(**config).land(
            self.zone, load_id=self.load_id, loaded_at=LOADED_AT, window=window, progress=progress
        )
        return landing

    def landed(self, **config: Any) -> StreamLanding:
        """One landing in which nothing may go wrong."""
        landing = self.land(**config)
        assert landing.error is None
        return landing

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Answer of ``sql`` over ``raw.ga4_events__events``, there named ``events``."""
        con = duckdb.connect()
        con.execute("set timezone = 'UTC'")
        self.zone.create_views(con, (EVENTS,))
        con.execute("create view events as select * from raw.ga4_events__events")
        return con.execute(sql).fetchall()

    def days(self) -> dict[str, tuple[int, int]]:
        """Rows and load id by listed day."""
        return {row.slice: (row.rows, row.load_id) for row in self.zone.slices()}


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "exports").mkdir()
    return World(
        tmp_path, RawZone(tmp_path / "raw", temp=tmp_path / "temp", pii=Pseudonymiser(key=b"k" * 32))
    )
