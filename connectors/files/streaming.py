"""Rows of a delimited file as a stream of Arrow batches, numbered in the order of the file.

DuckDB numbers rows (``row_number() over ()``) on one thread, and whatever is done with numbered rows in the
same query stays on it. So one connection parses the file and the batches get their numbers here, at no cost
per row; the connection that lands them types and writes on all cores. Memory holds a few batches of rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from connectors.core.pace import Pacer

_BATCH_ROWS = 20_480
_MEMORY_LIMIT = "512MB"
_PARSERS = 4
"""Threads that parse at most: each holds buffers, and a few are ahead of what types and writes."""
_OFFSET_BYTES = 4
"""Arrow spends so many bytes a cell on offsets; the file spends one on the delimiter."""


@dataclass
class NumberedStream:
    """The rows of one file, to be read once; see the module.

    Attributes:
        cells_sql: SELECT of the cells as text, in the order of the file.
        pacer: told of every batch.
        error: what broke the reading off, for those who only see that their own query failed.
    """

    cells_sql: str
    pacer: Pacer | None = None
    error: duckdb.Error | None = field(default=None, init=False)

    @contextmanager
    def attached(self, con: duckdb.DuckDBPyConnection, name: str) -> Iterator[None]:
        """Let ``con`` read the rows as ``name``: the cells, and ``_line`` from 1."""
        # Nothing is sorted or joined on this connection, so nothing is spilled.
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": _MEMORY_LIMIT,
            "temp_directory": "",
            "threads": min(os.cpu_count() or 1, _PARSERS),
        }
        with duckdb.connect(config=config) as parsing:
            parsed = parsing.sql(self.cells_sql).to_arrow_reader(_BATCH_ROWS)
            schema = parsed.schema.append(pa.field("_line", pa.int64()))
            con.register(name, pa.RecordBatchReader.from_batches(schema, self._numbered(parsed, schema)))
            try:
                yield
            finally:
                con.unregister(name)

    def _numbered(self, parsed: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        counted = pa.array(range(1, _BATCH_ROWS + 1), pa.int64())
        before = 0
        try:
            for batch in parsed:
                if batch.num_rows > len(counted):
                    counted = pa.array(range(1, batch.num_rows + 1), pa.int64())
                lines = pc.add(counted.slice(0, batch.num_rows), before)
                yield pa.RecordBatch.from_arrays([*batch.columns, lines], schema=schema)
                before += batch.num_rows
                if self.pacer:
                    cells = batch.num_rows * batch.num_columns
                    self.pacer.add(batch.num_rows, batch.nbytes - cells * (_OFFSET_BYTES - 1))
        except duckdb.Error as error:
            self.error = error
            raise
