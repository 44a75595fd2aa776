"""The proof: every file of the workspace is searched, as it lies and decoded, for what names the people."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from connectors.core.raw_erasure import stored_sql
from connectors.core.raw_zone import RawZone
from connectors.core.sql import literal
from orchestration.erase.contents import chunks_of, columns_of
from orchestration.erase.needles import Needles
from orchestration.erase.plan import rows_of_brand, stored_streams
from orchestration.erase.subject import Subject
from orchestration.erase.tokens import fill_tokens
from orchestration.erase.warehouse_rows import prepare, theirs_sql
from orchestration.published_file import memory_connection
from orchestration.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found where: a hash, id, address or rows; ``unread`` where a file can't be looked into."""

    path: Path
    place: str
    what: str


@dataclass
class Proof:
    """What was searched and what was found.

    Attributes:
        files: searched. searched_bytes: of them, decoded ones included.
        tables: of databases, whose id columns were looked through.
        streams: of the raw zone, likewise.
        findings: in the order of the files.
    """

    files: int = 0
    searched_bytes: int = 0
    tables: int = 0
    streams: int = 0
    findings: list[Finding] = field(default_factory=list)


def files_of(workspace: Workspace, *, without: Collection[Path] = ()) -> Iterator[Path]:
    """Every file of the workspace, in order, by links too, such as an ``exports`` that lies elsewhere."""
    seen: set[str] = set()
    for folder, folders, names in os.walk(workspace.root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and path not in without:
                yield path


def search_file(path: Path, needles: Needles, *, temp: Path, proof: Proof) -> list[Finding]:
    """What of the needles ``path`` holds; counted in ``proof``."""
    found: dict[tuple[str, str], Finding] = {}
    proof.files += 1
    for chunk in chunks_of(path, temp=temp, overlap=needles.longest):
        proof.searched_bytes += len(chunk.content)
        if chunk.is_unreadable:
            found[chunk.place, "unread"] = Finding(path=path, place=chunk.place, what="unread")
        for what in sorted(needles.found_in(chunk.content)):
            found.setdefault((chunk.place, what), Finding(path=path, place=chunk.place, what=what))
    return list(found.values())


def prove(
    workspace: Workspace,
    zone: RawZone,
    subject: Subject,
    *,
    without: Collection[Path] = (),
) -> Proof:
    """Search every file but ``without`` (what an erasure under way knows itself by)."""
    proof = Proof()
    for path in files_of(workspace, without=without):
        proof.findings += search_file(path, subject.needles, temp=workspace.temp, proof=proof)
    with memory_connection(workspace.temp) as con:
        fill_tokens(con, subject.plan.tokens)
        for stored, condition in rows_of_brand(stored_streams(zone), subject.names, subject.plan.brand):
            proof.streams += 1
            [(rows,)] = con.execute(
                f"select count(*) from ({stored_sql(*stored)}) where {condition}"
            ).fetchall()
            if rows:
                proof.findings.append(Finding(path=stored[0], place=f"{rows:,} rows", what="rows"))
    for path in databases(workspace):
        proof.findings += _rows_of(path, workspace, subject, proof)
    return proof


def databases(workspace: Workspace) -> list[Path]:
    """Every DuckDB file of the warehouse."""
    return sorted(workspace.warehouse.rglob("*.duckdb"))


def _rows_of(path: Path, workspace: Workspace, subject: Subject, proof: Proof) -> Iterator[Finding]:
    with memory_connection(workspace.temp) as con:
        prepare(con, subject)
        try:
            con.execute(f"attach {literal(str(path))} as searched (read_only)")
        except duckdb.Error:
            return  # the search of its bytes has told so
        for table, columns in columns_of(con, "searched").items():
            condition = theirs_sql(subject.plan.brand, columns)
            if condition is None:
                continue
            proof.tables += 1
            [(rows,)] = con.execute(f"select count(*) from {table} where {condition}").fetchall()
            if rows:
                place = f"{rows:,} rows of {table.split('.', 1)[1]}".replace('"', "")
                yield Finding(path=path, place=place, what="rows")
