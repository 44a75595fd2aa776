"""Inflow: the rows of one window or batch of a feed, each stream into a landing of its own.

What came beside the feed's own stream commits first: the own stream proves that all of the window landed.
Rows go to disk as they come, so that no stream is held in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from types import TracebackType
from typing import Any, Self

from connectors.core.changes import Changes
from connectors.core.feed import Batch, Feed
from connectors.core.landing import Landing
from connectors.core.plan import Replaces
from connectors.core.prefetch import prefetched
from connectors.core.shape import known_shape
from connectors.core.sink import ROWS_AT_ONCE, Sink
from connectors.core.sql import identifier, literal
from connectors.core.stream import Kind, Stream
from connectors.core.target import Target

_NOTHING = Replaces.nothing()


class Inflow:
    """A context manager; fill once, commit what came beside, then the own stream.

    Attributes:
        landing: of the feed's own stream.
    """

    landing: Landing

    def __init__(self, target: Target, feed: Feed, *, slice_sql: str, said: Callable[[int], None]) -> None:
        self._target = target
        self._stream = feed.stream
        self._beside = feed.beside
        self._slice_sql = slice_sql
        self._said = said
        self._open = ExitStack()
        self._sinks: dict[str, Sink] = {}

    def __enter__(self) -> Self:
        self.landing = self._sink(self._stream).landing
        for stream in self._beside:
            if stream.kind is not Kind.REPORT:
                self._sink(stream)  # even without rows its days are covered
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def fill(self, batches: Iterator[Batch]) -> None:
        """Stage ``batches``; the next is fetched meanwhile.

        Raises:
            SourceDataError: a value isn't of its column's type, or an answer isn't of its known shape.
            PersonalDataError: personal data without a key.
        """
        for batch in prefetched(self._readable(batches), enough=ROWS_AT_ONCE, weigh=len):
            if batch.stream is self._stream:
                self._said(len(batch))
            self._sink(batch.stream).add(batch)
        for sink in self._sinks.values():
            sink.finish()

    @property
    def landings(self) -> list[Landing]:
        """Of every stream so far."""
        return [sink.landing for sink in self._sinks.values()]

    def commit_beside(
        self,
        covered: dict[str, tuple[date, date]] | None = None,
        *,
        snapshots_replace: Replaces = _NOTHING,
    ) -> None:
        """Commit the streams that came along.

        Args:
            covered: days that records among them cover, as those of the feed's own stream do.
            snapshots_replace: what gives way to snapshots among them.
        """
        for stream_id, sink in self._sinks.items():
            landing = sink.landing
            if landing.stream is self._stream:
                continue
            with self._target.locks[stream_id]:
                how: dict[str, Any] = {"replaces": Replaces.nothing()}
                match landing.stream.kind:
                    case Kind.REPORT:
                        how["slice_windows"] = _days_of_slices(landing)
                    case Kind.ENTITY:
                        Changes(landing, version=None).keep_new()
                        how["covered"] = covered
                    case Kind.SNAPSHOT:
                        how["replaces"] = snapshots_replace
                self._target.commit(landing, **how)

    def commit(self, **how: Any) -> None:
        """Commit the feed's own stream; arguments as for :meth:`Landing.commit`."""
        self._target.commit(self.landing, **how)

    def _sink(self, stream: Stream) -> Sink:
        if stream.id not in self._sinks:
            landing = self._open.enter_context(self._target.landing(stream))
            self._sinks[stream.id] = Sink(landing, slice_sql=self._slice_of(stream))
        return self._sinks[stream.id]

    def _readable(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """``batches``, taken apart by the connector as they are asked for."""
        with known_shape(f"Source {self._target.source_id}, stream {self._stream.id}"):
            yield from batches

    def _slice_of(self, stream: Stream) -> str:
        """SQL of a row's slice; in a stream that several feeds write each feed has slices of its own."""
        if stream is self._stream or stream.kind is Kind.SNAPSHOT:
            return self._slice_sql
        if stream.kind is not Kind.REPORT:
            return literal(f"{self._target.batch_key}/{self._stream.name}")
        return " || '/' || ".join(f"cast({identifier(key)} as varchar)" for key in reversed(stream.key))


def _days_of_slices(landing: Landing) -> dict[str, tuple[date, date]]:
    cursor = identifier(landing.stream.cursor or "")
    rows = landing.con.execute(
        f"select _slice, min({cursor}), max({cursor}) from staged group by _slice"
    ).fetchall()
    return {str(key): (first, last + timedelta(days=1)) for key, first, last in rows}
