"""Pace: how far a long reading is, in rows, rows a second and time left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

_EVERY = 1.0
_MINUTE = 60
_HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Pace:
    """A moment of reading something.

    Attributes:
        what: is being read.
        rows: read so far, in ``seconds``.
        fraction: of the whole that was read so far; None where the whole isn't known.
    """

    what: str
    rows: int
    seconds: float
    fraction: float | None

    @property
    def rows_per_second(self) -> float:
        """Rows a second since the beginning."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the end at this pace; None where the whole isn't known."""
        if not self.fraction:
            return None
        return max(self.seconds / self.fraction - self.seconds, 0.0)

    def __str__(self) -> str:
        said = f"{self.what}: {self.rows:,} rows, {self.rows_per_second:,.0f} rows/s"
        left = self.seconds_left
        return said if left is None else f"{said}, about {_duration(left)} left"


TellPace = Callable[[Pace], None]


class Pacer:
    """Adds up what is read and tells the pace about once a second, never in the first one.

    Args:
        tell: gets each :class:`Pace`, on whichever thread reads.
        what: is being read.
        whole: its size in bytes; None where that isn't known.
        clock: seconds.
    """

    def __init__(
        self, tell: TellPace, *, what: str, whole: int | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell = tell
        self._what = what
        self._whole = whole
        self._clock = clock
        self._began = self._told = clock()
        self._rows = self._bytes = 0

    def add(self, rows: int, size: int) -> None:
        """So many more rows, of so many bytes of the whole."""
        self._rows += rows
        self._bytes += size
        now = self._clock()
        if now - self._told < _EVERY:
            return
        self._told = now
        fraction = min(self._bytes / self._whole, 1.0) if self._whole else None
        self._tell(Pace(what=self._what, rows=self._rows, seconds=now - self._began, fraction=fraction))


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:.0f} min"
