"""Opening one file of the export: Parquet as BigQuery nests it, or JSON lines, plain or gzipped.

In: a file. Out: how to select its rows, its shape, and how many rows it has by its own account (the Parquet
footer, the lines of a text), which the landing has to match. A file that can't be read raises SourceDataError
naming file, line where there is one, and what to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.core.errors import SchemaError, SourceDataError
from connectors.core.sql import literal
from connectors.files.reading import format_of
from connectors.ga4_events.fields import REQUIRED, VALUE_FIELDS, record_paths
from connectors.ga4_events.json_lines import bad_line, line_of_record, survey
from connectors.ga4_events.shape import Shape
from connectors.ga4_events.tables import Export

_JSON = {".json", ".jsonl", ".ndjson"}
_PARQUET = {".parquet", ".parq"}
_TEXT_VALUE = f"STRUCT({', '.join(f'{name} VARCHAR' for name in VALUE_FIELDS)})"
_UNCHANGED = "what was stored before is unchanged."
_MARK = re.compile(r"@(\d+)\|(.*)")
OTHER_DAY = " is its event_date, but the file belongs to"
"""How a SELECT says that an event has not the day of the table; see ``flatten``."""
_TEXT_PARAMS = f'STRUCT("key" VARCHAR, "value" {_TEXT_VALUE})[]'


@dataclass(frozen=True)
class Opened:
    """One file, ready to be selected from.

    Attributes:
        path: the file.
        rows_sql: SELECT of its top-level columns and ``_line`` (number of the record, from 1).
        shape: types of its columns.
        rows: how many rows it has by its own account.
        columns: names of its top-level columns; of JSON those of the first lines.
        has_user_ids: whether ``user_id`` may be filled.
        is_columnar: whether one column can be read without the others.
    """

    path: Path
    rows_sql: str
    shape: Shape
    rows: int
    columns: tuple[str, ...]
    has_user_ids: bool
    is_columnar: bool


def open_events(con: duckdb.DuckDBPyConnection, path: Path, *, is_counted: bool = True) -> Opened:
    """``path`` as rows of the export; ``con`` only looks at it.

    Args:
        con: connection to look with.
        path: the file.
        is_counted: whether to count the lines of JSON, which takes a pass over the file.

    Raises:
        SourceDataError: an unknown ending, or a file that is not what its ending says.
        SchemaError: no raw export.
    """
    kind = format_of(path)
    if kind in _JSON:
        return _open_json(con, path, is_counted=is_counted)
    if kind in _PARQUET:
        return _open_parquet(con, path)
    raise SourceDataError(
        f"{path}: files that end in {path.suffix or 'nothing'} can't be read as GA4 events. Export the table "
        "as Parquet or newline-delimited JSON (.json, .jsonl, .ndjson, also .gz), or narrow the source's "
        "`path`.",
        path=path,
    )


def refused(path: Path, export: Export, error: BaseException) -> SourceDataError:
    """The engine's ``error`` while it read ``path``, in words for the person who has to mend it."""
    text = str(error).splitlines()[0]
    mark = _MARK.search(text)
    if mark is not None:
        return _refused_event(path, export, record=int(mark[1]), reason=mark[2])
    bad = bad_line(path) if _is_json(path) else None
    if bad is not None:
        return SourceDataError(
            f"{path}, line {bad.line}: {bad.reason}. Copy the file again if it was cut off, else export the "
            f"table again as newline-delimited JSON; {_UNCHANGED}",
            path=path,
            line=bad.line,
        )
    what = "can't be read" if _is_json(path) else "is no complete Parquet file"
    return SourceDataError(
        f"{path} {what}: {text} Copy it again, or export it again; {_UNCHANGED}", path=path
    )


