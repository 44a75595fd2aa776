"""Export files that hold the people: they are the user's, so they are named, and changed only if asked.

A file is read as its source reads it, so that short ids count where they stand in a column of ids; beside
that every file is searched for addresses, hashes and long ids. Text files lose the records that are theirs;
workbooks, archives and Parquet must be handled by hand, or exported again.
"""

from __future__ import annotations

import gzip
import hmac
import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.core.errors import ConnectorError
from connectors.core.identity import IdKind
from connectors.core.pii import normalise
from connectors.core.raw_zone import RawZone
from connectors.core.storage import write_atomically
from connectors.core.stream import Personal, Stream
from connectors.files.source import FileSource
from orchestration.erase.needles import Needles
from orchestration.erase.scan import Proof, files_of, search_file
from orchestration.erase.subject import Subject
from orchestration.erase.tokens import fill_tokens, rows_sql
from orchestration.settings import Settings
from orchestration.source_settings import Source
from orchestration.workspace import Workspace

_LINES = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"})
_JSON = frozenset({".json", ".jsonl", ".ndjson"})


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file of the user that names the people.

    Attributes:
        lines: last lines of the records that are theirs by a column of ids.
        others: brands whose sources read the file, where none of the erased brand does.
    """

    path: Path
    lines: frozenset[int]
    others: tuple[str, ...] = ()

    @property
    def by_hand(self) -> str | None:
        """Why records can't be taken out here; None where they can."""
        return _by_hand(self.path)


def find_exports(
    workspace: Workspace,
    settings: Settings,
    zone: RawZone,
    subject: Subject,
    *,
    named: Collection[Path] | None = None,
) -> Iterator[Export]:
    """Every file outside of Sanjeh's own folders that names the people.

    Args:
        workspace: where.
        settings: say which source reads a file.
        zone: gives the key for personal data.
        subject: whom to look for.
        named: where a search of every file has just found them; without it each file is searched here.
    """

    def is_named(path: Path) -> bool:
        if named is not None:
            return path in named
        return bool(search_file(path, subject.needles, temp=workspace.temp, proof=Proof()))

    lines: dict[Path, frozenset[int]] = {}
    readers: dict[Path, set[str]] = {}
    for source in settings.sources.values():
        for path in _files_of(source, workspace):
            readers.setdefault(path, set()).add(source.brand_id)
        if source.brand_id == subject.plan.brand:
            for path, found in _lines_of(source, workspace, zone, subject):
                lines[path] = lines.get(path, frozenset()) | found
    own = (workspace.raw, workspace.warehouse, workspace.dagster_home, workspace.reports)
    for path in files_of(workspace):
        if any(path.is_relative_to(folder) for folder in own):
            continue
        theirs = lines.get(path, frozenset())
        if theirs or is_named(path):
            brands = readers.get(path, set())
            others = () if subject.plan.brand in brands or not brands else tuple(sorted(brands))
            yield Export(path=path, lines=theirs, others=others)


def purge_export(export: Export, needles: Needles) -> int:
    """Take the records that are theirs out of a text file; how many there were.

    The file is replaced in one step and keeps its mode; records are lines, or several where quotes say so.
    """
    packed = export.path.suffix == ".gz"
    content = _read(export.path)
    kept: list[bytes] = []
    removed = 0
    for line, record in _records(content, quoted=_kind(export.path) not in _JSON):
        if line in export.lines or needles.found_in(record):
            removed += 1
        else:
            kept.append(record)
    if removed:
        mode = export.path.stat().st_mode
        left = b"".join(kept)
        write_atomically(export.path, gzip.compress(left, mtime=0) if packed else left)
        export.path.chmod(mode)
    return removed


def _files_of(source: Source, workspace: Workspace) -> list[Path]:
    pattern = getattr(source.config, "path", None)
    if not isinstance(pattern, str) or Path(pattern).is_absolute():
        return []
    return sorted(workspace.root.glob(pattern))


def _lines_of(
    source: Source, workspace: Workspace, zone: RawZone, subject: Subject
) -> Iterator[tuple[Path, frozenset[int]]]:
    if not any(stream.identities for stream in source.streams):
        return
    opened = source.open(workspace)
    if isinstance(opened, FileSource):
        scopes = subject.names.scopes(source.source_id)

        def which(con: duckdb.DuckDBPyConnection, stream: Stream) -> str | None:
            fill_tokens(con, subject.plan.tokens)
            return rows_sql(stream, scopes)

        # A file that can't be read doesn't land either; the search by bytes still sees it.
        with suppress(ConnectorError):
            yield from opened.lines_where(zone, which)
    elif any(stream.id == "ga4_events/events" for stream in source.streams):
        for path in _files_of(source, workspace):
            if _kind(path) in _JSON:
                yield path, frozenset(_event_lines(path, source, zone, subject))


def _event_lines(path: Path, source: Source, zone: RawZone, subject: Subject) -> Iterator[int]:
    """Lines of an event export in JSON that are theirs, by the rules of ``connectors.core.identity``."""
    values: dict[IdKind, set[str]] = {kind: set() for kind in IdKind}
    for token in subject.plan.tokens:
        if token.scope in {"", source.source_id}:
            values[token.kind].add(token.value)
    logins = values[IdKind.LOGIN] | values[IdKind.ADDRESS]
    key = zone.pii.key if zone.pii else b""

    def is_theirs(event: Mapping[str, object]) -> bool:
        user = str(event.get("user_id") or "")
        normal = normalise(user, Personal.NAME)
        hashed = hmac.digest(key, normal.encode(), "sha256").hex() if key else normal
        is_login = bool(user) and bool({hashed, normal} & logins)
        shop = event.get("ecommerce")
        order = str(shop.get("transaction_id") or "") if isinstance(shop, Mapping) else ""
        browser = str(event.get("user_pseudo_id") or "")
        return is_login or order in values[IdKind.ORDER] or (browser in values[IdKind.BROWSER] and not user)

    with suppress(OSError, EOFError, zlib.error):
        for line, record in _records(_read(path), quoted=False):
            with suppress(ValueError):
                event = json.loads(record)
                if isinstance(event, dict) and is_theirs(event):
                    yield line


def _records(content: bytes, *, quoted: bool) -> Iterator[tuple[int, bytes]]:
    """Records with their last line, from 1; where ``quoted``, a line that ends inside quotes goes on."""
    waiting = b""
    number = 0
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        waiting += line
        if not quoted or waiting.count(b'"') % 2 == 0:
            yield number, waiting
            waiting = b""
    if waiting:
        yield number, waiting


def _read(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def _kind(path: Path) -> str:
    endings = [ending.lower() for ending in path.suffixes if ending.lower() != ".gz"]
    return endings[-1] if endings else ""


def _by_hand(path: Path) -> str | None:
    kind = _kind(path)
    if kind not in _LINES:
        return "no text file of lines"
    try:
        content = _read(path)
    except (OSError, EOFError, zlib.error):
        return "can't be read"
    if b"\x00" in content:
        return "no UTF-8 text"
    if kind in _JSON:
        first = content.lstrip().splitlines()[:1]
        try:
            is_object = isinstance(json.loads(first[0]), dict) if first else False
        except ValueError:
            is_object = False
        if not is_object:
            return "JSON that is not one object a line"
    return None
