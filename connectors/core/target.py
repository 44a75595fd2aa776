"""Target: where the rows of one source go in a run, and what each of its streams landed so far."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.core.landing import Landing
from connectors.core.plan import Landed
from connectors.core.raw_zone import RawZone
from connectors.core.stream import Stream


@dataclass(kw_only=True)
class Tally:
    """What a stream landed so far in this run."""

    rows: int = 0
    windows: int = 0
    changed_slices: int = 0
    new_columns: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    def add(self, landed: Landed) -> None:
        """Count one commit."""
        self.rows += landed.rows
        self.windows += 1
        self.changed_slices += len(landed.changed_slices) + len(landed.removed_slices)
        self.new_columns.update(dict.fromkeys(landed.new_columns))


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the rows of one source go in this run.

    Attributes:
        load_id: id of the run. loaded_at: its time, with zone.
        locks: by stream id, since several feeds may write one stream.
        tallies: by stream id.
    """

    zone: RawZone
    source_id: str
    brand: str
    load_id: int
    loaded_at: datetime
    locks: Mapping[str, threading.Lock]
    tallies: Mapping[str, Tally]

    @property
    def batch_key(self) -> str:
        """Slice of the records that this run lands."""
        return f"{self.load_id:06d}"

    def landing(self, stream: Stream) -> Landing:
        """A landing of ``stream``."""
        return self.zone.landing(
            stream, source=self.source_id, brand=self.brand, load_id=self.load_id, loaded_at=self.loaded_at
        )

    def commit(self, landing: Landing, **how: Any) -> None:
        """Commit, and count it."""
        self.tallies[landing.stream.id].add(landing.commit(window=None, **how))
