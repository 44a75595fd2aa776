"""Sink: batches of one stream on their way into a landing, typed; knows what was supplied and how much."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from connectors.core.errors import PersonalDataError, SchemaError, SourceDataError
from connectors.core.feed import Batch
from connectors.core.landing import Landing
from connectors.core.records import Columnar, typed_select, unreadable
from connectors.core.sql import identifier
from connectors.core.staging import EXTRA_TYPE

_ROWS_AT_ONCE = 100_000


class Sink:
    """Takes batches of the landing's stream.

    Args:
        landing: entered, nothing staged yet.
        slice_sql: SQL of a row's slice over the declared columns.

    Attributes:
        rows: rows taken.
    """

    def __init__(self, landing: Landing, *, slice_sql: str) -> None:
        self.rows = 0
        self._landing = landing
        self._slice_sql = slice_sql
        self._columnar = Columnar(landing.stream)
        self._waiting: list[pa.RecordBatch] = []

    def fill(self, batches: Iterable[Batch]) -> None:
        """Stage ``batches`` and say what was supplied; memory holds some 100,000 rows.

        Raises:
            SourceDataError: a value isn't of its column's type.
            PersonalDataError: personal data without a key.
        """
        for batch in batches:
            if not len(batch):
                continue
            self.rows += len(batch)
            arrow = self._columnar.arrow(batch)
            held = sum(each.num_rows for each in self._waiting)
            if self._waiting and (held >= _ROWS_AT_ONCE or arrow.schema != self._waiting[0].schema):
                self._stage()
            self._waiting.append(arrow)
        self._stage()
        declared = {column.name: column.type.sql for column in self._landing.stream.columns}
        supplied = {name: declared[name] for name in declared if name in self._columnar.supplied}
        self._landing.supplied = supplied | dict.fromkeys(self._columnar.extras, EXTRA_TYPE)

    def _stage(self) -> None:
        if not self._waiting:
            return
        landing, schema = self._landing, self._waiting[0].schema
        landing.con.register("wire", pa.Table.from_batches(self._waiting))
        try:
            typed = typed_select(landing.stream, schema, "wire")
            columns = ", ".join(identifier(name) for name in schema.names)
            landing.stage(f"select {columns}, {self._slice_sql} as _slice from ({typed})")
        except (SchemaError, PersonalDataError):
            raise
        except SourceDataError as error:
            found = unreadable(landing.con, landing.stream, schema, "wire", source=landing.source)
            raise (found or error) from None
        finally:
            landing.con.unregister("wire")
        self._waiting = []
