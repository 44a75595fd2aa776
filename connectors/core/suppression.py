"""Suppression: people who were erased don't land again.

It knows them by keyed hashes of their ids only, so that it names nobody; whoever lacks the key can't even try
candidates. The key is a variable of the connection, so no SQL text shows it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

from connectors.core.identity import Identity, IdKind, IdScopes, belongs_sql
from connectors.core.sql import literal
from connectors.core.stream import Stream

HASH_LENGTH = 32
"""Hex digits that are kept of a hash."""
_BLOCK = 64
_INNER, _OUTER = 0x36, 0x5C
_TABLE = "suppressed"


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """Hashes of the ids that must not land.

    Attributes:
        key: 32 bytes, secret.
        hashes: of :meth:`hash_of`.
        namespaces: of person ids by source; a source that is missing has its own.
    """

    key: bytes = field(repr=False)
    hashes: frozenset[str]
    namespaces: Mapping[str, str]

    def hash_of(self, brand: str, kind: IdKind, scope: str, value: str) -> str:
        """Hash of one id; ``scope`` as :meth:`IdScopes.of` says."""
        text = f"{_prefix(brand, kind, scope)}{value}"
        return hmac.digest(self.key, text.encode(), "sha256").hex()[:HASH_LENGTH]

    def rows_sql(
        self, con: duckdb.DuckDBPyConnection, stream: Stream, *, source: str, brand: str
    ) -> str | None:
        """SQL: whether a row of ``stream`` is suppressed; None where none can be.

        It holds on ``con`` alone, which gets a table of the hashes.
        """
        if not self.hashes or not stream.identities:
            return None
        for name, pad in (("suppression_inner", _INNER), ("suppression_outer", _OUTER)):
            con.execute(
                f"set variable {name} = $1::blob",
                [bytes(byte ^ pad for byte in self.key.ljust(_BLOCK, b"\0"))],
            )
        _fill(con, self.hashes)
        scopes = IdScopes(source=source, namespace=self.namespaces.get(source, source))

        def matches(identity: Identity, kinds: tuple[IdKind, ...]) -> str:
            looked_up = (
                f"{_hash_sql(_prefix(brand, kind, scope), identity.value)} in (from {_TABLE})"
                for kind in kinds
                # Ids of a namespace stay suppressed where a source leaves it.
                for scope in dict.fromkeys(
                    (scopes.of(kind), source if kind is IdKind.PERSON else scopes.of(kind))
                )
            )
            return f"coalesce({' or '.join(looked_up)}, false)"

        return belongs_sql(stream.identities, matches)


def _prefix(brand: str, kind: IdKind, scope: str) -> str:
    return f"{brand}|{kind.value}|{scope}|"


def _hash_sql(prefix: str, value: str) -> str:
    message = f"encode({literal(prefix)} || {value})"
    inner = f"unhex(sha256(getvariable('suppression_inner') || {message}))"
    return f"left(sha256(getvariable('suppression_outer') || {inner}), {HASH_LENGTH})"


def _fill(con: duckdb.DuckDBPyConnection, hashes: Iterable[str]) -> None:
    con.execute(
        f"create or replace temp table {_TABLE} as select unnest($1::varchar[]) as hash", [sorted(hashes)]
    )