def _refused_event(path: Path, export: Export, *, record: int, reason: str) -> SourceDataError:
    line = line_of_record(path, record) if _is_json(path) else record
    if OTHER_DAY in reason:
        advice = (
            f"{export.table}, and every row of a table has the table's day. Rename the file so that neither "
            "it nor its folder names a table, and its rows decide; or export the table again"
        )
        return SourceDataError(f"{path}, line {line}: {reason} {advice}; {_UNCHANGED}", path=path, line=line)
    return SourceDataError(
        f"{path}, line {line}: {reason}. Export the table again; {_UNCHANGED}", path=path, line=line
    )


def _is_json(path: Path) -> bool:
    return format_of(path) in _JSON


def _open_json(con: duckdb.DuckDBPyConnection, path: Path, *, is_counted: bool) -> Opened:
    found = survey(path, is_counted=is_counted)
    columns = ", ".join(f"{literal(name)}: {literal(type_)}" for name, type_ in _text_types().items())
    source = f"read_json({literal(str(path))}, format = 'newline_delimited', columns = {{{columns}}})"
    types = con.sql(f"select * from {source} limit 0")
    return Opened(
        path=path,
        rows_sql=f"select *, row_number() over () as _line from {source}",
        shape=Shape(dict(zip(types.columns, types.types, strict=True))),
        rows=found.rows,
        columns=found.columns,
        has_user_ids=found.has_user_ids,
        is_columnar=False,
    )


def _open_parquet(con: duckdb.DuckDBPyConnection, path: Path) -> Opened:
    source = f"read_parquet({literal(str(path))}, file_row_number = true, hive_partitioning = false)"
    try:
        footer = pq.read_metadata(path)
        found = con.sql(f"select * from {source} limit 0")
    except (pa.ArrowException, OSError, duckdb.Error) as error:
        raise SourceDataError(
            f"{path} is no complete Parquet file: {str(error).splitlines()[0]} Copy it again, or export the "
            f"table again; {_UNCHANGED}",
            path=path,
        ) from error
    types = dict(zip(found.columns, found.types, strict=True))
    del types["file_row_number"]
    missing = [name for name in REQUIRED if name not in types]
    if missing:
        raise SchemaError(
            f"{path} has no column {', '.join(missing)}, so it is no raw event export. Export the table "
            "events_YYYYMMDD itself, with its nested columns; what was stored before is unchanged.",
            path=path,
            column=missing[0],
        )
    return Opened(
        path=path,
        rows_sql=f"select * exclude (file_row_number), file_row_number + 1 as _line from {source}",
        shape=Shape(types),
        rows=footer.num_rows,
        columns=tuple(types),
        has_user_ids="user_id" in types and not _is_all_null(footer, "user_id"),
        is_columnar=True,
    )


def _is_all_null(footer: pq.FileMetaData, column: str) -> bool:
    """Whether the footer shows that every value of a top-level column is null."""
    names = [footer.schema.column(position).path for position in range(footer.num_columns)]
    if column not in names:
        return False
    position = names.index(column)
    for group in range(footer.num_row_groups):
        chunk = footer.row_group(group).column(position)
        statistics = chunk.statistics
        if statistics is None or not statistics.has_null_count or statistics.null_count < chunk.num_values:
            return False
    return True


def _text_types() -> dict[str, str]:
    """DuckDB type by top-level column of a JSON file, every value as text: numbers keep their digits."""
    tree: dict[str, dict[str, object]] = {}
    for path in record_paths():
        branch: dict[str, object] = tree  # type: ignore[assignment]  # a tree of any depth
        for name in path.split("."):
            branch = branch.setdefault(name, {})  # type: ignore[assignment]
    types = {name: _text_type(fields) for name, fields in tree.items()}
    return types | {"event_params": _TEXT_PARAMS}


def _text_type(fields: object) -> str:
    if not isinstance(fields, dict) or not fields:
        return "VARCHAR"
    inner = ", ".join(f'"{name}" {_text_type(below)}' for name, below in fields.items())
    return f"STRUCT({inner})"
