"""XLSX, JSON, NDJSON and Parquet as tables of text.

Workbooks are read by calamine into Arrow; JSON and Parquet by DuckDB. Numbers keep the digits that the file
holds.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
from python_calamine import CalamineError, CalamineWorkbook

from connectors.core.errors import SourceDataError
from connectors.core.sql import identifier, literal
from connectors.files.table import Table, table_of_rows

_OBJECT_BYTES = 1 << 24
_GZIP_RATIO = 20
Cell = str | int | float | bool | date | datetime | time | timedelta


def sheets(path: Path) -> dict[str, list[tuple[int, list[str | None]]]]:
    """Every worksheet of a workbook: name -> (row number, cells) of rows that are not blank.

    Raises:
        SourceDataError: not a workbook, empty or damaged.
    """
    if path.stat().st_size == 0:
        raise SourceDataError(f"{path} is empty (0 bytes). Save the workbook again.", path=path)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        return {
            name: list(_filled(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)))
            for name in workbook.sheet_names
        }
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise SourceDataError(
            f"{path} is no Excel workbook ({str(error).strip()}). Save it as .xlsx again, or correct its "
            "ending.",
            path=path,
        ) from error


def open_workbook(
    path: Path,
    *,
    sheet: str | int | None,
    header_row: int | None,
    is_header: Callable[[Sequence[str]], bool] | None,
) -> Table:
    """The table on one worksheet (the first unless named or numbered).

    Raises:
        SourceDataError: no such sheet, or a sheet without a header.
    """
    by_name = sheets(path)
    names = list(by_name)
    position = (sheet or 1) if not isinstance(sheet, str) else names.index(sheet) + 1 if sheet in names else 0
    if not 1 <= position <= len(names):
        raise SourceDataError(
            f"{path} has no sheet {sheet!r}; it has {', '.join(names)}. Correct `sheet` of this source.",
            path=path,
        )
    rows = by_name[names[position - 1]]
    for index, (line, row) in enumerate(rows):
        header = tuple(cell or "" for cell in row)
        if line == header_row or (header_row is None and (is_header is None or is_header(header))):
            return table_of_rows(header, rows[index + 1 :])
    if rows and header_row is None:
        return table_of_rows(tuple(cell or "" for cell in rows[0][1]), rows[1:])
    raise SourceDataError(
        f"{path}, sheet {names[position - 1]}: there is no header. Set `sheet` and `header_row` of this "
        "source.",
        path=path,
    )


def open_json(con: duckdb.DuckDBPyConnection, path: Path) -> Table:
    """Objects of a JSON array, of ``{"data": [...]}``, or one per line; keys are the columns.

    Raises:
        SourceDataError: empty, malformed, or without objects.
    """
    if path.stat().st_size == 0:
        raise SourceDataError(f"{path} is empty (0 bytes). Export it again.", path=path)
    # The engine reserves twice this much, so it follows the file: one object may be all of it.
    largest = max(path.stat().st_size * (_GZIP_RATIO if path.suffix == ".gz" else 1), _OBJECT_BYTES)
    source = f"read_json_objects({literal(str(path))}, maximum_object_size = {largest}, format = 'auto')"
    objects = f"select json as row from {source}"
    try:
        wrapped = con.execute(
            f"select count(*) = 1 and bool_and(json_type(row, '$.data') = 'ARRAY') from ({objects})"
        ).fetchone()
        if wrapped and wrapped[0]:
            objects = f"select unnest(json_extract(row, '$.data[*]')) as row from ({objects})"
        numbered = f"select row, row_number() over () as _line from ({objects})"
        keys = con.execute(
            f"select key from (select unnest(json_keys(row)) as key, _line from ({numbered})) "
            "group by key order by min(_line), key"
        ).fetchall()
    except duckdb.Error as error:
        raise SourceDataError(
            f"{path} is no valid JSON: {str(error).splitlines()[0]} Export it again.", path=path
        ) from error
    header = tuple(str(key[0]) for key in keys)
    if not header:
        raise SourceDataError(
            f"{path} holds no rows: expected an array of objects, an object with `data`, or an object per "
            "line.",
            path=path,
        )
    cells = ", ".join(
        f"row ->> {literal('$.' + _quoted_key(key))} as c{position}" for position, key in enumerate(header)
    )
    return Table(header, f"select {cells}, _line from ({numbered})", _same_numbers)


def open_parquet(con: duckdb.DuckDBPyConnection, path: Path) -> Table:
    """Columns of a Parquet file.

    Raises:
        SourceDataError: not a Parquet file or damaged.
    """
    source = f"read_parquet({literal(str(path))}, file_row_number = true)"
    try:
        described = con.execute(f"describe select * from {source}").fetchall()
    except duckdb.Error as error:
        raise SourceDataError(
            f"{path} is no complete Parquet file: {str(error).splitlines()[0]} Copy it again.", path=path
        ) from error
    header = tuple(str(row[0]) for row in described if row[0] != "file_row_number")
    cells = ", ".join(
        f"cast({identifier(name)} as varchar) as c{position}" for position, name in enumerate(header)
    )
    return Table(header, f"select {cells}, file_row_number + 1 as _line from {source}", _same_numbers)


def _same_numbers(records: Collection[int]) -> dict[int, int]:
    return {record: record for record in records}


def _filled(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[int, list[str | None]]]:
    for number, row in enumerate(rows, start=1):
        cells = [cell_text(cell) for cell in row]
        if any(cell is not None for cell in cells):
            yield number, cells


def cell_text(cell: Cell) -> str | None:
    """A workbook cell as a file would write it; None when empty."""
    if cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _quoted_key(key: str) -> str:
    return '"' + key.replace('"', '\\"') + '"'
