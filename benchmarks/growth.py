"""Growth curves: what landing, first build and one new day cost at 1, 3, 10, 30 and 100 million events.

Usage: ``python -m benchmarks.growth FOLDER [MILLIONS ...]``; ``python -m benchmarks --large --document PAGE``
writes table and chart. Sizes that ``events`` measured in the same folder are not measured again; data of a
size is removed once it is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.event_sizes import RESULTS, Size, read_size, sized
from benchmarks.rows import Row
from benchmarks.table import replace_between

MILLIONS = (1.0, 3.0, 10.0, 30.0, 100.0)
_CHART = Path("images/growth_events.svg")
"""Beside the page."""
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


def measured(folder: Path) -> list[Size]:
    """The sizes whose results are in the folder, smallest first."""
    results = [folder / "events" / f"{each:g}m" / RESULTS for each in MILLIONS]
    return [read_size(path) for path in results if path.is_file()]


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
    """The same as SVG: seconds with both axes logarithmic, and memory beside them."""
    import vl_convert as vlc  # noqa: PLC0415 - renders; nothing else here needs it

    seconds = [
        {"events": size.events, "seconds": took(size), "what": what}
        for size in sizes
        for what, took in _SERIES.items()
    ]
    memory = [{"events": size.events, "MiB": size.megabytes} for size in sizes]
    scale = {"type": "log"}
    whole = {"type": "log", "nice": False}
    events = {"field": "events", "type": "quantitative", "scale": whole, "axis": {"format": "~s"}}
    step = {"field": "what", "type": "nominal", "title": None, "sort": list(_SERIES)}
    mark = {"type": "line", "point": True}
    chart = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "hconcat": [
            {
                "width": 340,
                "height": 260,
                "data": {"values": seconds},
                "mark": mark,
                "encoding": {
                    "x": events,
                    "y": {"field": "seconds", "type": "quantitative", "scale": scale},
                    "color": step,
                    "strokeDash": {**step, "legend": None},
                },
            },
            {
                "width": 200,
                "height": 260,
                "data": {"values": memory},
                "mark": mark,
                "encoding": {
                    "x": events,
                    "y": {"field": "MiB", "type": "quantitative", "title": "largest process, MiB"},
                },
            },
        ],
    }
    path.write_text(vlc.vegalite_to_svg(chart), encoding="utf-8")


def write_document(page: Path, sizes: Sequence[Size]) -> None:
    """Table and chart into a Markdown page, between its marks ``growth``."""
    write_chart(sizes, page.parent / _CHART)
    replace_between(
        page, "growth", f"{table(sizes)}\n\n![Seconds and memory by number of events]({_CHART})\n"
    )


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("millions", type=float, nargs="*", default=MILLIONS)
    said = parser.parse_args()
    print(table(measure(said.folder, said.millions)))


if __name__ == "__main__":
    main()
