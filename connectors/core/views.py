"""SQL that reads the listed files of a stream as its declared columns; no rows when nothing is listed.

Files are grouped by layout, so that a file written before a column was declared reads as null there, and only
one footer per layout is opened when a view is bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from connectors.core.manifest import Manifest
from connectors.core.sql import identifier, literals
from connectors.core.stream import Stream


def select_listed(
    stored: Iterable[tuple[Path, Manifest]],
    columns: Mapping[str, str],
    *,
    only: frozenset[str] | None = None,
) -> str:
    """A SELECT of ``columns`` (type by name) over listed files.

    Args:
        stored: folder and manifest of each source.
        columns: what to select; a column that a file lacks is null.
        only: file names to read; all listed ones when None.
    """
    groups = listed_by_layout(stored, only=only)
    if not groups:
        nulls = ", ".join(f"cast(null as {type_}) as {identifier(name)}" for name, type_ in columns.items())
        return f"select {nulls} where false"
    branches = [
        f"select {', '.join(_column(name, type_, dict(layout)) for name, type_ in columns.items())} "
        f"from read_parquet({literals(paths)}, hive_partitioning = false)"
        for layout, paths in groups.items()
    ]
    return "\nunion all\n".join(branches)


def listed_by_layout(
    stored: Iterable[tuple[Path, Manifest]], *, only: frozenset[str] | None = None
) -> dict[tuple[tuple[str, str], ...], list[str]]:
    """Paths of the listed files by layout (name and type of each column), by manifest and name."""
    groups: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for folder, manifest in stored:
        for name, entry in sorted(manifest.files.items()):
            if only is None or name in only:
                layout = tuple(manifest.layouts[entry.schema_hash].items())
                groups.setdefault(layout, []).append(str(folder / name))
    return groups


def view_sql(stream: Stream, stored: Iterable[tuple[Path, Manifest]]) -> str:
    """CREATE VIEW of ``raw.<connector>__<stream>`` over what is listed."""
    body = select_listed(stored, dict(stream.landed_columns))
    return f"create or replace view raw.{identifier(stream.view)} as\n{body}"


def _column(name: str, type_: str, layout: Mapping[str, str]) -> str:
    quoted = identifier(name)
    if layout.get(name) == type_:
        return quoted
    value = quoted if name in layout else "null"
    return f"cast({value} as {type_}) as {quoted}"
