"""Files that hold nothing new: exports whose every file is, byte for byte, in another one of the table.

A renamed or copied file is not a newer export, and taking it for one would drop the other shards of its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from connectors.files.discovery import SourceFile
from connectors.ga4_events.days import Listed
from connectors.ga4_events.tables import Export, TableKind

_Table = tuple[date | None, TableKind]


@dataclass(frozen=True)
class Copies:
    """Lineages to leave out, each with the lineage it is a copy of."""

    of: Mapping[str, str]

    @property
    def notes(self) -> list[str]:
        """Sentences for a person."""
        return [
            f"{name} is ignored: it holds the same bytes as {twin}" for name, twin in sorted(self.of.items())
        ]


def find_copies(files: Collection[tuple[SourceFile, Export]], listed: Mapping[str, Listed]) -> Copies:
    """Copies among ``files`` (their ``sha256`` being their identity); an export that landed is none."""
    contents: dict[Export, dict[str, str]] = defaultdict(dict)
    for name, known in listed.items():
        if known.entry.sha256:
            contents[known.export][known.entry.sha256] = name
    landed = set(contents)
    on_disk: dict[Export, list[SourceFile]] = defaultdict(list)
    for file, export in files:
        on_disk[export].append(file)
    for export, members in on_disk.items():
        if export not in landed:
            contents[export] = {file.sha256: file.lineage for file in members}
    of_table: dict[_Table, list[Export]] = defaultdict(list)
    for export in contents:
        of_table[export.day, export.kind].append(export)
    copies: dict[str, str] = {}
    left_out: set[Export] = set()
    for export in sorted(on_disk.keys() - landed, key=lambda each: (each.folder, each.base), reverse=True):
        for other in of_table[export.day, export.kind]:
            if other in {export, *left_out} or not contents[export].keys() <= contents[other].keys():
                continue
            copies |= {file.lineage: contents[other][file.sha256] for file in on_disk[export]}
            left_out.add(export)
            break
    return Copies(copies)
