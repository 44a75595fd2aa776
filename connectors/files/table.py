"""Table: one header and its rows as text, wherever they came from; what every reader hands on.

Rows are a SELECT with the columns ``c0 … cN`` (VARCHAR) and ``_line`` (number of the
record below the header, from 1).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

_counter = itertools.count(1)


@dataclass(frozen=True)
class Table:
    """One table of a file.

    Attributes:
        header: column names as written.
        rows_sql: SELECT of the rows, valid on any connection once :meth:`attach` was called with it.
        lines_of: record numbers -> lines of the file, for messages; may re-read the file.
        held: rows in memory that ``rows_sql`` refers to, by view name.
        cells_sql: SELECT of the rows without ``_line``, in the order of the file, where a file can be read
            so; to be numbered on the way (``streaming.py``).
        whole: bytes of text below ``cells_sql``, about; None where nobody knows.
    """

    header: tuple[str, ...]
    rows_sql: str
    lines_of: Callable[[Collection[int]], Mapping[int, int]]
    held: tuple[str, pa.Table] | None = None
    cells_sql: str | None = None
    whole: int | None = None

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Makes rows in memory visible to ``con``."""
        if self.held:
            con.register(*self.held)


def table_of_rows(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str | None]]]) -> Table:
    """A table of rows in memory, each with its line in the file; short rows are filled with nulls."""
    width = len(header)
    lines: list[int] = []
    columns: list[list[str | None]] = [[] for _ in header]
    for line, row in rows:
        lines.append(line)
        for position in range(width):
            columns[position].append(row[position] if position < len(row) else None)
    arrow = pa.table(
        {
            **{f"c{position}": pa.array(column, pa.string()) for position, column in enumerate(columns)},
            "_line": pa.array(range(1, len(lines) + 1), pa.int64()),
        }
    )
    name = f"file_rows_{next(_counter)}"
    return Table(
        tuple(header),
        f"select * from {name}",
        lambda records: {n: lines[n - 1] for n in records},
        held=(name, arrow),
    )
