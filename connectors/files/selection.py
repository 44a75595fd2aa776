"""Which files a landing reads: pure decisions from what is on disk and what the manifests list.

A file's identity is its bytes together with the mapping that reads them, so that a corrected mapping reads
it again. Equal bytes under another name are one file. A corrected file takes along the files that shared
slices with it, since what it no longer covers may be theirs again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from connectors.core.manifest import InputEntry
from connectors.core.stream import Stream
from connectors.files.config import FileSourceConfig, FromFileName
from connectors.files.discovery import SourceFile, describe
from connectors.files.ga4_layout import sibling_of
from connectors.files.money import Money
from connectors.files.preset import FilePreset, Layout

READER_VERSION = 1
"""Raised when the reading of files changes what lands, so that files are read again."""

_DOES_NOT_SHAPE_ROWS = {"brand", "path", "expect", "reject_threshold"}


@dataclass(frozen=True)
class Selection:
    """Files to read, oldest claim first, and how many are left as they are.

    Attributes:
        to_read: files with ``sha256`` replaced by their identity.
        unchanged: files landed before as they are. notes: sentences for a person.
    """

    to_read: tuple[SourceFile, ...]
    unchanged: int
    notes: tuple[str, ...]


def fingerprint(
    config: FileSourceConfig, preset: FilePreset, streams: Sequence[Stream], zone: str, money: Money
) -> str:
    """Everything but the bytes that shapes the rows of a source's files."""
    shaping = config.model_dump_json(exclude=_DOES_NOT_SHAPE_ROWS)
    layout = [(stream.id, stream.landed_columns, stream.key, stream.cursor) for stream in streams]
    return repr((READER_VERSION, shaping, preset, layout, zone, money))


def select_files(
    files: Sequence[SourceFile],
    inputs: Sequence[Mapping[str, InputEntry]],
    *,
    mapping: str,
    config: FileSourceConfig,
    layout: Layout,
    window: tuple[date, date] | None,
) -> Selection:
    """The files to read.

    Args:
        files: complete files in order of their names.
        inputs: listed inputs of each stream of the source, by lineage.
        mapping: see :func:`fingerprint`.
        config: tells whether a file's name is part of its content.
        layout: tells whether another file is part of its content.
        window: days (inclusive) whose files are read again.
    """
    named = any(isinstance(spec, FromFileName) for spec in config.columns.values())
    known = {lineage: entry.sha256 for of_stream in inputs for lineage, entry in of_stream.items()}
    first_with = {identity: lineage for lineage, identity in known.items()}
    changed: list[SourceFile] = []
    again: list[SourceFile] = []
    same: list[SourceFile] = []
    notes: list[str] = []
    present = {file.lineage for file in files}
    for file in files:
        identified = replace(file, sha256=_identity(file, mapping, named=named, layout=layout))
        twin = first_with.get(identified.sha256, file.lineage)
        if all(_listed(entries, identified) for entries in inputs):
            (again if _in_window(identified, inputs, window) else same).append(identified)
        elif twin != file.lineage and (twin in present or file.lineage not in known):
            notes.append(f"{file.lineage} is ignored: it holds the same bytes as {twin}")
        else:
            first_with.setdefault(identified.sha256, file.lineage)
            changed.append(identified)
    touched = _slices_of(changed, inputs)
    again += [file for file in same if touched & _slices_of([file], inputs)]
    unchanged = len(same) - sum(file in again for file in same)
    return Selection((*sorted(again, key=lambda file: file.lineage), *changed), unchanged, tuple(notes))


def _listed(entries: Mapping[str, InputEntry], file: SourceFile) -> bool:
    return file.lineage in entries and entries[file.lineage].sha256 == file.sha256


def _identity(file: SourceFile, mapping: str, *, named: bool, layout: Layout) -> str:
    digest = hashlib.sha256(f"{file.sha256}\n{mapping}".encode())
    if named or layout is Layout.GA4:
        digest.update(file.lineage.encode())
    sibling = sibling_of(file.path) if layout is Layout.GA4 else None
    if sibling:
        digest.update(describe(sibling, sibling.name).sha256.encode())
    return digest.hexdigest()


def _in_window(
    file: SourceFile, inputs: Sequence[Mapping[str, InputEntry]], window: tuple[date, date] | None
) -> bool:
    entries = (entries[file.lineage] for entries in inputs)
    return window is not None and any(
        entry.window_start is not None
        and entry.window_end is not None
        and entry.window_start <= window[1]
        and entry.window_end > window[0]
        for entry in entries
    )


def _slices_of(
    files: Sequence[SourceFile], inputs: Sequence[Mapping[str, InputEntry]]
) -> set[tuple[int, str]]:
    return {
        (stream, key)
        for stream, entries in enumerate(inputs)
        for file in files
        if file.lineage in entries
        for key in entries[file.lineage].slices
    }
