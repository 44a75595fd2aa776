"""Sink: batches of one stream on their way into a landing, typed; knows what was supplied and how much."""

from __future__ import annotations

from connectors.core.errors import PersonalDataError, SchemaError, SourceDataError
from connectors.core.feed import Batch
from connectors.core.landing import Landing
from connectors.core.records import Columnar, typed_select, unreadable
from connectors.core.sql import identifier
from connectors.core.staging import EXTRA_TYPE

ROWS_AT_ONCE = 20_000
"""Rows that are staged together; as many may wait meanwhile."""


class Sink:
    """Takes batches of the landing's stream.

    Args:
        landing: entered, nothing staged yet.
        slice_sql: SQL of a row's slice over the declared columns.
    """

    def __init__(self, landing: Landing, *, slice_sql: str) -> None:
        self.landing = landing
        self._slice_sql = slice_sql
        self._columnar = Columnar(landing.stream)

    def add(self, batch: Batch) -> None:
        """Take ``batch``; memory holds some 20,000 rows and a page.

        Raises:
            SourceDataError: a value isn't of its column's type.
            PersonalDataError: personal data without a key.
        """
        if len(batch):
            self._columnar.add(batch)
        if self._columnar.rows >= ROWS_AT_ONCE:
            self._stage()

    def finish(self) -> None:
        """Stage the rest and say which columns were supplied; raises as :meth:`add`."""
        if self._columnar.rows:
            self._stage()
        declared = {column.name: column.type.sql for column in self.landing.stream.columns}
        supplied = {name: declared[name] for name in declared if name in self._columnar.supplied}
        self.landing.supplied = supplied | dict.fromkeys(self._columnar.extras, EXTRA_TYPE)

    def _stage(self) -> None:
        landing, wire = self.landing, self._columnar.take()
        landing.con.register("wire", wire)
        try:
            typed = typed_select(landing.stream, wire.schema, "wire")
            columns = ", ".join(identifier(name) for name in wire.schema.names)
            landing.stage(f"select {columns}, {self._slice_sql} as _slice from ({typed})")
        except (SchemaError, PersonalDataError):
            raise
        except SourceDataError as error:
            found = unreadable(landing.con, landing.stream, wire.schema, "wire", source=landing.source)
            raise (found or error) from None
        finally:
            landing.con.unregister("wire")
