"""How far something long is: drawn on a terminal, told now and then in a log."""

from __future__ import annotations

import io

from rich.console import Console

from orchestration.commands.terminal import TerminalProgress, console_on
from orchestration.progress import LogProgress, Phase, Seldom
from tests.unit.core.fake_clock import FakeClock


def seldom(clock: FakeClock) -> Seldom:
    return Seldom(10, clock=lambda: clock.now)


def test_log_tells_pace_every_ten_seconds_per_thing_and_never_at_once() -> None:
    clock, lines = FakeClock(), []
    progress = LogProgress(lines.append, seldom=seldom(clock))
    for second in range(26):
        progress.pace("a", f"a at {second}")
        if second >= 5:
            progress.pace("b", f"b at {second}")
        clock.pass_(1)
    assert lines == ["a at 10", "b at 15", "a at 20", "b at 25"]


def test_plain_output_has_lines_of_pace_too() -> None:
    clock, stream = FakeClock(), io.StringIO()
    progress = TerminalProgress(console_on(stream), seldom=seldom(clock))
    progress.enter(Phase.LANDING)
    progress.pace("a", "at once")
    clock.pass_(11)
    progress.pace("a", "a: 5 rows/s, about 2 s left")
    assert stream.getvalue().splitlines() == ["landing ...", "a: 5 rows/s, about 2 s left"]


def test_terminal_draws_pace_beside_the_bar_and_prints_no_line() -> None:
    stream = io.StringIO()
    progress = TerminalProgress(Console(file=stream, force_terminal=True, width=120))
    progress.enter(Phase.LANDING, total=2)
    with progress.shown():
        progress.pace("a", "a: 5 rows/s, about 2 s left")
        progress._bars.refresh()  # by itself it draws four times a second
    assert "a: 5 rows/s, about 2 s left" in stream.getvalue()
    assert "0/2" in stream.getvalue()
