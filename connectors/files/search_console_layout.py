"""The performance export of Search Console cut into sections, whatever language its files and headers are in.

The columns of every table stand in one order (dimension, clicks, impressions, CTR, position); which
breakdown a table is shows in its name, its first header or its values. The chart gives the days; the
breakdowns cover all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath

from connectors.core.errors import SourceDataError
from connectors.core.stream import Stream
from connectors.core.text import ascii_digits
from connectors.files.delimited import open_text
from connectors.files.discovery import SourceFile
from connectors.files.headers import fold
from connectors.files.mapping import Section
from connectors.files.reading import Reader, format_of
from connectors.files.structured import sheets
from connectors.files.table import table_of_rows
from connectors.search_console import streams as search_console

Rows = Sequence[tuple[int, Sequence[str | None]]]

_METRIC_COLUMNS = 5
_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_DEVICES = {"desktop", "mobile", "tablet", "رایانه", "دسکتاپ", "موبایل", "تلفنهمراه", "تبلت", "رایانهلوحی"}
_WORDS: tuple[tuple[Stream, str, tuple[str, ...]], ...] = (
    (
        search_console.QUERIES,
        "query",
        ("quer", "پرسوجو", "پرسمان", "عبارت", "requête", "consulta", "suchanfrage"),
    ),
    (search_console.PAGES, "page", ("page", "صفحه", "صفحات", "seiten", "página", "url")),
    (search_console.COUNTRIES, "country", ("countr", "کشور", "pays", "länder", "país")),
    (search_console.DEVICES, "device", ("device", "دستگاه", "appareil", "gerät", "dispositivo")),
)


@dataclass(frozen=True)
class _Tab:
    name: str
    header: tuple[str, ...]
    rows: Rows


def search_console_sections(file: SourceFile, reader: Reader, *, site: str | None) -> Iterator[Section]:
    """Sections of one export; tables that no stream takes (filters, search appearance) are passed over.

    Raises:
        SourceDataError: no zip or workbook, or an export without its chart.
    """
    tabs = [*_tabs(file, reader)]
    chart = next((tab for tab in tabs if _is_chart(tab)), None)
    if chart is None:
        names = ", ".join(tab.name for tab in tabs)
        raise SourceDataError(
            f"{file.path}: no table holds clicks per day (found: {names or 'nothing'}). Export the whole "
            "performance report with its chart: the breakdowns cover the days of the chart.",
            path=file.path,
        )
    days = [found for _, row in chart.rows if (found := _day(row[0]))]
    period = {
        "period_start": min(days).isoformat(),
        "period_end": (max(days) + timedelta(days=1)).isoformat(),
    }
    known = {"site": site} if site else {}
    yield _section(search_console.TOTALS, "date", chart, known)
    open_streams = list(_WORDS)
    for tab in tabs:
        if tab is chart or len(tab.header) < _METRIC_COLUMNS:
            continue
        breakdown = _breakdown(tab)
        if breakdown and breakdown in open_streams:
            open_streams.remove(breakdown)
            yield _section(breakdown[0], breakdown[1], tab, known | period)


def _section(stream: Stream, dimension: str, tab: _Tab, constants: dict[str, str]) -> Section:
    header = (dimension, "clicks", "impressions", "ctr", "position")
    rows = [(line, row[:_METRIC_COLUMNS]) for line, row in tab.rows]
    slice_sql = "cast(period_start as varchar) || '..' || cast(period_end as varchar)"
    return Section(
        stream=stream,
        table=table_of_rows(header, rows),
        constants=constants,
        name=tab.name,
        slice_sql=None if stream is search_console.TOTALS else slice_sql,
    )


def _tabs(file: SourceFile, reader: Reader) -> Iterator[_Tab]:
    if format_of(file.path) in {".xlsx", ".xlsm"}:
        for name, rows in sheets(file.path).items():
            if rows:
                yield _Tab(name, tuple(cell or "" for cell in rows[0][1]), rows[1:])
        return
    for name, path in reader.unpacked(file.path).items():
        if format_of(path) != ".csv" or not path.read_bytes().strip():
            continue
        text = open_text(path, encoding=reader.config.encoding, delimiter=None, temp=reader.temp)
        records = list(text.records())
        yield _Tab(PurePosixPath(name).stem, tuple(records[0][1]), records[1:])


def _is_chart(tab: _Tab) -> bool:
    return (
        len(tab.header) >= _METRIC_COLUMNS
        and bool(tab.rows)
        and all(_day(row[0]) is not None for _, row in tab.rows)
    )


def _breakdown(tab: _Tab) -> tuple[Stream, str, tuple[str, ...]] | None:
    """The breakdown of ``tab`` by its name, its first header, or what its values look like."""
    for text in (fold(tab.name), fold(tab.header[0])):
        for entry in _WORDS:
            if any(fold(word) in text for word in entry[2]):
                return entry
    values = [(row[0] or "").strip() for _, row in tab.rows]
    if values and all(value.startswith(("http://", "https://")) for value in values):
        return _WORDS[1]
    if values and all(fold(value) in _DEVICES for value in values):
        return _WORDS[3]
    return None


def _day(cell: str | None) -> date | None:
    found = _DAY.match(ascii_digits((cell or "").strip()))
    if not found:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None
