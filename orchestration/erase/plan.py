"""The plan: who is erased, by which ids they are known, and how many rows of the raw zone are theirs.

Nothing is changed here. Ids of a broken-off erasure (``pending``) join those that the raw zone still links.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from connectors.core.identity import IdKind
from connectors.core.pii import normalise
from connectors.core.raw_erasure import stored_sql
from connectors.core.raw_zone import RawZone
from connectors.core.sql import identifier
from connectors.core.stream import Personal, Stream
from connectors.registry import STREAMS
from orchestration.erase.addresses import Address
from orchestration.erase.linking import Stored, extend_tokens, note_marks
from orchestration.erase.tokens import (
    Namespaces,
    Token,
    fill_tokens,
    namespaces_of,
    read_tokens,
    rows_sql,
)
from orchestration.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who is erased from one brand.

    Attributes:
        addresses: those asked for.
        known: lines of the addresses that the brand's records, or a broken-off erasure, know.
        tokens: every id by which they are known.
        hashes: those of the addresses asked for, known or not, and of phones and names on their rows.
        shared: values of tokens and hashes that rows of others hold too; they can't vanish from every file.
        holders: other brands that hold an address of theirs.
        rows: their rows by (source, stream).
    """

    brand: str
    addresses: tuple[Address, ...]
    known: frozenset[int]
    tokens: frozenset[Token]
    hashes: frozenset[str]
    shared: frozenset[str]
    holders: tuple[str, ...]
    rows: Mapping[tuple[str, str], int]


def stored_streams(zone: RawZone) -> list[Stored]:
    """Everything listed of the streams that exist."""
    found = []
    for folder, manifest in zone.manifests():
        stream = STREAMS.get(f"{manifest.connector}/{manifest.stream}")
        if stream is not None:
            found.append((folder, manifest, stream))
    return found


def rows_of_brand(stored: Iterable[Stored], names: Namespaces, brand: str) -> Iterator[tuple[Stored, str]]:
    """Streams of ``brand`` whose rows may be those of the people in temp table ``tokens``, and SQL: which."""
    for each in stored:
        _, manifest, stream = each
        condition = rows_sql(stream, names.scopes(manifest.source))
        if condition is not None and manifest.brand == brand and manifest.files:
            yield each, condition


def make_plan(
    con: duckdb.DuckDBPyConnection,
    zone: RawZone,
    settings: Settings,
    *,
    brand: str,
    addresses: Sequence[Address],
    begun: Iterable[Token] = (),
    begun_hashes: Iterable[str] = (),
) -> Plan:
    """The plan; leaves temp table ``tokens`` on ``con``.

    Args:
        con: an in-memory connection that may spill.
        zone: what is stored.
        settings: with the key for personal data.
        brand: a configured brand.
        addresses: whom to erase.
        begun: ids of a broken-off erasure of the same brand.
        begun_hashes: its other hashes.
    """
    names = namespaces_of(settings)
    everything = stored_streams(zone)
    note_marks(con, [each for each in everything if each[1].brand == brand], names)
    begun = frozenset(begun)
    known: set[int] = set()
    tokens = set(begun)
    asked: set[str] = set()
    for address in addresses:
        forms = address_forms(address, settings, brand)
        asked |= forms
        found = con.execute(
            "select count(*) from marks where kind in ('address', 'login') "
            "and value in (select unnest($1::varchar[]))",
            [sorted(forms)],
        ).fetchall()
        theirs = {Token(IdKind.ADDRESS, "", form) for form in forms}
        if found != [(0,)] or begun & theirs:
            known.add(address.line)
            tokens |= theirs
    fill_tokens(con, tokens)
    extend_tokens(con)
    rows: dict[tuple[str, str], int] = {}
    hashes = set(begun_hashes) | asked
    for stored, condition in rows_of_brand(everything, names, brand):
        _, manifest, stream = stored
        [(count,)] = con.execute(f"select count(*) from ({stored_sql(*stored)}) where {condition}").fetchall()
        if count:
            rows[(manifest.source, stream.id)] = int(count)
            hashes |= set(_other_hashes(con, stored, condition))
    tokens = set(read_tokens(con))
    wanted = {token.value for token in tokens} | hashes
    shared = set(_held_by_others(con, everything, names, brand, wanted))
    return Plan(
        brand=brand,
        addresses=tuple(addresses),
        known=frozenset(known),
        tokens=frozenset(tokens),
        hashes=frozenset(hashes),
        shared=frozenset(value for _, value in shared),
        holders=tuple(sorted({owner for owner, value in shared if owner != brand and value in asked})),
        rows=rows,
    )


def address_forms(address: Address, settings: Settings, brand: str) -> set[str]:
    """What may be stored of an address: its hash, also as a login, and clear text where that is kept."""
    as_login = normalise(address.text, Personal.NAME)
    clear = {address.text, as_login}
    forms = set()
    if settings.pii_key:
        key = settings.pii_key.encode()
        forms = {hmac.digest(key, text.encode(), "sha256").hex() for text in clear}
    return forms | (clear if keeps_clear_text(settings, brand) else set())


def keeps_clear_text(settings: Settings, brand: str) -> bool:
    """Whether a source of the brand stores personal data as it is (``pii: keep``)."""
    return any(
        getattr(source.config, "pii", None) == "keep"
        for source in settings.sources.values()
        if source.brand_id == brand
    )


def _hash_columns(stream: Stream) -> list[str]:
    """Landed columns of phones and names that identify nobody by themselves."""
    known = {each.column for each in stream.identities}
    return [f"{column.name}_hmac" for column in stream.personal if f"{column.name}_hmac" not in known]


def _other_hashes(con: duckdb.DuckDBPyConnection, stored: Stored, condition: str) -> Iterator[str]:
    for name in _hash_columns(stored[2]):
        found = con.execute(
            f"select distinct {identifier(name)} from ({stored_sql(*stored)}) "
            f"where {condition} and {identifier(name)} is not null"
        ).fetchall()
        yield from (str(value) for (value,) in found)


def _held_by_others(
    con: duckdb.DuckDBPyConnection,
    everything: Sequence[Stored],
    names: Namespaces,
    brand: str,
    wanted: Iterable[str],
) -> Iterator[tuple[str, str]]:
    """(brand, value) of the wanted values that rows hold which stay."""
    con.execute(
        "create or replace temp table wanted as select unnest($1::varchar[]) as value", [sorted(wanted)]
    )
    for stored in everything:
        _, manifest, stream = stored
        columns = dict.fromkeys([*(each.column for each in stream.identities), *_hash_columns(stream)])
        if not columns or not manifest.files:
            continue
        condition = rows_sql(stream, names.scopes(manifest.source)) if manifest.brand == brand else None
        stays = f"not {condition}" if condition else "true"
        for name in columns:
            found = con.execute(
                f"select distinct {identifier(name)} from ({stored_sql(*stored)}) "
                f"where {identifier(name)} in (select value from wanted) and {stays}"
            ).fetchall()
            yield from ((manifest.brand, str(value)) for (value,) in found)
