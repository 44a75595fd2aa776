"""FilePreset: the ready-made declaration of one kind of export file; a preset holds no logic.

A preset says which streams a file can feed, under which headers tools write each column (English and
Persian), and the rules of thumb that differ from a plain table. Whatever ``sanjeh.yml`` declares wins over
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from connectors.core.stream import Stream, Type
from connectors.files.config import Covers


class Layout(StrEnum):
    """How a file is cut into tables."""

    TABLE = "table"
    """One table with one header."""
    GA4 = "ga4"
    """Analytics reports: UI exports with comment blocks, plain CSV, and the JSON of the Data API."""
    SEARCH_CONSOLE = "search_console"
    """The zip or workbook of Search Console, one table per breakdown."""


@dataclass(frozen=True, kw_only=True)
class RowCheck:
    """A rule every row must pass.

    Attributes:
        column: column that is named when the rule fails.
        holds: SQL condition over typed columns; null passes.
        reason: what the reject says.
        needs: further optional columns that ``holds`` reads; a file without one of them is not checked.
    """

    column: str
    holds: str
    reason: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FilePreset:
    """One kind of export file.

    Attributes:
        connector: word used in ``sanjeh.yml``.
        streams: streams that a file of this kind can feed; the first is the default.
        headers: stream id -> column -> headers under which tools write it. A trailing ``(*)`` stands for
            any word
            in brackets, such as a currency. The column's own name always matches.
        layout: how a file is cut into tables.
        covers: what a file replaces, unless declared; see :class:`Covers`.
        constants: column -> value where the file has no such column.
        na_values: cells that mean "no value".
        total_words: a row whose first cell starts with one of these is a total and no row.
        scan_header: the header may follow some title lines.
        helpers: column -> type of values that only row checks and the currency rule look at.
        row_checks: rules of every row.
        copied: column -> column it takes its values from where the file has no such column.
    """

    connector: str
    streams: tuple[Stream, ...]
    headers: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    layout: Layout = Layout.TABLE
    covers: Covers = Covers.FILE
    constants: Mapping[str, str] = field(default_factory=dict)
    na_values: tuple[str, ...] = ()
    total_words: tuple[str, ...] = ()
    scan_header: bool = False
    helpers: Mapping[str, Type] = field(default_factory=dict)
    row_checks: tuple[RowCheck, ...] = ()
    copied: Mapping[str, str] = field(default_factory=dict)
