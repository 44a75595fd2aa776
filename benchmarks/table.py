"""The table of all claims: on the terminal as it grows, as Markdown for docs/performance.md, as JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.rows import Row

HEADER = ("what", "beside", "measured", "target", "", "details")


def cells(row: Row) -> tuple[str, ...]:
    """One row of the table as text."""
    target = f"{'≥' if row.at_least else '≤'} {_amount(row.target, row.unit)}"
    verdict = "pass" if row.is_met else "FAIL"
    return (row.what, row.beside or "–", _amount(row.measured, row.unit), target, verdict, row.details)


def _amount(value: float, unit: str) -> str:
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
    return f"{text}{unit}" if unit == "×" else f"{text} {unit}"


def line(row: Row) -> str:
    """One row for the terminal, as soon as it is known."""
    what, beside, measured, target, verdict, details = cells(row)
    return f"{verdict:4}  {measured:>9} ({target})  {what} | beside {beside} | {details}"


def print_rows(rows: Callable[[Path], Iterable[Row]]) -> None:
    """Measure one module by itself, in a folder that goes away; a row is printed as soon as it is known."""
    with tempfile.TemporaryDirectory(prefix="sanjeh-bench-") as folder:
        for row in rows(Path(folder)):
            print(line(row), flush=True)


def markdown(rows: Sequence[Row], machine: Mapping[str, str]) -> str:
    """The table with what it was measured on."""
    lines = [
        f"| {' | '.join(HEADER)} |",
        f"|{'---|' * len(HEADER)}",
        *(f"| {' | '.join(text.replace('|', chr(92) + '|') for text in cells(row))} |" for row in rows),
        "",
        *(f"- {name}: {fact}" for name, fact in machine.items()),
    ]
    return "\n".join(lines) + "\n"


def write(rows: Sequence[Row], machine: Mapping[str, str], *, folder: Path, name: str) -> tuple[Path, Path]:
    """Write ``NAME.md`` and ``NAME.json`` into ``folder``; returns both."""
    folder.mkdir(parents=True, exist_ok=True)
    text, data = folder / f"{name}.md", folder / f"{name}.json"
    text.write_text(markdown(rows, machine), encoding="utf-8")
    content = {"machine": dict(machine), "rows": [{**asdict(row), "is_met": row.is_met} for row in rows]}
    data.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return text, data


def replace_between(document: Path, name: str, text: str) -> None:
    """Put ``text`` between the marks ``<!-- NAME -->`` and ``<!-- /NAME -->`` of ``document``.

    Raises:
        ValueError: a mark is missing or stands twice.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    whole = document.read_text(encoding="utf-8")
    if whole.count(begin) != 1 or whole.count(end) != 1 or whole.index(begin) > whole.index(end):
        raise ValueError(f"{document} needs the marks {begin} and {end} once each, in this order.")
    before, rest = whole.split(begin)
    document.write_text(f"{before}{begin}\n{text}{end}{rest.split(end)[1]}", encoding="utf-8")
