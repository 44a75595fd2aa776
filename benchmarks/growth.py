"""Growth curves: what landing, first build and one new day cost at 1, 3, 10, 30 and 100 million events.

Usage: ``python -m benchmarks.growth FOLDER [MILLIONS ...] [--document]``; with ``--document`` the table and
the chart of docs/performance.md are written. Sizes that ``events`` measured in the same folder are not
measured again; data of a size is removed once it is measured.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.event_sizes import Size, sized
from benchmarks.rows import Row

MILLIONS = (1.0, 3.0, 10.0, 30.0, 100.0)
_DOCS = Path(__file__).parents[1] / "docs"
_MARKS = ("<!-- growth -->", "<!-- /growth -->")
_LINEAR = 1.2
"""A first build of k times the events may take k times as long, and a fifth more."""
_SERIES = {
    "landing": lambda size: size.landing.seconds,
    "first build": lambda size: size.build.seconds,
    "one new day": lambda size: size.day_seconds,
}


def measure(folder: Path, millions: Sequence[float]) -> list[Size]:
    """Every size, smallest first; the published file of a larger run stays."""
    found = []
    for each in sorted(millions):
        export = sized(folder / "events", each)
        is_new = not export.folder.exists()
        found.append(export.measure())
        if is_new:
            export.forget_data()
    return found


def rows(folder: Path, millions: Sequence[float] = MILLIONS) -> Iterator[Row]:
    """Whether cost grows with events no faster than events do, between the two largest sizes."""
    *_, smaller, larger = measure(folder, millions)
    factor = larger.events / smaller.events
    yield Row(
        what=f"landing and first build per event, {larger.events / 1e6:,.0f} M events",
        beside=f"the same at {smaller.events / 1e6:,.0f} M",
        measured=larger.first_seconds / smaller.first_seconds / factor,
        target=_LINEAR,
        details=f"{larger.first_seconds:.0f} s beside {smaller.first_seconds:.0f} s",
    )


def table(sizes: Sequence[Size]) -> str:
    """The sizes as Markdown; processor seconds in parentheses."""
    lines = [
        "| events | export | landing | rows/s | first build | one new day | largest process | build file |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size in sizes:
        landing, build = size.landing, size.build
        lines.append(
            f"| {size.events / 1e6:,.1f} M | {size.export_megabytes:,.0f} MB "
            f"| {landing.seconds:,.0f} s ({landing.cpu_seconds:,.0f}) "
            f"| {landing.rows / landing.seconds:,.0f} "
            f"| {build.seconds:,.0f} s ({build.cpu_seconds:,.0f}) "
            f"| {size.day_seconds:,.0f} s ({size.day_cpu_seconds:,.0f}) "
            f"| {size.megabytes:,.0f} MiB | {size.build_megabytes:,.0f} MB |"
        )
    return "\n".join(lines)


def write_chart(sizes: Sequence[Size], path: Path) -> None:
    """The same as SVG, both axes logarithmic."""
    import vl_convert as vlc  # noqa: PLC0415 - renders; nothing else here needs it

    values = [
        {"events": size.events, "seconds": seconds(size), "what": what}
        for size in sizes
        for what, seconds in _SERIES.items()
    ]
    scale = {"type": "log"}
    chart = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 520,
        "height": 300,
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "events", "type": "quantitative", "scale": scale, "axis": {"format": "~s"}},
            "y": {"field": "seconds", "type": "quantitative", "scale": scale, "title": "seconds"},
            "color": {"field": "what", "type": "nominal", "title": None, "sort": list(_SERIES)},
            "strokeDash": {"field": "what", "type": "nominal", "title": None, "sort": list(_SERIES)},
        },
    }
    path.write_text(vlc.vegalite_to_svg(chart), encoding="utf-8")


def write_document(sizes: Sequence[Size]) -> None:
    """Table and chart into docs/performance.md, between its marks."""
    write_chart(sizes, _DOCS / "images" / "growth_events.svg")
    page = _DOCS / "performance.md"
    begin, end = _MARKS
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    text = f"{begin}\n{table(sizes)}\n{end}"
    page.write_text(pattern.sub(lambda _: text, page.read_text(encoding="utf-8")), encoding="utf-8")


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("millions", type=float, nargs="*", default=MILLIONS)
    parser.add_argument("--document", action="store_true")
    said = parser.parse_args()
    sizes = measure(said.folder, said.millions)
    print(table(sizes))
    if said.document:
        write_document(sizes)


if __name__ == "__main__":
    main()
