"""Ga4EventsSource: the event-export files of one GA4 property, from the drop folder into the raw zone.

A landing decides by the names of the files, by their bytes and by what landed before which days are made
anew, and lands those, batch by batch. A file that can't be read keeps its days as they were and is named in
the outcome; the other days land.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath

import duckdb

from connectors.core.errors import SourceDataError
from connectors.core.outcome import SourceCheck, StreamLanding
from connectors.core.pace import TellPace
from connectors.core.raw_zone import RawZone
from connectors.core.stream import Stream
from connectors.files.discovery import Settling, SourceFile, discover, fixed_folder
from connectors.files.money import Money
from connectors.ga4_events.config import Ga4EventsConfig
from connectors.ga4_events.copies import find_copies
from connectors.ga4_events.days import EventFile, Listed, plan_groups
from connectors.ga4_events.fields import KNOWN_COLUMNS
from connectors.ga4_events.flatten import Flattening, rows_sql
from connectors.ga4_events.loading import EventLoad
from connectors.ga4_events.reading import open_events
from connectors.ga4_events.streams import EVENTS
from connectors.ga4_events.tables import Export, TableKind, export_of, property_of

READER_VERSION = 1
"""Raised when the reading of files changes what lands, so that files are read again."""
_TOLD = 20
_TOLD_ERRORS = 5


class Ga4EventsSource:
    """One property's event export in a workspace."""

    def __init__(
        self,
        source_id: str,
        config: Ga4EventsConfig,
        *,
        workspace: Path,
        default_timezone: str,
        default_currency: str,
        settling: Settling | None = None,
    ) -> None:
        """Keeps what a landing needs.

        Args:
            source_id: id in ``sanjeh.yml``.
            config: its mapping.
            workspace: folder that ``path`` is relative to.
            default_timezone: zone of the property, unless the source declares one.
            default_currency: currency of amounts whose event names none, unless the source declares one.
            settling: how to tell that a file is complete.
        """
        self.source_id = source_id
        self.config = config
        self._workspace = workspace
        self._settling = settling or Settling()
        self._zone = config.timezone or default_timezone
        self._money = Money(config.currency or default_currency, config.money_unit)

    def streams(self) -> tuple[Stream, ...]:
        """Streams that files of this source feed."""
        return (EVENTS,)

    def check(self) -> SourceCheck:
        """Whether the folder is there and every file has the shape of an export; reads little."""
        try:
            found = discover(self._workspace, self.config.path, settling=self._settling)
            properties = self._properties(found.files)
        except SourceDataError as error:
            return SourceCheck(source_id=self.source_id, summary="not readable", problems=(str(error),))
        problems: list[str] = []
        news: set[str] = set()
        has_user_ids = False
        with duckdb.connect() as con:
            for file in found.files:
                try:
                    opened = open_events(con, file.path, is_counted=False)
                    flattening = self._flattening(properties[file.lineage])
                    rows_sql(opened, self._export(file), flattening, lineage=file.lineage, only=None)
                except SourceDataError as error:
                    problems.append(str(error))
                    continue
                news |= set(opened.columns) - KNOWN_COLUMNS
                has_user_ids |= opened.has_user_ids
        notes = [*found.left_alone, *self._rivals(found.files)]
        if not found.files and not notes:
            notes.append(f"no file matches {self.config.path}")
        if news:
            notes.append(f"columns that are new in the export are not landed: {', '.join(sorted(news))}")
        return SourceCheck(
            source_id=self.source_id,
            summary=self._summary(found.files),
            problems=tuple(problems),
            notes=tuple(notes),
            personal_columns=("user_id",) if has_user_ids and self.config.user_id == "hash" else (),
        )

    def land(
        self,
        zone: RawZone,
        *,
        load_id: int,
        loaded_at: datetime,
        window: tuple[date, date] | None = None,
        progress: Callable[[str], None] = lambda _: None,
        pace: TellPace | None = None,
    ) -> list[StreamLanding]:
        """Lands what is new.

        Args:
            zone: the raw zone.
            load_id: id of the run.
            loaded_at: its time, with zone.
            window: days (inclusive) that are made anew from their files though unchanged.
            progress: told what is being read.
            pace: told about once a second how far the whole landing is.

        Returns:
            The one stream's outcome; ``error`` names files that can't be read, whose days stay as they were.

        Raises:
            ConnectorError: nothing can be decided or stored; what was committed before stays.
        """
        found = discover(self._workspace, self.config.path, settling=self._settling)
        properties = self._properties(found.files)
        listed = {
            name: Listed(entry, export_of(self._path(name)))
            for name, entry in zone.manifest(EVENTS, self.source_id).inputs.items()
        }
        identified = [
            (replace(file, sha256=self._identity(file, properties[file.lineage])), self._export(file))
            for file in found.files
        ]
        copies = find_copies(identified, listed)
        load = EventLoad(
            zone=zone,
            source_id=self.source_id,
            config=self.config,
            timezone=self._zone,
            flattenings={name: self._flattening(id_) for name, id_ in properties.items()},
            load_id=load_id,
            loaded_at=loaded_at,
            listed=listed,
            progress=progress,
            pace=pace,
        )
        files = [
            EventFile(file, export, self._days(file, export, listed, load))
            for file, export in identified
            if file.lineage not in copies.of
        ]
        load.land(plan_groups(files, listed, window=window))
        notes = [*found.left_alone, *copies.notes, *load.notes]
        if not found.files and not notes:
            notes.append(f"no file matches {self.config.path}")
        return [
            StreamLanding(
                stream=EVENTS,
                files_read=len(load.read),
                files_unchanged=sum(
                    _is_listed(file, listed) and file.lineage not in load.read for file, _ in identified
                ),
                files_left_alone=len(found.left_alone),
                windows=load.windows,
                rows=load.rows,
                changed_slices=load.changed_slices,
                new_columns=tuple(load.new_columns),
                notes=_shortened(notes),
                error=_joined(load.errors),
            )
        ]

    def _path(self, lineage: str) -> PurePosixPath:
        """Path in the workspace; the fixed part of the glob may name table and property too."""
        return fixed_folder(self.config.path) / lineage

    def _export(self, file: SourceFile) -> Export:
        return export_of(self._path(file.lineage))

    def _flattening(self, property_id: str | None) -> Flattening:
        return Flattening(
            params=self.config.params,
            money=self._money,
            property_id=property_id,
            with_user_id=self.config.user_id == "hash",
        )

    def _identity(self, file: SourceFile, property_id: str | None) -> str:
        """Hash of the bytes and of all that shapes their rows; the table's name is part of what they mean."""
        export = self._export(file)
        layout = (READER_VERSION, EVENTS.landed_columns, self._flattening(property_id))
        return hashlib.sha256(f"{file.sha256}\n{export.day}\n{export.kind}\n{layout!r}".encode()).hexdigest()

    def _properties(self, files: Sequence[SourceFile]) -> Mapping[str, str | None]:
        """Property id by lineage.

        Raises:
            SourceDataError: files of several properties, whose days would replace each other.
        """
        told = {file.lineage: property_of(self._path(file.lineage)) for file in files}
        distinct = sorted({*told.values(), self.config.property_id} - {None}, key=str)
        if len(distinct) > 1:
            raise SourceDataError(
                f"sources.{self.source_id}: {self.config.path} holds files of several GA4 properties "
                f"({', '.join(map(str, distinct))}), but a source is one property. Make a source for each, "
                "with its own `path` and `property_id`; nothing was changed."
            )
        return {lineage: self.config.property_id or id_ for lineage, id_ in told.items()}

    def _days(
        self, file: SourceFile, export: Export, listed: Mapping[str, Listed], load: EventLoad
    ) -> frozenset[str]:
        """Days (ISO) that a file holds: its table's, or those that its rows say."""
        if export.day is not None:
            return frozenset({export.day.isoformat()})
        if _is_listed(file, listed):
            return frozenset(listed[file.lineage].entry.slices)
        with duckdb.connect() as con:
            return frozenset(load.rows_by_day(con, file, export))

    def _rivals(self, files: Sequence[SourceFile]) -> list[str]:
        """Tables that several exports hold, of which the one that landed last counts."""
        exports: dict[tuple[date, TableKind], set[Export]] = {}
        for file in files:
            export = self._export(file)
            if export.day is not None:
                exports.setdefault((export.day, export.kind), set()).add(export)
        return [
            f"{next(iter(rivals)).table} is there in {len(rivals)} exports; the one that landed last counts"
            for _, rivals in sorted(exports.items())
            if len(rivals) > 1
        ][:_TOLD]

    def _summary(self, files: Sequence[SourceFile]) -> str:
        if not files:
            return "no file"
        days = sorted({day for file in files if (day := self._export(file).day) is not None})
        count = "1 file" if len(files) == 1 else f"{len(files):,} files"
        return f"{count}, tables of {days[0]} to {days[-1]}" if days else count


def _is_listed(file: SourceFile, listed: Mapping[str, Listed]) -> bool:
    return file.lineage in listed and listed[file.lineage].entry.sha256 == file.sha256


def _joined(errors: Sequence[str]) -> str | None:
    """What can't be read, as one text; of many files the first ones are named."""
    more = len(errors) - _TOLD_ERRORS
    told = [*errors[:_TOLD_ERRORS], *([f"{more:,} more files or days can't be read."] if more > 0 else [])]
    return "\n    ".join(told) or None


def _shortened(notes: Sequence[str]) -> tuple[str, ...]:
    """The first notes, and how many more there are: a first load of years may have one a day."""
    if len(notes) <= _TOLD:
        return tuple(notes)
    return (*notes[:_TOLD], f"… and {len(notes) - _TOLD:,} more notes of this kind")
