"""Binding of a table's header to a stream: where each column's values come from.

In: header, stream, preset and configuration. Out: one binding per column that has a source, the columns
that are not mapped, and the currency a header names. A declared or required column that is not there is a
SchemaError that names the file, the column, what the header holds and the closest word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from connectors.core.errors import SchemaError
from connectors.core.stream import Column, Stream, Type
from connectors.files.config import ColumnSpec, Constant, FileSourceConfig, FromFileName
from connectors.files.discovery import SourceFile
from connectors.files.headers import closest, closest_of_all, find, listed
from connectors.files.preset import FilePreset
from connectors.files.table import Table


@dataclass(frozen=True, kw_only=True)
class Section:
    """One table of a file and the stream it lands in.

    Attributes:
        stream: where it lands. table: its rows.
        constants: column -> value of every row, known from outside the table.
        name: for messages where a file holds several tables.
        slice_sql: expression of the slice key over typed columns, where the stream's own rule doesn't hold.
    """

    stream: Stream
    table: Table
    constants: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    slice_sql: str | None = None


@dataclass(frozen=True)
class Binding:
    """Where a column's text comes from: a position in the table, or one value for all rows."""

    column: Column
    position: int | None
    constant: str | None = None


@dataclass(frozen=True)
class Bindings:
    """All bindings of one table.

    Attributes:
        columns: bindings of stream columns and helpers that have a source.
        extras: (position, header) of columns that nothing maps.
        header_currency: word in brackets of a money header, such as ``USD`` in ``Amount spent (USD)``.
    """

    columns: tuple[Binding, ...]
    extras: tuple[tuple[int, str], ...]
    header_currency: str | None

    def with_constant(self, column: Column, text: str) -> Bindings:
        """The same with ``column`` set to ``text`` where nothing else feeds it."""
        if any(binding.column.name == column.name for binding in self.columns):
            return self
        return replace(self, columns=(*self.columns, Binding(column, None, text)))


def bind(
    section: Section,
    *,
    file: SourceFile,
    preset: FilePreset,
    config: FileSourceConfig,
    previous_header: Sequence[str],
) -> Bindings:
    """Bindings of ``section``.

    Args:
        section: the table and its stream.
        file: where it comes from, for messages and ``file_name`` columns.
        preset: headers and constants of this kind of file.
        config: the source's own mapping, which wins.
        previous_header: header of the same or an earlier file; a column that was there must still be.

    Raises:
        SchemaError: a declared, required or previously present column is missing, or a mapping names no
            column.
    """
    header = section.table.header
    helpers = tuple(Column(name, type_, "helper of a row check") for name, type_ in preset.helpers.items())
    columns = (*section.stream.columns, *helpers)
    _require_known(config.columns, columns, section.stream)
    spellings = preset.headers.get(section.stream.id, {})
    bound: dict[str, Binding] = {}
    header_currency: str | None = None
    for column in columns:
        spec = config.columns.get(column.name)
        if column.name in config.columns and spec is None:
            continue
        if isinstance(spec, Constant):
            bound[column.name] = Binding(column, None, spec.text)
            continue
        if isinstance(spec, FromFileName):
            bound[column.name] = Binding(column, None, spec.value(file.stem))
            continue
        names = _names(column, spec, spellings.get(column.name, ()))
        found = find(names, header)
        if found:
            bound[column.name] = Binding(column, found[0])
            if column.type is Type.MONEY and found[1]:
                header_currency = found[1]
        elif spec is not None or find(names, previous_header):
            raise _missing(file.path, section, column, names)
    for column in columns:
        if column.name in bound or (column.name in config.columns and config.columns[column.name] is None):
            continue
        outside = section.constants.get(column.name, preset.constants.get(column.name))
        copied = bound.get(preset.copied.get(column.name, ""))
        if copied:
            bound[column.name] = Binding(column, copied.position, copied.constant)
        elif outside is not None:
            bound[column.name] = Binding(column, None, outside)
        elif column.required:
            raise _missing(file.path, section, column, _names(column, None, spellings.get(column.name, ())))
    used = {binding.position for binding in bound.values()}
    extras = tuple((at, name) for at, name in enumerate(header) if at not in used and name.strip())
    return Bindings(tuple(bound.values()), extras, header_currency)


def _names(column: Column, spec: ColumnSpec | None, spellings: Iterable[str]) -> tuple[str, ...]:
    if isinstance(spec, str):
        return (spec,)
    if isinstance(spec, tuple):
        return spec
    return (column.name, *spellings)


def _require_known(mapped: Mapping[str, object], columns: Sequence[Column], stream: Stream) -> None:
    names = [column.name for column in columns]
    for name in mapped:
        if name not in names:
            near = closest(name, names)
            raise SchemaError(
                f"columns.{name}: stream {stream.id} has no column {name!r}"
                + (f"; did you mean {near!r}?" if near else ".")
                + f" It has {listed(names)}."
            )


def _missing(path: Path, section: Section, column: Column, names: Sequence[str]) -> SchemaError:
    header = section.table.header
    near = closest_of_all(names, header)
    where = f"{path} ({section.name})" if section.name else str(path)
    expected = " or ".join(f"'{name}'" for name in names[:4])
    hint = f" The closest is '{near}'." if near else ""
    return SchemaError(
        f"{where}: column {column.name!r} of {section.stream.id} is missing. It was expected under "
        f"{expected}; the header holds {listed(header)}.{hint} Export the column, or map it: "
        f"`columns: {{{column.name}: {near or '<header>'}}}`"
        + ("." if column.required else "; null instead of a header leaves it out for good.")
    )
