"""Who the people are: from their addresses to every id that the records of a brand link to them.

Linked is what stands in one record, as for customers (docs/decisions/0009): addresses and person ids of one
contact, order, subscriber or merge, however long the chain; role addresses and those of tests and staff link
nothing. A record (order, deal, answer, submission) is theirs when it names them and nobody else. A site's
login is theirs when it is their address, or bought orders of theirs and of nobody else. A browser is theirs
when it names them and nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from connectors.core.identity import RECORDS, IdKind
from connectors.core.manifest import Manifest
from connectors.core.raw_erasure import stored_sql
from connectors.core.sql import literal
from connectors.core.stream import Stream
from orchestration.erase.tokens import Namespaces

Stored = tuple[Path, Manifest, Stream]
"""Folder, manifest and declaration of one stream of one source."""

_PEOPLE = f"({literal(IdKind.ADDRESS.value)}, {literal(IdKind.PERSON.value)})"
_OWNED = "(kind, scope, value) in (select (kind, scope, value) from tokens)"
_LOGINS = f"({literal(IdKind.LOGIN.value)}, {literal(IdKind.ADDRESS.value)})"
_IS_LOGIN_OF_THEIRS = (
    f"kind = {literal(IdKind.LOGIN.value)} and value in (select value from tokens where kind in {_LOGINS})"
)
_FOREIGN_PERSON = f"(kind in {_PEOPLE} and not is_weak and not {_OWNED})"
_FOREIGN_ORDER = (
    f"(kind = {literal(IdKind.ORDER.value)} and not {_OWNED} and value in (select value from foreign_orders))"
)
_FOREIGN_LOGIN = f"(kind = {literal(IdKind.LOGIN.value)} and not ({_IS_LOGIN_OF_THEIRS}))"


def note_marks(con: duckdb.DuckDBPyConnection, stored: Iterable[Stored], namespaces: Namespaces) -> None:
    """Temp table ``marks`` (record, kind, scope, value, is_weak): which ids stand together in a record."""
    con.execute(
        "create or replace temp table marks "
        "(record bigint, kind varchar, scope varchar, value varchar, is_weak boolean)"
    )
    for folder, manifest, stream in stored:
        identities = stream.identities
        if not identities or not manifest.files:
            continue
        scopes = namespaces.scopes(manifest.source)
        columns = ", ".join(
            f"{each.value} as v{number}, {each.is_weak} as w{number}"
            for number, each in enumerate(identities)
        )
        con.execute(f"""
            create or replace temp table together as
            select row_number() over () + (select coalesce(max(record), 0) from marks) as record, *
            from (select distinct {columns} from ({stored_sql(folder, manifest, stream)}))
        """)
        for number, each in enumerate(identities):
            where = f"{literal(each.kind.value)}, {literal(scopes.of(each.kind))}"
            con.execute(f"""
                insert into marks
                select record, {where}, v{number}, w{number} from together where v{number} is not null
            """)
    con.execute("drop table if exists together")


def extend_tokens(con: duckdb.DuckDBPyConnection) -> None:
    """Add to temp table ``tokens`` what temp table ``marks`` links to it."""
    _link_people(con)
    for kind in RECORDS:
        _add_exclusive(con, kind, via="true", foreign=_FOREIGN_PERSON)
    con.execute(f"""
        create or replace temp table foreign_orders as
        select value from marks
        where kind = {literal(IdKind.ORDER.value)}
            and record in (select record from marks where {_FOREIGN_PERSON})
    """)
    addresses = f"value in (select value from marks where kind = {literal(IdKind.ADDRESS.value)})"
    _add_exclusive(
        con,
        IdKind.LOGIN,
        via=f"kind = {literal(IdKind.ORDER.value)}",
        foreign=f"({_FOREIGN_PERSON} or {_FOREIGN_ORDER} or ({_FOREIGN_LOGIN} and {addresses}))",
    )
    _add_exclusive(
        con,
        IdKind.BROWSER,
        via="true",
        foreign=f"({_FOREIGN_PERSON} or {_FOREIGN_ORDER} or {_FOREIGN_LOGIN})",
    )
    _add_exclusive(con, IdKind.ANSWER, via=f"kind = {literal(IdKind.BROWSER.value)}", foreign=_FOREIGN_PERSON)


def _link_people(con: duckdb.DuckDBPyConnection) -> None:
    while True:
        before = _size(con)
        con.execute(f"""
            insert into tokens
            select distinct kind, scope, value from marks
            where kind in {_PEOPLE} and not is_weak and not {_OWNED}
                and record in (
                    select record from marks where kind in {_PEOPLE} and not is_weak and {_OWNED}
                )
        """)
        if _size(con) == before:
            return


def _add_exclusive(con: duckdb.DuckDBPyConnection, kind: IdKind, *, via: str, foreign: str) -> None:
    """Add ids of ``kind`` that stand in a record with a token (``via`` narrows it) and no ``foreign`` one."""
    is_kind = f"kind = {literal(kind.value)}"
    con.execute(f"""
        insert into tokens
        select distinct kind, scope, value from marks
        where {is_kind} and not {_OWNED}
            and record in (
                select record from marks where ({_OWNED} or ({_IS_LOGIN_OF_THEIRS})) and {via}
            )
            and (kind, scope, value) not in (
                select (kind, scope, value) from marks
                where {is_kind} and record in (select record from marks where {foreign})
            )
    """)


def _size(con: duckdb.DuckDBPyConnection) -> int:
    [(count,)] = con.execute("select count(*) from tokens").fetchall()
    return int(count)
