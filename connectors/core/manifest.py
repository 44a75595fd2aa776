"""The manifest of one stream of one source: the list of what exists in the raw zone.

A file or slice that the manifest doesn't list doesn't exist. It is JSON, replaced atomically, and carries a
format version; a corrupt file or a newer version raises RawZoneError. Windows are half-open ``[start, end)``
source-local days; times are aware and UTC.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from connectors.core.errors import RawZoneError
from connectors.core.storage import disk_errors, write_atomically

FORMAT_VERSION = 1
FILE_NAME = "manifest.json"


@dataclass(frozen=True, kw_only=True)
class FileEntry:
    """One listed Parquet file.

    Attributes:
        rows: rows in the file.
        bytes: size.
        slices: keys of the slices in it; it holds nothing else.
        schema_hash: key into :attr:`Manifest.layouts`.
        requests: calls to the source that made it.
    """

    rows: int
    bytes: int
    slices: tuple[str, ...]
    schema_hash: str
    requests: int = 0


@dataclass(frozen=True, kw_only=True)
class SliceEntry:
    """One listed slice; ``file`` is None for an empty one."""

    file: str | None
    rows: int
    content_hash: str
    load_id: int
    loaded_at: datetime
    window_start: date | None = None
    window_end: date | None = None


@dataclass(frozen=True, kw_only=True)
class InputEntry:
    """One file or batch that was read, by its lineage (the file's name)."""

    sha256: str
    size: int
    load_id: int
    loaded_at: datetime
    rows: int = 0
    rejected: int = 0
    source_columns: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    window_start: date | None = None
    window_end: date | None = None


@dataclass(frozen=True, kw_only=True)
class Mirrored:
    """That a manifest is the copy of one in object storage: of which zone (URL), and of which content."""

    zone: str
    etag: str


@dataclass(kw_only=True)
class Manifest:
    """What is stored of one stream of one source.

    Attributes:
        schema: type by name of the columns the source last supplied, extras included.
        schema_hash: layout of the newest file.
        layouts: per schema hash, the type by name of all columns of a Parquet file.
        removed: load id by key of the slices that were dropped.
        state: where an API's stream goes on, in words of the core; empty for files.
        mirrored: of which manifest in object storage the file that was read is a copy.
    """

    connector: str
    stream: str
    source: str
    brand: str = ""
    schema: dict[str, str] = field(default_factory=dict)
    schema_hash: str = ""
    layouts: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, FileEntry] = field(default_factory=dict)
    slices: dict[str, SliceEntry] = field(default_factory=dict)
    inputs: dict[str, InputEntry] = field(default_factory=dict)
    removed: dict[str, int] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)
    mirrored: Mirrored | None = field(default=None, compare=False)

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """The manifest in ``path``.

        Raises:
            RawZoneError: unreadable, corrupt, or of a newer format version.
        """
        with disk_errors(path):
            content = path.read_bytes()
        return cls.parse(content, path)

    @classmethod
    def parse(cls, content: bytes, path: Path | str) -> Manifest:
        """The manifest that ``path`` holds as ``content``; errors as of :meth:`read`."""
        try:
            data = json.loads(content)
            version = data["format_version"]
            if version == FORMAT_VERSION:
                return cls._from_json(data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = (
                f"The manifest {path} is damaged ({error}), so what the raw zone "
                "holds there is unknown. Restore this file from a backup; or move its folder out of the "
                "workspace, delete warehouse/build.duckdb, and run again: what is still in the source lands "
                "anew."
            )
            raise RawZoneError(message) from error
        message = (
            f"The manifest {path} has format version {version!r}, but this program writes version "
            f"{FORMAT_VERSION}. A newer Sanjeh wrote it: upgrade Sanjeh to that version or later."
        )
        raise RawZoneError(message)

    def write(self, path: Path, *, mirrored: Mirrored | None = None) -> None:
        """Replace the file ``path`` atomically and durably.

        Args:
            path: of the manifest.
            mirrored: of what the file is a copy. Whoever changes a zone behind its keeper's back doesn't
                say so, and is found out by that.

        Raises:
            RawZoneError: the disk is full, read-only or closed to this user.
        """
        content = self._to_json()
        if mirrored is not None:
            content["mirrored"] = vars(mirrored)
        write_atomically(path, _as_text(content))

    def content(self) -> bytes:
        """The manifest as object storage has it."""
        return _as_text(self._to_json())

    def _to_json(self) -> dict[str, Any]:
        return {
            "format_version": FORMAT_VERSION,
            "connector": self.connector,
            "stream": self.stream,
            "source": self.source,
            "brand": self.brand,
            "schema": self.schema,
            "schema_hash": self.schema_hash,
            "layouts": self.layouts,
            "files": {key: _plain(vars(entry)) for key, entry in self.files.items()},
            "slices": {key: _plain(vars(entry)) for key, entry in self.slices.items()},
            "inputs": {key: _plain(vars(entry)) for key, entry in self.inputs.items()},
            "removed": self.removed,
            "state": self.state,
        }

    @classmethod
    def _from_json(cls, data: Mapping[str, Any]) -> Manifest:
        return cls(
            connector=data["connector"],
            stream=data["stream"],
            source=data["source"],
            brand=data["brand"],
            schema=dict(data["schema"]),
            schema_hash=data["schema_hash"],
            layouts={key: dict(layout) for key, layout in data["layouts"].items()},
            files={key: FileEntry(**_typed(entry)) for key, entry in data["files"].items()},
            slices={key: SliceEntry(**_typed(entry)) for key, entry in data["slices"].items()},
            inputs={key: InputEntry(**_typed(entry)) for key, entry in data["inputs"].items()},
            removed={key: int(load_id) for key, load_id in data["removed"].items()},
            state=dict(data.get("state", {})),  # manifests of file sources had none at first
            mirrored=Mirrored(**data["mirrored"]) if "mirrored" in data else None,
        )


def _as_text(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _plain(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Entry as JSON values; absent windows are left out."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in entry.items()
        if value is not None or name == "file"
    }


def _typed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Inverse of :func:`_plain`."""
    typed = dict(entry)
    for name, value in entry.items():
        if name == "loaded_at":
            typed[name] = datetime.fromisoformat(value).astimezone(UTC)
        elif name in {"window_start", "window_end"} and value is not None:
            typed[name] = date.fromisoformat(value)
        elif name in {"slices", "source_columns"}:
            typed[name] = tuple(value)
    return typed
