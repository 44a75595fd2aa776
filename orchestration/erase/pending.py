"""A broken-off erasure: ``warehouse/erasing.json`` says who, from before the first change until all is done.

It is the one file that names them meanwhile (mode 0600) and is deleted last. The ids in it could not be found
again once the rows that link them are gone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.core.identity import IdKind
from connectors.core.storage import sync_folder, write_atomically
from orchestration.erase.tokens import Token
from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Pending:
    """An erasure under way.

    Attributes:
        begun_at: when it was first begun, UTC.
        tokens: ids of the people.
        hashes: other personal hashes of theirs.
        asked: hashes of the addresses asked for; whoever goes on must ask for all of them again.
        persons: how many addresses.
        rows: rows of the raw zone that were theirs when it was begun, by ``source|connector/stream``.
        is_published: what readers see was made without them; only files of the user or the proof are left.
    """

    brand: str
    begun_at: datetime
    tokens: frozenset[Token]
    hashes: frozenset[str]
    asked: frozenset[str]
    persons: int
    rows: Mapping[str, int]
    is_published: bool = False


def read_pending(workspace: Workspace) -> Pending | None:
    """The erasure that isn't finished; None where there is none.

    Raises:
        WorkspaceError: the file is damaged.
    """
    path = workspace.erasing_file
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Pending(
            brand=data["brand"],
            begun_at=datetime.fromisoformat(data["begun_at"]),
            tokens=frozenset(Token(IdKind(kind), scope, value) for kind, scope, value in data["tokens"]),
            hashes=frozenset(data["hashes"]),
            asked=frozenset(data["asked"]),
            persons=int(data["persons"]),
            rows=dict(data["rows"]),
            is_published=bool(data["is_published"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkspaceError(
            f"{path}, which says whom a broken-off `sanjeh erase` is about, is damaged ({error}). Delete it "
            "and run that command again; what was linked by rows that are gone can't be found any more."
        ) from error


def write_pending(workspace: Workspace, pending: Pending) -> None:
    """Keep who is being erased, durably, before anything is changed."""
    content = {
        "brand": pending.brand,
        "begun_at": pending.begun_at.isoformat(),
        "tokens": sorted([token.kind.value, token.scope, token.value] for token in pending.tokens),
        "hashes": sorted(pending.hashes),
        "asked": sorted(pending.asked),
        "persons": pending.persons,
        "rows": dict(pending.rows),
        "is_published": pending.is_published,
    }
    before = os.umask(0o077)
    try:
        write_atomically(workspace.erasing_file, json.dumps(content).encode())
    finally:
        os.umask(before)


def forget_pending(workspace: Workspace) -> None:
    """The erasure is done."""
    workspace.erasing_file.unlink(missing_ok=True)
    sync_folder(workspace.warehouse)
