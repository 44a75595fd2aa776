"""FeedLanding: what landing a feed needs whatever its kind: target, streams beside it, checks of a window.

A window or batch commits by itself, so that a failure costs one of them and the next run goes on behind the
last. What came beside it commits first: the feed's own stream proves that all of the window landed. A window
whose rows moved between pages is read again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.api import Context
from connectors.core.changes import Changes
from connectors.core.errors import PageDriftError, TransientError
from connectors.core.feed import Batch, Feed
from connectors.core.landing import Landing
from connectors.core.plan import Landed, Replaces
from connectors.core.prefetch import prefetched
from connectors.core.raw_zone import RawZone
from connectors.core.sink import Sink
from connectors.core.sql import identifier, identifiers, literal
from connectors.core.stream import Kind, Stream

_READINGS = 3


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


@dataclass(frozen=True, kw_only=True)
class FeedLanding:
    """Base of the landings of each kind of feed.

    Attributes:
        client: the connector's.
        start: first day that the source is configured to have; None for the default.
        account_zone: IANA name of the account's days.
        should_stop: asked between windows; True when another feed met a wall that all share.
        said: told the rows of each batch.
    """

    client: Any
    context: Context
    target: Target
    start: date | None
    account_zone: str
    should_stop: Callable[[], bool]
    said: Callable[[int], None]

    def today(self, stream: Stream) -> date:
        """The run's day in the zone of the stream's days."""
        zones = {"source": self.account_zone, "brand": self.context.brand.timezone}
        return self.context.now.astimezone(ZoneInfo(zones.get(stream.day_zone, stream.day_zone))).date()

    def note(self, stream: Stream, text: str) -> None:
        """Keep a sentence for a person."""
        self.target.tallies[stream.id].notes.setdefault(text)

    def require_no_wall(self, stream: Stream) -> None:
        """See that going on makes sense; asked between windows.

        Raises:
            TransientError: another feed of the source met a wall that all share.
        """
        if self.should_stop():
            raise TransientError(
                f"Source {self.target.source_id}, stream {stream.id}: not asked any further, since another "
                "stream of this source met an error that holds for all. What landed so far stays; the next "
                "run goes on from there."
            )

    def fill(self, landing: Landing, feed: Feed, batches: Iterator[Batch], *, slice_sql: str) -> _Beside:
        """Stage the rows of the feed's stream; returns those that came beside them."""
        beside: _Beside = {stream.id: [] for stream in feed.beside}

        def own() -> Iterator[Batch]:
            for batch in prefetched(batches):
                if batch.stream.id == feed.stream.id:
                    self.said(len(batch))
                    yield batch
                else:
                    beside[batch.stream.id].append(batch)

        Sink(landing, slice_sql=slice_sql).fill(own())
        return beside

    def land_beside(self, beside: _Beside) -> None:
        """Commit what came beside a window."""
        for stream_id, batches in beside.items():
            if not batches:
                continue
            stream = batches[0].stream
            is_report = stream.kind is Kind.REPORT
            slice_sql = _whole_key(stream) if is_report else literal(self.target.batch_key)
            with self.target.locks[stream_id], self.target.landing(stream) as landing:
                Sink(landing, slice_sql=slice_sql).fill(batches)
                if not is_report:
                    Changes(landing, version=None).keep_new()
                days = _days_of_slices(landing, stream) if is_report else {}
                self.target.commit(landing, replaces=Replaces.nothing(), slice_windows=days)

    def until_still(self, land: Callable[[], None]) -> None:
        """Call ``land``; where rows moved between pages meanwhile, again, thrice at most."""
        for reading in range(1, _READINGS + 1):
            try:
                return land()
            except PageDriftError:
                if reading == _READINGS:
                    raise
        return None

    def require_once(self, landing: Landing) -> None:
        """See that no key is staged twice.

        Raises:
            PageDriftError: names a key that is.
        """
        keys = identifiers(landing.stream.key)
        twice = landing.con.execute(
            f"select {keys} from staged group by {keys} having count(*) > 1 limit 1"
        ).fetchone()
        if twice is not None:
            named = ", ".join(f"{key} {value}" for key, value in zip(landing.stream.key, twice, strict=True))
            raise PageDriftError(
                f"Source {self.target.source_id}, stream {landing.stream.id}: the row of {named} came twice, "
                "so rows moved between pages while they were read. Nothing of this window was stored; run "
                "again."
            )


_Beside = dict[str, list[Batch]]


def staged_value(landing: Landing, expression: str) -> Any:
    """The value of an aggregate over what is staged."""
    row = landing.con.execute(f"select {expression} from staged").fetchone()
    return row[0] if row else None


def _whole_key(stream: Stream) -> str:
    """SQL of the slice of a report that several feeds write: its key, so that no feed replaces another's."""
    return " || '/' || ".join(f"cast({identifier(key)} as varchar)" for key in reversed(stream.key))


def _days_of_slices(landing: Landing, stream: Stream) -> dict[str, tuple[date, date]]:
    cursor = identifier(stream.cursor or "")
    rows = landing.con.execute(
        f"select _slice, min({cursor}), max({cursor}) from staged group by _slice"
    ).fetchall()
    return {str(key): (first, last + timedelta(days=1)) for key, first, last in rows}
