"""Feeds: how an API fills a stream. A connector declares them beside its streams; the core runs them.

A feed's ``read`` asks a client and yields :class:`Batch` es, page by page, in any order. It raises when the
answer isn't whole: what it yields to the end is taken as all there is. ``asked`` of a feed names what shapes
its answers besides days and changes (brand terms, lists of events): when it differs from the last landing's,
everything is asked anew. ``applies`` leaves a feed out for brands that it has nothing to ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from connectors.core.api import BrandFacts, Context, Period
from connectors.core.stream import Kind, Stream, Type
from connectors.core.window import DateWindow


@dataclass(frozen=True)
class Batch:
    """Some rows of one stream, by column; columns that aren't declared land as text and are reported.

    Attributes:
        columns: values by column name, all of one length, as the API gives them: text, numbers, booleans,
            None. A column that is left out is one that the source doesn't supply.
    """

    stream: Stream
    columns: Mapping[str, Sequence[object]]

    @classmethod
    def of_rows(cls, stream: Stream, rows: Sequence[Mapping[str, object]]) -> Batch:
        """Rows as mappings; a name that none of them holds is a column that isn't supplied."""
        first = rows[0].keys() if rows else ()
        if all(row.keys() == first for row in rows):
            return cls(stream, {name: [row[name] for row in rows] for name in first})
        names = dict.fromkeys(name for row in rows for name in row)
        return cls(stream, {name: [row.get(name) for row in rows] for name in names})

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))


def _the_same(_: Context) -> str:
    return ""


def _always(_: BrandFacts) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class ReportFeed:
    """A report stream, asked by windows of days; each window replaces its days whole.

    Attributes:
        stream: what it fills; rows are placed by the stream's cursor, a day.
        read: rows of all days of a window.
        window_days: most days of one landing; what a failure can cost.
        memory_days: how many days back the API remembers; None for all.
        newest: the newest day whose rows can be there, given today in the stream's zone; yesterday if None.
        beside: streams whose rows come with the same answers.
    """

    stream: Stream
    read: Callable[[Any, DateWindow], Iterator[Batch]]
    window_days: int = 31
    memory_days: int | None = None
    newest: Callable[[Any, date], date] | None = None
    beside: tuple[Stream, ...] = ()
    asked: Callable[[Context], str] = _the_same
    applies: Callable[[BrandFacts], bool] = _always


@dataclass(frozen=True, kw_only=True)
class PeriodFeed:
    """A stream of numbers that can't be summed, asked for each period of the brand's calendar.

    Attributes:
        stream: what it fills; a slice is a period, rows bear ``grain`` and ``period_start``.
        read: rows of some periods, of which a day is the last that can be asked for.
        periods_per_landing: most periods of one landing.
        newest: as for :class:`ReportFeed`.
    """

    stream: Stream
    read: Callable[[Any, Sequence[Period], date], Iterator[Batch]]
    periods_per_landing: int = 200
    newest: Callable[[Any, date], date] | None = None
    beside: tuple[Stream, ...] = ()
    asked: Callable[[Context], str] = _the_same
    applies: Callable[[BrandFacts], bool] = _always


@dataclass(frozen=True, kw_only=True)
class EntityFeed:
    """Records, asked by change or as a whole list; only versions that aren't stored yet land.

    Attributes:
        stream: what it fills.
        read: records changed since a moment (UTC); all records where it is None.
        version: column whose highest value is where the next run goes on; None for always the whole list.
        overlap: how far before that the next run begins, since indexes of APIs lag.
        relist_after: a whole list again after so long, which finds what vanished without a trace.
        list_is_complete: a record that a whole list lacks is gone; a tombstone lands for it. Where the vendor
            may cut the list, a question to the client that has read it.
        begins_at_start: a whole list begins with the configured first day, in the brand's zone: what lies
            before it isn't asked for, so that its absence says nothing.
        beside: streams whose rows come with the same answers; no tombstones land in them.
    """

    stream: Stream
    read: Callable[[Any, datetime | None], Iterator[Batch]]
    version: str | None = None
    overlap: timedelta = timedelta(days=1)
    relist_after: timedelta = timedelta(days=30)
    list_is_complete: bool | Callable[[Any], bool] = True
    begins_at_start: bool = False
    beside: tuple[Stream, ...] = ()
    asked: Callable[[Context], str] = _the_same
    applies: Callable[[BrandFacts], bool] = _always


@dataclass(frozen=True, kw_only=True)
class SnapshotFeed:
    """Numbers of this moment, such as follower counts: one reading a run, and the past can't be asked for.

    The core writes the run's clock into the stream's cursor (``captured_at``). A slice is the brand's day of
    that clock: a later run of the day replaces it and touches no other, a day without a run stays not loaded.

    Attributes:
        stream: what it fills; a snapshot of the brand's days whose cursor is an instant.
        read: every row as it is now; raises where something that is configured has no row.
        beside: streams whose rows come with the same answers: snapshots of the same moment, or reports.

    Raises:
        ValueError: the declaration isn't one of a snapshot.
    """

    stream: Stream
    read: Callable[[Any], Iterator[Batch]]
    beside: tuple[Stream, ...] = ()
    asked: Callable[[Context], str] = _the_same
    applies: Callable[[BrandFacts], bool] = _always

    def __post_init__(self) -> None:
        taken = [self.stream, *(each for each in self.beside if each.kind is Kind.SNAPSHOT)]
        wrong = [each.id for each in taken if not _is_of_a_moment(each)]
        wrong += [each.id for each in self.beside if each.kind is Kind.ENTITY]
        if wrong:
            raise ValueError(
                f"a snapshot feed of {self.stream.id}: {', '.join(wrong)} must be of Kind.SNAPSHOT with an "
                "instant as cursor and day_zone='brand'; reports may come beside it, records may not"
            )


def _is_of_a_moment(stream: Stream) -> bool:
    """Whether the day of a moment in the brand's zone can be the slice of ``stream``."""
    is_instant = stream.cursor is not None and stream.column(stream.cursor).type is Type.INSTANT
    return stream.kind is Kind.SNAPSHOT and is_instant and stream.day_zone == "brand"


Feed = ReportFeed | PeriodFeed | EntityFeed | SnapshotFeed


def streams_of(feeds: Iterable[Feed]) -> tuple[Stream, ...]:
    """Every stream that ``feeds`` fill, once, in order."""
    return tuple(dict.fromkeys(stream for feed in feeds for stream in (feed.stream, *feed.beside)))
