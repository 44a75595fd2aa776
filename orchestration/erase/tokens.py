"""Tokens: the ids by which people are known, as a table that SQL looks rows up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from connectors.core.identity import Identity, IdKind, IdScopes, belongs_sql
from connectors.core.sql import literal
from connectors.core.stream import Stream
from orchestration.settings import Settings
from orchestration.source_settings import Source


class Token(NamedTuple):
    """One id: what it identifies, where it is unique (:meth:`IdScopes.of`), and itself."""

    kind: IdKind
    scope: str
    value: str


_CRM = frozenset({"crm", "hubspot"})


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


def namespaces_of(settings: Settings) -> Namespaces:
    """Namespaces as configured now.

    Deals of a source without contacts belong to the contacts of their brand, where one source has them; so
    does the warehouse read them (``int_deals``).
    """
    by_source = {source.source_id: source.customer_ids for source in settings.sources.values()}
    contacts: dict[str, list[Source]] = {}
    for source in settings.sources.values():
        if _feeds(source, "contacts"):
            contacts.setdefault(source.brand_id, []).append(source)
    for source in settings.sources.values():
        of_brand = contacts.get(source.brand_id, [])
        is_own = source.customer_ids != source.source_id or _feeds(source, "contacts")
        if _feeds(source, "deals") and not is_own and len(of_brand) == 1:
            by_source[source.source_id] = of_brand[0].customer_ids
    return Namespaces(by_source)


def _feeds(source: Source, stream: str) -> bool:
    return any(each.connector in _CRM and each.name == stream for each in source.streams)


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
