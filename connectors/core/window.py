"""DateWindow: half-open ``[start, end)`` days; pure arithmetic on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class DateWindow:
    """Days ``[start, end)`` of one zone; at least one day.

    Raises:
        ValueError: ``end`` is not after ``start``.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"no day from {self.start} until before {self.end}")

    @classmethod
    def inclusive(cls, first: date, last: date) -> DateWindow:
        """The days from ``first`` to ``last``, both inside."""
        return cls(first, last + _DAY)

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - _DAY

    def __len__(self) -> int:
        return (self.end - self.start).days

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.last}" if len(self) > 1 else f"{self.start}"

    def days(self) -> Iterator[date]:
        """Each day, in order."""
        for offset in range(len(self)):
            yield self.start + timedelta(days=offset)

    def clip(self, first: date, last: date) -> DateWindow | None:
        """The part within ``first`` to ``last`` (inclusive); None where there is none."""
        start, end = max(self.start, first), min(self.end, last + _DAY)
        return DateWindow(start, end) if start < end else None

    def split(self, days: int) -> Iterator[DateWindow]:
        """Consecutive windows of at most ``days`` days that together are this one."""
        start = self.start
        while start < self.end:
            end = min(start + timedelta(days=days), self.end)
            yield DateWindow(start, end)
            start = end


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a run asks reports for besides what is due.

    Attributes:
        requested: days asked for by a person: these and no others.
        also: days to ask for as well, such as those of a month that closes.
    """

    requested: DateWindow | None = None
    also: DateWindow | None = None


def spans(days: Iterable[date]) -> list[DateWindow]:
    """The fewest windows that hold exactly ``days``, in order."""
    found: list[DateWindow] = []
    for day in sorted(set(days)):
        if found and found[-1].end == day:
            found[-1] = DateWindow(found[-1].start, day + _DAY)
        else:
            found.append(DateWindow(day, day + _DAY))
    return found


def days_to_ask(
    *,
    listed: Iterable[date],
    first: date,
    last: date,
    reread_days: int,
    ask: Ask,
    earliest: date | None,
) -> list[DateWindow]:
    """Which days a report is asked for now, in order.

    Args:
        listed: days that landed before.
        first: first day that the source is configured to have.
        last: newest day that the source can answer.
        reread_days: newest days to ask for again, since they are still restated.
        ask: what the run wants besides.
        earliest: days before it are beyond the source's memory.
    """
    if ask.requested is not None:
        wanted = ask.requested.clip(earliest or ask.requested.start, last)
        return [wanted] if wanted else []
    begin = max(first, earliest) if earliest else first
    if begin > last:
        return []
    whole = DateWindow.inclusive(begin, last)
    missing = set(whole.days()) - set(listed)
    again = whole.clip(last - timedelta(days=reread_days - 1), last) if reread_days else None
    closing = ask.also.clip(begin, last) if ask.also else None
    return spans(missing.union(*(window.days() for window in (again, closing) if window)))


def oldest_wanted(start: date | None, since: datetime | None, *, zone: str) -> datetime | None:
    """The moment from which records of a list are wanted; None for all.

    Args:
        start: the first day that the source is to have.
        since: what is older is known already; None for a whole list.
        zone: of ``start``.
    """
    first = datetime.combine(start, time(), tzinfo=ZoneInfo(zone)) if start else None
    return max((each for each in (since, first) if each is not None), default=None)
