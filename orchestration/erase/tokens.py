"""Tokens: the ids by which people are known, as a table that SQL looks rows up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from connectors.core.identity import Identity, IdKind, IdScopes, belongs_sql
from connectors.core.sql import literal
from connectors.core.stream import Stream


class Token(NamedTuple):
    """One id: what it identifies, where it is unique (:meth:`IdScopes.of`), and itself."""

    kind: IdKind
    scope: str
    value: str


@dataclass(frozen=True)
class Namespaces:
    """Namespace of the person ids of each source; a source that isn't configured any more has its own."""

    by_source: Mapping[str, str]

    def scopes(self, source: str) -> IdScopes:
        """Where ids of ``source`` are unique."""
        return IdScopes(source=source, namespace=self.by_source.get(source, source))

    def sources_of(self, namespace: str) -> list[str]:
        """Sources whose person ids are of ``namespace``."""
        return [source for source, name in self.by_source.items() if name == namespace]


def fill_tokens(con: duckdb.DuckDBPyConnection, tokens: Iterable[Token]) -> None:
    """(Re)create temp table ``tokens`` (kind, scope, value) on ``con``."""
    con.execute("create or replace temp table tokens (kind varchar, scope varchar, value varchar)")
    rows = [(token.kind.value, token.scope, token.value) for token in tokens]
    if rows:
        kinds, scopes, values = (list(column) for column in zip(*rows, strict=True))
        con.execute(
            "insert into tokens select unnest($1::varchar[]), unnest($2::varchar[]), unnest($3::varchar[])",
            [kinds, scopes, values],
        )


def read_tokens(con: duckdb.DuckDBPyConnection) -> frozenset[Token]:
    """What temp table ``tokens`` holds."""
    rows = con.execute("select distinct kind, scope, value from tokens").fetchall()
    return frozenset(Token(IdKind(kind), scope, value) for kind, scope, value in rows)


def rows_sql(stream: Stream, scopes: IdScopes) -> str | None:
    """SQL: whether a row of ``stream`` is that of the people in ``tokens``; None where it names nobody."""

    def matches(identity: Identity, kinds: tuple[IdKind, ...]) -> str:
        looked_up = (
            f"{identity.value} in (select value from tokens where kind = {literal(kind.value)} "
            f"and scope = {literal(scopes.of(kind))})"
            for kind in kinds
        )
        return f"coalesce({' or '.join(looked_up)}, false)"

    return belongs_sql(stream.identities, matches)
