"""The terminal: consoles, the progress of a run on them, and a place for everybody else's output.

Progress goes to stderr, results to stdout. Where there is no terminal, both are plain text without control
codes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichBars

from orchestration.progress import Phase, Progress, Seldom, failure_extent

PLAIN_WIDTH = 140


def console_on(stream: IO[str]) -> Console:
    """A console on ``stream``; plain and wide enough for tables where it is no terminal."""
    if stream.isatty():
        return Console(file=stream, highlight=False)
    return Console(file=stream, highlight=False, width=PLAIN_WIDTH, no_color=True, force_terminal=False)


class TerminalProgress(Progress):
    """One bar per phase and the lines worth keeping above; only lines where there is no terminal."""

    def __init__(self, console: Console, *, seldom: Seldom | None = None) -> None:
        super().__init__()
        self._console = console
        self._seldom = seldom or Seldom()
        self._bars = RichBars(
            SpinnerColumn(),
            TextColumn("{task.fields[phase]:<8}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._tasks: dict[Phase, TaskID] = {}
        self._phase: Phase | None = None

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Draw for the length of a block."""
        with self._bars:
            yield

    def entered(self, phase: Phase, *, total: int | None) -> None:
        """Add the phase's bar, or set its total."""
        if phase not in self._tasks:
            self._tasks[phase] = self._bars.add_task("", total=total, phase=phase.value)
        elif total is not None:
            self._bars.update(self._tasks[phase], total=total)
        if phase is not self._phase:
            self._finish_current()
            self._phase = phase
            if not self._console.is_terminal:
                self.say(f"{phase.value} ...")

    def step(self, text: str, *, advance: bool = True) -> None:
        """Show what is being done beside the bar."""
        if self._phase is not None:
            self._bars.update(self._tasks[self._phase], description=text, advance=int(advance))

    def pace(self, what: str, text: str) -> None:
        """Show it beside the bar; where there is no terminal, print it now and then."""
        if self._console.is_terminal:
            self.step(text, advance=False)
        elif self._seldom.passes(what):
            self.say(text)

    def say(self, text: str) -> None:
        """Print above the bars."""
        self._console.print(text, markup=False, soft_wrap=True)

    def warn(self, text: str) -> None:
        """Print above the bars, to be noticed."""
        self._console.print(f"! {text}", style="yellow", markup=False, soft_wrap=True)

    def source_failed(self, source_id: str, reason: str, failed: int, streams: int) -> None:  # noqa: ARG002 - the run's last words hold it
        """Name the source; its reason stands at the end of the run, where it can't scroll away."""
        self.warn(f"{source_id}: {failure_extent(failed, streams)}; the reason stands at the end")

    def _finish_current(self) -> None:
        if self._phase is not None:
            task = self._tasks[self._phase]
            self._bars.update(task, description="done")
            self._bars.stop_task(task)


@contextmanager
def output_to(log: Path) -> Iterator[IO[str]]:
    """Send everything this process and its children print to ``log``; yields the real stderr.

    Dagster, dbt and libraries write to the standard streams; a terminal that draws bars can't share them.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    saved_out, saved_err = os.dup(1), os.dup(2)
    log.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    try:
        with os.fdopen(saved_err, "w", encoding="utf-8", closefd=False) as terminal:
            yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(saved_out, 1)
        os.dup2(saved_err, 2)
        os.close(saved_out)
        os.close(saved_err)
