"""Staging: rows of a source on their way into the raw zone, in a temporary DuckDB database on disk.

SELECTs and Arrow batches come in; out comes the view ``staged`` with the landed columns in their declared
types, personal values already replaced. Each SELECT becomes one Parquet part in the very layout of the raw
zone, so that a landing which keeps a part whole moves it instead of writing it again. A column of another
type than declared raises SchemaError, a value that cannot be read SourceDataError. Database and parts are
private to the landing and go away with it.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import duckdb
import pyarrow as pa

from connectors.core.errors import SchemaError, SourceDataError
from connectors.core.pii import Pseudonymiser
from connectors.core.replacing import replaced
from connectors.core.sql import constant_text, identifier, literal, literals
from connectors.core.storage import disk_errors, disk_problem, make_folder
from connectors.core.stream import Column, Stream

SUPPLIED_SYSTEM_COLUMNS = {
    "_slice": "VARCHAR",
    "_file": "VARCHAR",
    "_line": "BIGINT",
    "_is_deleted": "BOOLEAN",
}
"""System columns that a connector supplies; the others are constants of the landing."""
EXTRA_TYPE = "VARCHAR"
"""Columns that aren't declared are kept as text, so that they never conflict between files."""

_MEMORY_LIMIT = "1GB"
_BATCH_ROWS = 100_000
_READ_ERRORS = (
    duckdb.DataError,
    duckdb.InvalidInputException,
    duckdb.OperationalError,
)
_INTEGERS = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT"}
)
_TEXTS = frozenset({"VARCHAR", "UUID", "JSON"})
_LOSSLESS: dict[str, frozenset[str]] = {
    "VARCHAR": _TEXTS | _INTEGERS,
    "BIGINT": _INTEGERS,
    "DOUBLE": _INTEGERS | {"FLOAT", "DOUBLE", "DECIMAL"},
    "DECIMAL(18,6)": _INTEGERS | {"FLOAT", "DOUBLE", "DECIMAL"},
    "DECIMAL(24,12)": _INTEGERS | {"FLOAT", "DOUBLE", "DECIMAL"},
    "DATE": frozenset({"DATE"}),
    "TIMESTAMP": frozenset(
        {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "DATE"}
    ),
    "BOOLEAN": frozenset({"BOOLEAN"}),
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One staged Parquet file: where it is, and the type by name of its columns in order."""

    path: Path
    layout: Mapping[str, str]


class Staging:
    """The temporary database of one landing; a context manager.

    Args:
        constants: SQL of the system columns that are the same in every row.

    Attributes:
        con: connection to it; register or attach what the staged SELECTs need.
    """

    con: duckdb.DuckDBPyConnection

    def __init__(
        self,
        stream: Stream,
        *,
        source: str,
        temp: Path,
        pii: Pseudonymiser | None,
        constants: Mapping[str, str],
    ) -> None:
        self.stream = stream
        self.source = source
        self.parts: list[Part] = []
        self._constants = constants
        self.supplied: dict[str, str] = {}
        """Type by name of the columns that were staged, extras included."""
        self._pii = pii
        self._temp = temp / f"landing-{uuid4().hex}"

    @property
    def data_columns(self) -> dict[str, str]:
        """Type by name of the landed columns without system columns, extras last."""
        declared = {name: type_ for column in self.stream.columns for name, type_ in column.landed}
        return declared | dict.fromkeys(self.extras, EXTRA_TYPE)

    @property
    def layout(self) -> dict[str, str]:
        """Type by name of all columns of the raw files, extras last."""
        return dict(self.stream.landed_columns) | dict.fromkeys(self.extras, EXTRA_TYPE)

    @property
    def extras(self) -> tuple[str, ...]:
        """Names of staged columns that aren't declared."""
        declared = {column.name for column in self.stream.columns}
        return tuple(name for name in self.supplied if name not in declared)

    def __enter__(self) -> Self:
        with disk_errors(self._temp):
            make_folder(self._temp)
            self._temp.chmod(0o700)
            self.con = duckdb.connect(
                str(self._temp / "stage.duckdb"),
                config={"memory_limit": _MEMORY_LIMIT, "temp_directory": str(self._temp / "spill")},
            )
            self.con.execute("set timezone = 'UTC'")
            self.con.execute("pragma disable_checkpoint_on_shutdown")
            nothing = ", ".join(f"null::{type_} as {identifier(name)}" for name, type_ in self.layout.items())
            self.con.execute(f"create view staged as select {nothing} where false")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()
        shutil.rmtree(self._temp, ignore_errors=True)

    def stage(self, select_sql: str, *, is_cheap_to_repeat: bool = False) -> None:
        """Add the rows of a SELECT.

        With ``is_cheap_to_repeat`` (a columnar file), personal columns are looked at by running it for them
        alone, instead of by keeping its rows aside first.

        Its columns are matched by name: declared ones (personal columns as clear text), ``_slice``
        (required), ``_file``, ``_line``, ``_is_deleted``. Any other is an extra of the source and kept as
        text.

        Raises:
            SchemaError: a declared column has another type than declared.
            SourceDataError: a value cannot be read; the message is the engine's.
            PersonalDataError: a personal column without a key.
            RawZoneError: no space or no permission for temporary data.
        """
        try:
            self._stage(select_sql, is_cheap_to_repeat=is_cheap_to_repeat)
        except _READ_ERRORS as error:
            if disk_problem(error) and ("space" in str(error) or str(self._temp) in str(error)):
                with disk_errors(self._temp):
                    raise
            message = (
                f"Source {self.source}, stream {self.stream.id}: the data cannot be read: "
                f"{str(error).splitlines()[0]}. Correct the file or its mapping. "
                "What was stored before is intact."
            )
            raise SourceDataError(message) from error

    def stage_batches(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Add Arrow batches, columns as for :meth:`stage`; errors of the iterable pass through unchanged."""
        waiting: list[pa.RecordBatch] = []
        for batch in batches:
            full = sum(each.num_rows for each in waiting) >= _BATCH_ROWS
            if waiting and (full or batch.schema != waiting[0].schema):
                self._stage_arrow(waiting)
                waiting = []
            waiting.append(batch)
        if waiting:
            self._stage_arrow(waiting)

    def keep(self, select_sql: str) -> None:
        """Let the rows of a SELECT over ``staged``, with its columns, be all that is staged."""
        part = Part(path=self._temp / f"part-{uuid4().hex}.parquet", layout=self.layout)
        self.con.execute(
            f"copy ({select_sql}) to {literal(str(part.path))} (format parquet, compression zstd)"
        )
        for each in self.parts:
            each.path.unlink()
        self.parts = [part]
        self._show_parts()

    def _show_parts(self) -> None:
        paths = literals([str(each.path) for each in self.parts])
        self.con.execute(
            f"create or replace view staged as select * from read_parquet({paths}, union_by_name = true)"
        )

    def _stage_arrow(self, batches: list[pa.RecordBatch]) -> None:
        self.con.register("arrow_batches", pa.Table.from_batches(batches))
        try:
            self.stage("select * from arrow_batches")
        finally:
            self.con.unregister("arrow_batches")

    def _stage(self, select_sql: str, *, is_cheap_to_repeat: bool) -> None:
        described: list[tuple[Any, ...]] = self.con.execute(f"describe {select_sql}").fetchall()
        types = {str(row[0]): str(row[1]) for row in described}
        declared = {column.name: column for column in self.stream.columns}
        for name, type_ in types.items():
            wanted = declared[name].type.sql if name in declared else SUPPLIED_SYSTEM_COLUMNS.get(name)
            if wanted is not None:
                self._require_type(name, type_, wanted)
        if "_slice" not in types:
            raise ValueError(f"{self.stream.id}: staged rows need a column _slice")
        for name in types:
            if name not in declared and name not in SUPPLIED_SYSTEM_COLUMNS and name not in self.supplied:
                self.supplied[name] = EXTRA_TYPE
        self.supplied |= {name: declared[name].type.sql for name in types if name in declared}
        personal = [column for column in self.stream.personal if column.name in types]
        if personal and not is_cheap_to_repeat:
            self.con.execute(f"create temp table incoming as {select_sql}")
            self._insert("incoming", types, personal)
            self.con.execute("drop table incoming")
        else:
            self._insert(f"({select_sql})", types, personal)

    def _insert(self, rows: str, types: dict[str, str], personal: list[Column]) -> None:
        layout = self.layout
        values = dict.fromkeys(layout, "null") | dict(self._constants) | {"_is_deleted": "false"}
        values |= {name: f"r.{identifier(name)}" for name in types if name in layout}
        if "_is_deleted" in types:
            values["_is_deleted"] = "coalesce(r._is_deleted, false)"
        replacements = [
            replaced(
                self.con, column, rows, pii=self._pii, place=f"Source {self.source}, stream {self.stream.id}"
            )
            for column in personal
        ]
        for each in replacements:
            values |= each.values
        joins = "".join(each.join for each in replacements)
        columns = ", ".join(
            f"{self._stored_sql(name, type_, values[name], types)} as {identifier(name)}"
            for name, type_ in layout.items()
        )
        part = Part(path=self._temp / f"part-{len(self.parts)}.parquet", layout=layout)
        self.con.execute(
            f"copy (select {columns} from {rows} r{joins}) to {literal(str(part.path))} "
            "(format parquet, compression zstd)"
        )
        self.parts.append(part)
        self._show_parts()
        for each in replacements:
            each.forget(self.con)

    def _stored_sql(self, name: str, type_: str, value: str, staged: Mapping[str, str]) -> str:
        """SQL of ``value`` for the column ``name`` of a file; texts from a dictionary stay in it."""
        if type_ == "VARCHAR" and value == "null":
            return constant_text(None)
        if type_ == "VARCHAR" and (name in self._constants or staged.get(name, "").startswith("ENUM")):
            return value
        return f"cast({value} as {type_})"

    def _require_type(self, name: str, staged: str, declared: str) -> None:
        bare = re.sub(r"\(.*\)$", "", staged)
        if bare in _LOSSLESS[declared] or staged == '"NULL"' or (declared == "VARCHAR" and bare == "ENUM"):
            return
        message = (
            f"Source {self.source}, stream {self.stream.id}: column {name} arrives as {staged}, but it is "
            f"declared as {declared}. The source or its mapping changed: correct the mapping, or report it "
            "if the source now gives another type. What was stored before is intact."
        )
        raise SchemaError(message, column=name)
