"""Rejected rows: kept beside the stream they were meant for, with a reason and a masked value.

They are evidence, not data: no manifest lists them and no view shows them. One Parquet file per load holds
columns ``file``, ``line`` (record number), ``column_name``, ``reason`` and ``masked_value``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.core.storage import ASIDE_SUFFIX, disk_errors, make_folder, sync_file, sync_folder

FOLDER = "rejects"
_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("column_name", pa.string()),
        ("reason", pa.string()),
        ("masked_value", pa.string()),
    ]
)
_MASKED_LENGTH = 60


@dataclass(frozen=True, kw_only=True)
class Reject:
    """One rejected row and the value to blame; the value is masked before it is kept."""

    file: str
    line: int | None
    column_name: str | None
    reason: str
    value: str | None


def mask(value: str) -> str:
    """``value`` with its shape only: 9 for digits, x for letters, other signs as they are, cut after 60."""
    return "".join(_mask_character(character) for character in value[:_MASKED_LENGTH])


def mask_sql(expr: str) -> str:
    """SQL of :func:`mask`."""
    letters = rf"regexp_replace({expr}, '[\p{{L}}\p{{M}}]', 'x', 'g')"
    return rf"substr(regexp_replace({letters}, '\p{{Nd}}', '9', 'g'), 1, {_MASKED_LENGTH})"


def write_rejects(folder: Path, *, load_id: int, rejects: Iterable[Reject]) -> Path | None:
    """Keep rejected rows under the stream's folder.

    Args:
        folder: folder of the stream and source (:meth:`RawZone.folder`).
        load_id: run that rejected them; a second call of the run replaces the first.
        rejects: the rows; the file is not written when there are none.

    Returns:
        The file, or None when there were no rejects.

    Raises:
        RawZoneError: no space or no permission.
    """
    table = pa.Table.from_pylist(
        [
            {
                "file": each.file,
                "line": each.line,
                "column_name": each.column_name,
                "reason": each.reason,
                "masked_value": None if each.value is None else mask(each.value),
            }
            for each in rejects
        ],
        schema=_SCHEMA,
    )
    path = folder / FOLDER / f"{load_id}.parquet"
    if table.num_rows == 0:
        return None
    aside = path.with_name(f"{path.name}.{uuid4().hex[:8]}{ASIDE_SUFFIX}")
    with disk_errors(path):
        make_folder(path.parent)
        try:
            pq.write_table(table, aside, compression="zstd")
            sync_file(aside)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        sync_folder(path.parent)
    return path


def _mask_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return "9"
    return "x" if category[0] in "LM" else character
