"""Published tables as Parquet, for tools without DuckDB: a folder per version and one pointer file.

    published/parquet/v12/fct_kpi_daily.parquet …    one file per table, zstd
    published/parquet/v8-event15/…                   version 8, brought back by the rollback that is event 15
    published/parquet/current.json                   which folder readers shall read

A folder is complete before its name exists, and never changes afterwards; ``current.json`` is replaced by one
rename. A reader that asks it for the folder first never sees half a set.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from connectors.core.sql import identifier, literal
from connectors.core.storage import sync_file, sync_folder
from orchestration import published_file as file
from orchestration.ledger import Event

FORMAT_VERSION = 1
POINTER = "current.json"
_FOLDER = re.compile(r"v(\d+)(?:-event(\d+))?")


def refresh_parquet(
    con: duckdb.DuckDBPyConnection, root: Path, event: Event, *, keep: int | None = None
) -> Path | None:
    """Write the tables of ``event`` and point readers to them, unless that is done already.

    Args:
        con: has what readers see attached as ``published``.
        root: the folder with the pointer.
        event: what the published file says it is.
        keep: folders that stay, the newest ones; None drops nothing. What readers are or were just pointed to
            always stays.

    Returns:
        The folder that was written; None when readers are pointed to it already.
    """
    before = read_pointer(root)
    wanted = root / _folder_name(event)
    spared = {wanted.name, str(before.get("folder", ""))}
    written = None
    if not _is_of(root, before, event):
        root.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(root)
        tables = _write_folder(con, wanted)
        _point_to(root, event, wanted.name, tables)
        written = wanted
    if keep is not None:
        _drop_old(root, keep=keep, spared=spared)
    return written


def remove_parquet(root: Path) -> bool:
    """Remove the pointer, then the folders; returns whether there was anything."""
    if not root.is_dir():
        return False
    pointer = root / POINTER
    there = pointer.exists()
    pointer.unlink(missing_ok=True)
    _remove_leftovers(root)
    for folder in _folders(root):
        shutil.rmtree(folder)
        there = True
    if not any(root.iterdir()):
        root.rmdir()
    return there


def read_pointer(root: Path) -> Mapping[str, Any]:
    """What ``current.json`` says; nothing where it is missing or damaged."""
    try:
        content = json.loads((root / POINTER).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _is_of(root: Path, pointer: Mapping[str, Any], event: Event) -> bool:
    """Whether readers are pointed to a whole folder of ``event``."""
    if (pointer.get("event_id"), pointer.get("format_version")) != (event.event_id, FORMAT_VERSION):
        return False
    folder = root / _folder_name(event)
    return all(
        (path := folder / f"{table}.parquet").is_file() and path.stat().st_size == of_table["bytes"]
        for table, of_table in pointer["tables"].items()
    )


def _write_folder(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, dict[str, int]]:
    """Write every published table and rename the folder into place; returns rows and bytes by table."""
    aside = folder.with_name(f".{folder.name}.next")
    aside.mkdir()
    tables = {}
    for table in file.mart_tables(con, "published"):
        path = aside / f"{table}.parquet"
        [(rows,)] = con.execute(
            f"copy published.marts.{identifier(table)} to {literal(str(path))} "
            "(format parquet, compression zstd)"
        ).fetchall()
        sync_file(path)
        path.chmod(0o444)
        tables[table] = {"rows": int(rows), "bytes": path.stat().st_size}
    sync_folder(aside)
    # A folder that a killed run finished and nobody was pointed to yet, or one that has lost files.
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
    sync_folder(folder.parent)
    return tables


def _point_to(root: Path, event: Event, folder: str, tables: Mapping[str, Mapping[str, int]]) -> None:
    content = {
        "format_version": FORMAT_VERSION,
        "version": event.version,
        "event_id": event.event_id,
        "kind": event.kind,
        "published_at": event.published_at.isoformat().replace("+00:00", "Z"),
        "as_of": event.as_of.isoformat().replace("+00:00", "Z"),
        "run_id": event.run_id,
        "folder": folder,
        "tables": tables,
    }
    aside = root / f".{POINTER}.next"
    aside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    sync_file(aside)
    aside.replace(root / POINTER)
    sync_folder(root)


def _folder_name(event: Event) -> str:
    return f"v{event.version}" + (f"-event{event.event_id}" if event.kind == "rolled_back" else "")


def _folders(root: Path) -> list[Path]:
    """Folders of versions, oldest first."""
    found = [(match, path) for path in root.iterdir() if (match := _FOLDER.fullmatch(path.name))]
    return [path for _, path in sorted(found, key=lambda each: (int(each[0][1]), int(each[0][2] or 0)))]


def _drop_old(root: Path, *, keep: int, spared: set[str]) -> None:
    for folder in _folders(root)[:-keep]:
        if folder.name not in spared:
            shutil.rmtree(folder)


def _remove_leftovers(root: Path) -> None:
    """What a killed run was writing."""
    for leftover in root.glob(".*.next"):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
