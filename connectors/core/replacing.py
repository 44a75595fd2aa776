"""Replacing: the personal values of one column of a relation become what is stored of them.

Values of printable ASCII are replaced by the engine. The others, and all where SQL can't tell a pattern, pass
through Python once each; a table of the connection holds what they become.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from connectors.core.errors import PersonalDataError
from connectors.core.pii import Pseudonymiser
from connectors.core.pii_sql import PseudonymiserSql
from connectors.core.sql import identifier
from connectors.core.stream import Column

_BATCH_ROWS = 100_000
_KINDS = (pa.string(), pa.string(), pa.bool_(), pa.string())


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """How a SELECT from the relation ``r`` gets what is stored of a personal column.

    Attributes:
        values: SQL by landed column.
        join: SQL that joins the table of what Python replaced; empty where it replaced nothing.
        table: that table.
    """

    values: Mapping[str, str]
    join: str
    table: str

    def forget(self, con: duckdb.DuckDBPyConnection) -> None:
        """Drop the table."""
        con.execute(f"drop table if exists {self.table}")


def replaced(
    con: duckdb.DuckDBPyConnection, column: Column, relation: str, *, pii: Pseudonymiser | None, place: str
) -> Replacement:
    """The replacement of ``column`` of ``relation``.

    Args:
        con: has the relation.
        column: a personal one.
        relation: a table, of any type that text can be made of.
        pii: what replaces; None where there is no key.
        place: source and stream, for the error.

    Raises:
        PersonalDataError: there are values, and no key.
    """
    clear = f"cast(r.{identifier(column.name)} as varchar)"
    table = identifier(f"hashed_{column.name}")
    names = [name for name, _ in column.landed]
    is_odd = f"{clear} is not null"
    plain = tuple("null" for _ in names)
    if pii is not None and column.personal is not None:
        sql = PseudonymiserSql.on(con, pii)
        if sql.can(column.personal):
            is_odd, plain = f"not {sql.is_plain(clear)}", sql.replaced(clear, column.personal)
    odd = f"select distinct {clear} from {relation} as r where {is_odd}"
    if not con.execute(f"{odd} limit 1").fetchall():
        return Replacement(values=dict(zip(names, plain, strict=True)), join="", table=table)
    if pii is None:
        raise PersonalDataError(
            f"{place}: column {column.name} holds personal data, and there is no key to pseudonymise it. Set "
            "SANJEH_PII_KEY (or the variable that project.pii_key_env names) in the file .env of the "
            f"workspace to a long random text, or leave the column out: `columns: {{{column.name}: null}}`. "
            "Nothing was stored."
        )
    _replace_each(con, column, odd, table, pii)
    values = {
        name: f"case when {is_odd} then {table}.{identifier(name)} else {each} end"
        for name, each in zip(names, plain, strict=True)
    }
    return Replacement(values=values, join=f" left join {table} on {clear} = {table}.clear", table=table)


def _replace_each(
    con: duckdb.DuckDBPyConnection, column: Column, select_sql: str, table: str, pii: Pseudonymiser
) -> None:
    """Fill ``table`` with what each value of a SELECT becomes."""
    names = [name for name, _ in column.landed]
    body = ", ".join(f"{identifier(name)} {type_}" for name, type_ in column.landed)
    con.execute(f"create table {table} (clear varchar, {body})")
    # The reader needs a connection of its own, and that one doesn't see temporary tables.
    con.execute(f"create or replace table odd as {select_sql}")
    for batch in con.cursor().sql("from odd").to_arrow_reader(_BATCH_ROWS):
        if batch.num_rows:
            clear = batch.column(0)
            parts = zip(*_hashed(clear.to_pylist(), column, pii), strict=True)
            arrays = [pa.array(part, kind) for part, kind in zip(parts, _KINDS, strict=True)][: len(names)]
            con.register("arrow_hashed", pa.table([clear, *arrays], names=["clear", *names]))
            con.execute(f"insert into {table} select * from arrow_hashed")
            con.unregister("arrow_hashed")
    con.execute("drop table odd")


def _hashed(clear: list[str], column: Column, pii: Pseudonymiser) -> Iterator[tuple[object, ...]]:
    nothing = (None,) * len(_KINDS)
    for value in clear:
        yield (pii.replace(value, column.personal) if column.personal else None) or nothing
