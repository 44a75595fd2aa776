"""Progress: what a run says while it works, and how long each phase took.

A run reports to the :class:`Progress` it was given. The command line gives one that draws on the terminal
(``commands/terminal.py``), a run started in the Dagster UI gets :class:`LogProgress`, which writes to the
run's log.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum


class Phase(StrEnum):
    """The parts of a run, in order."""

    START_UP = "start-up"
    LANDING = "landing"
    DBT = "dbt"
    PUBLISH = "publish"
    REPORT = "report"


class PhaseClock:
    """Adds up the seconds of each phase; a phase lasts until the next one begins."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds: dict[Phase, float] = {}
        self._phase = Phase.START_UP
        self._since = clock()

    def count_from(self, moment: float) -> None:
        """Let the first phase have begun at ``moment`` of the clock."""
        self._since = moment

    def enter(self, phase: Phase) -> None:
        """Begin ``phase``; going on with the current one is free."""
        now = self._clock()
        self._seconds[self._phase] = self._seconds.get(self._phase, 0.0) + now - self._since
        self._phase, self._since = phase, now

    def seconds(self) -> dict[Phase, float]:
        """Seconds by phase up to now, in order; phases that never began are left out."""
        self.enter(self._phase)
        return {phase: self._seconds[phase] for phase in Phase if phase in self._seconds}


class Progress(ABC):
    """Where a run reports what it is doing."""

    def __init__(self) -> None:
        self.clock = PhaseClock()

    def enter(self, phase: Phase, *, total: int | None = None) -> None:
        """Begin ``phase``, which has ``total`` steps where that is known."""
        self.clock.enter(phase)
        self.entered(phase, total=total)

    @abstractmethod
    def entered(self, phase: Phase, *, total: int | None) -> None:
        """A phase began, or went on with a new total."""

    @abstractmethod
    def step(self, text: str, *, advance: bool = True) -> None:
        """Something is being done now; ``advance`` counts it as one step of the phase."""

    @abstractmethod
    def say(self, text: str) -> None:
        """A line worth keeping: what a source landed, what was published."""

    @abstractmethod
    def warn(self, text: str) -> None:
        """A line about something that went wrong without ending the run."""

    def pace(self, what: str, text: str) -> None:  # noqa: ARG002 - for those who thin it out
        """How far ``what``, something long, is: told every second or so, of no worth a second later."""
        self.step(text, advance=False)

    def source_failed(self, source_id: str, reason: str, failed: int, streams: int) -> None:
        """A source could not land whole; the run goes on with what landed.

        Args:
            source_id: the source.
            reason: why, for a person.
            failed: streams that did not land to their end.
            streams: streams that were asked for; 0 where it didn't come to that.
        """
        self.warn(f"{source_id}: {failure_extent(failed, streams)}: {reason}")


class Seldom:
    """Lets one message of each kind through in so many seconds, the first of a kind after as many.

    Args:
        seconds: between two messages of a kind; what lasts less long is never told.
        clock: seconds.
    """

    def __init__(self, seconds: float = 10.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._last: dict[str, float] = {}

    def passes(self, kind: str) -> bool:
        """Whether a message of ``kind`` is due."""
        now = self._clock()
        if now - self._last.setdefault(kind, now) < self._seconds:
            return False
        self._last[kind] = now
        return True


class LogProgress(Progress):
    """Progress as lines of a log."""

    def __init__(self, write: Callable[[str], object], *, seldom: Seldom | None = None) -> None:
        super().__init__()
        self._write = write
        self._seldom = seldom or Seldom()

    def pace(self, what: str, text: str) -> None:
        """Write it now and then."""
        if self._seldom.passes(what):
            self._write(text)

    def entered(self, phase: Phase, *, total: int | None) -> None:
        """Name the phase."""
        self._write(f"{phase}: {total} steps" if total else f"{phase}")

    def step(self, text: str, *, advance: bool = True) -> None:  # noqa: ARG002 - a log has no bar
        """Write the step."""
        self._write(text)

    def say(self, text: str) -> None:
        """Write the line."""
        self._write(text)

    def warn(self, text: str) -> None:
        """Write the line."""
        self._write(f"warning: {text}")


_CURRENT: ContextVar[Progress | None] = ContextVar("progress", default=None)


@contextmanager
def reporting_to(progress: Progress) -> Iterator[None]:
    """Runs started inside report to ``progress``."""
    token = _CURRENT.set(progress)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current_progress() -> Progress | None:
    """The progress that a caller installed in this process, if any."""
    return _CURRENT.get()


def failure_extent(failed: int, streams: int) -> str:
    """How much of a source failed, in words."""
    return "failed" if failed == streams else f"{failed} of {counted(streams, 'stream')} failed"


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``: a count with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
