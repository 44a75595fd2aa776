"""Which days a landing makes anew, from which files: pure decisions from what is on disk and in the manifest.

A day is what the files of one export hold of it. Of several exports that hold a day the best kind of table
counts (daily before fresh before intraday), of equal ones the one that landed last. A day is made anew when
the files it is made of changed, when another export takes it over, or when it was asked for. That a file is
gone is no change: what it gave stays until the rest of its day changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from connectors.core.manifest import InputEntry
from connectors.files.discovery import SourceFile
from connectors.ga4_events.tables import Export


@dataclass(frozen=True)
class EventFile:
    """One complete file on disk.

    Attributes:
        file: the file, its ``sha256`` replaced by its identity.
        export: what it is part of.
        days: slice keys (ISO days) it holds rows of; a table's day even when the table is empty.
    """

    file: SourceFile
    export: Export
    days: frozenset[str]

    @property
    def lineage(self) -> str:
        """Its name within the source."""
        return self.file.lineage


@dataclass(frozen=True)
class Listed:
    """One input of the manifest and the export it is part of."""

    entry: InputEntry
    export: Export


@dataclass
class Group:
    """Days and files that have to be committed together.

    Attributes:
        sources: day -> files it is made of, in order of their names.
        removed: days that no file holds any more.
        recorded: files that are new or changed.
        withdrawn: lineage of a file that is gone -> days that no longer hold its rows.
        superseded: lineage of a recorded file -> days that another export has, with that export.
    """

    sources: dict[str, tuple[EventFile, ...]] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    recorded: list[EventFile] = field(default_factory=list)
    withdrawn: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    superseded: dict[str, dict[str, Export]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def files(self) -> tuple[EventFile, ...]:
        """Files to read, in order of their names."""
        found = {each.lineage: each for files in self.sources.values() for each in files}
        return tuple(found[name] for name in sorted(found))

    @property
    def order(self) -> tuple[str, str]:
        """Groups go by their first day, then by the name of their first file."""
        return (
            min((*self.sources, *self.removed), default=""),
            min((each.lineage for each in self.recorded), default=""),
        )


@dataclass(frozen=True)
class _Claim:
    """An export that holds a day: how recent it is, and its files on disk."""

    export: Export
    landed: float
    name: str
    files: tuple[EventFile, ...] = ()

    @property
    def precedence(self) -> tuple[int, float, str]:
        return self.export.kind.rank, self.landed, self.name


class _Board:
    """What is on disk and what is listed, by day."""

    def __init__(self, files: Collection[EventFile], listed: Mapping[str, Listed]) -> None:
        self.files = files
        self.listed = listed
        self.present = {each.lineage for each in files}
        self.exports = {each.export for each in files}
        self.new = {each.lineage for each in files if _is_new(each, listed)}
        self.on_disk: dict[str, list[EventFile]] = defaultdict(list)
        self.stored: dict[str, list[str]] = defaultdict(list)
        for each in files:
            for day in each.days:
                self.on_disk[day].append(each)
        for name, known in listed.items():
            for day in known.entry.slices:
                self.stored[day].append(name)

    def days(self) -> list[str]:
        """Days that may change."""
        given_up = {day for name in self.new & self.listed.keys() for day in self.listed[name].entry.slices}
        return sorted(self.on_disk.keys() | given_up)

    def stored_claim(self, day: str) -> _Claim | None:
        """The export that the stored day was made of."""
        claims = (
            _Claim(self.listed[name].export, self.listed[name].entry.load_id, name)
            for name in self.stored.get(day, [])
        )
        return max(claims, key=lambda claim: claim.precedence, default=None)

    def winner(self, day: str, stored: _Claim | None) -> _Claim | None:
        """The export that the day is to be made of; without files where only its stored rows are left."""
        members: dict[Export, list[EventFile]] = defaultdict(list)
        for each in self.on_disk.get(day, []):
            members[each.export].append(each)
        claims = [
            _Claim(
                export,
                max(self._landed(each) for each in files),
                max(each.lineage for each in files),
                tuple(sorted(files, key=lambda each: each.lineage)),
            )
            for export, files in members.items()
        ]
        if stored and stored.export not in self.exports:
            claims.append(stored)
        return max(claims, key=lambda claim: claim.precedence, default=None)

    def held(self, day: str, export: Export) -> set[str]:
        """Listed files of ``export`` that the stored day has rows of."""
        return {name for name in self.stored.get(day, []) if self.listed[name].export == export}

    def _landed(self, each: EventFile) -> float:
        return float("inf") if each.lineage in self.new else self.listed[each.lineage].entry.load_id


def plan_groups(
    files: Collection[EventFile], listed: Mapping[str, Listed], *, window: tuple[date, date] | None
) -> list[Group]:
    """What to land, in order of days.

    Args:
        files: complete files on disk.
        listed: inputs of the manifest by lineage.
        window: days (inclusive) that are made anew though unchanged.
    """
    board = _Board(files, listed)
    groups = _connected(board)
    for day in board.days():
        group = groups[day]
        stored = board.stored_claim(day)
        winner = board.winner(day, stored)
        if winner is None:
            group.removed.add(day)
            continue
        for each in board.on_disk.get(day, []):
            if each.export != winner.export and each.lineage in board.new:
                group.superseded[each.lineage][day] = winner.export
        held = board.held(day, winner.export)
        made_of = {each.lineage for each in winner.files}
        asked = window is not None and window[0].isoformat() <= day <= window[1].isoformat()
        other = stored is None or stored.export != winner.export
        if winner.files and (asked or other or (held | made_of) & board.new or made_of - held):
            group.sources[day] = winner.files
            for name in held - board.present:
                group.withdrawn[name].add(day)
    for each in files:
        if each.lineage in board.new:
            groups[_file_key(each)].recorded.append(each)
    distinct = {id(group): group for group in groups.values()}.values()
    changed = [group for group in distinct if group.sources or group.removed or group.recorded]
    return sorted(changed, key=lambda group: group.order)


def _is_new(each: EventFile, listed: Mapping[str, Listed]) -> bool:
    known = listed.get(each.lineage)
    return known is None or known.entry.sha256 != each.file.sha256


def _file_key(each: EventFile) -> str:
    return f"file {each.lineage}"


def _connected(board: _Board) -> dict[str, Group]:
    """The group of every day and file: they hang together where a file is about several days."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        while parents.setdefault(key, key) != key:
            parents[key] = parents[parents[key]]
            key = parents[key]
        return key

    for each in board.files:
        known = board.listed.get(each.lineage)
        for day in _all_days(each, known):
            parents[root(day)] = root(_file_key(each))
        root(_file_key(each))
    groups: dict[str, Group] = defaultdict(Group)
    return {key: groups[root(key)] for key in list(parents)}


def _all_days(each: EventFile, known: Listed | None) -> Iterable[str]:
    return each.days | set(known.entry.slices if known else ())
