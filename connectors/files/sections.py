"""Sections of a file by the layout of its preset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from connectors.core.stream import Stream
from connectors.files.config import Constant
from connectors.files.discovery import SourceFile
from connectors.files.ga4_layout import ga4_sections
from connectors.files.headers import find
from connectors.files.mapping import Section
from connectors.files.preset import FilePreset, Layout
from connectors.files.reading import Reader
from connectors.files.search_console_layout import search_console_sections
from connectors.files.wide import made_long


def sections_of(
    file: SourceFile,
    reader: Reader,
    *,
    preset: FilePreset,
    stream: Stream,
    zone: ZoneInfo,
) -> Iterator[Section]:
    """Tables of ``file`` with the stream each lands in; ``stream`` is where a plain table goes.

    Raises:
        SourceDataError: the file can't be read as its layout says.
    """
    config = reader.config
    coverage: tuple[date, date] | None = config.coverage.half_open if config.coverage else None
    if preset.layout is Layout.GA4:
        yield from ga4_sections(file, reader, preset=preset, zone=zone, coverage=coverage)
    elif preset.layout is Layout.SEARCH_CONSOLE:
        site = config.columns.get("site")
        yield from search_console_sections(
            file, reader, site=site.text if isinstance(site, Constant) else None
        )
    else:
        spellings = preset.headers.get(stream.id, {})
        required = [
            (column.name, *spellings.get(column.name, ())) for column in stream.columns if column.required
        ]

        def is_header(record: Sequence[str]) -> bool:
            return sum(find(names, record) is not None for names in required) > len(required) // 2

        table = reader.table(file.path, is_header=is_header if preset.scan_header else None)
        if preset.wide:
            named = {column.name: (column.name, *spellings.get(column.name, ())) for column in stream.columns}
            for name, spec in config.columns.items():
                if isinstance(spec, str | tuple):
                    named[name] = (spec,) if isinstance(spec, str) else spec
                else:
                    named.pop(name, None)
            table = made_long(
                table, preset.wide, spellings=named, na_values=(*preset.na_values, *config.na_values)
            )
        yield Section(stream=stream, table=table)
