"""FileSource: one configured file source, from the drop folder into the raw zone.

A landing reads the files that are new, corrected or asked for, types their rows, and commits each stream in
one step. A file is known by its lineage (name below the fixed part of the path) and its identity (bytes and
the mapping that read it). Every stream of the source records every file, so that a run that died between
two streams is repeated. Any problem stops the source before anything changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import duckdb

from connectors.core.errors import SchemaError, SourceDataError
from connectors.core.landing import Landing
from connectors.core.manifest import Manifest
from connectors.core.outcome import SourceCheck, StreamLanding
from connectors.core.pace import TellPace
from connectors.core.raw_zone import RawZone
from connectors.core.storage import disk_errors, make_folder
from connectors.core.stream import Stream, Type
from connectors.files.cells import CellRules
from connectors.files.config import Covers, FileSourceConfig
from connectors.files.discovery import Settling, SourceFile, discover
from connectors.files.headers import closest
from connectors.files.loading import SourceLoad
from connectors.files.mapping import Section, bind
from connectors.files.money import Money, require_unit
from connectors.files.preset import FilePreset, Layout
from connectors.files.reading import Reader
from connectors.files.registry import FILE_PRESETS, FILE_STREAMS, preset_for
from connectors.files.sections import sections_of
from connectors.files.selection import fingerprint, select_files


class FileSource:
    """One file source of a workspace."""

    def __init__(
        self,
        source_id: str,
        config: FileSourceConfig,
        *,
        workspace: Path,
        default_timezone: str,
        default_currency: str,
        settling: Settling | None = None,
    ) -> None:
        """Checks the configuration against the preset.

        Args:
            source_id: id in ``sanjeh.yml``.
            config: its mapping.
            workspace: folder that ``path`` is relative to.
            default_timezone: the brand's zone, unless the source declares one.
            default_currency: the brand's currency, unless the source declares one.
            settling: how to tell that a file is complete.

        Raises:
            SchemaError: unknown connector, stream or column, or rial amounts without a unit.
        """
        self.source_id = source_id
        self.config = config
        self._workspace = workspace
        self._settling = settling or Settling()
        self._preset = _preset_of(source_id, config)
        self._streams = _streams_of(self._preset)
        self._zone = ZoneInfo(config.timezone or default_timezone)
        self._money = Money(config.currency or default_currency, config.money_unit)
        require_unit(
            source_id=source_id,
            currency=self._money.currency,
            unit=config.money_unit,
            has_amounts=any(c.type is Type.MONEY for s in self._streams for c in s.columns),
            has_days=all(s.cursor for s in self._streams if any(c.type is Type.MONEY for c in s.columns)),
        )
        known = {c.name for s in self._streams for c in s.columns} | set(self._preset.helpers)
        for name in (*config.columns, *config.percent):
            if name not in known:
                near = closest(name, sorted(known))
                hint = f" Did you mean {near!r}?" if near else ""
                raise SchemaError(
                    f"sources.{source_id}: {' and '.join(s.id for s in self._streams)} have no column "
                    f"{name!r}.{hint} Columns are {', '.join(sorted(known))}."
                )
        if self._covers is Covers.DATES and any(s.cursor is None for s in self._streams):
            raise SchemaError(
                f"sources.{source_id}: covers: dates needs rows with a day, which {self._streams[0].id} has "
                "not. Use covers: file or covers: keys."
            )

    @property
    def _covers(self) -> Covers:
        return self.config.covers or self._preset.covers

    @property
    def _rules(self) -> CellRules:
        config = self.config
        return CellRules(
            decimal=config.decimal,
            thousands="".join(config.thousands_marks),
            percent={name for name, unit in config.percent.items() if unit == "percent"},
            na_values=(*self._preset.na_values, *config.na_values),
            date_formats=config.date_format,
            calendar=config.calendar,
            zone=self._zone.key,
        )

    def streams(self) -> tuple[Stream, ...]:
        """Streams that files of this source can feed."""
        return self._streams

    def check(self) -> SourceCheck:
        """Whether the folder is there and the header of every file fits; reads no more than it must."""
        try:
            found = discover(self._workspace, self.config.path, settling=self._settling)
        except SourceDataError as error:
            return SourceCheck(source_id=self.source_id, summary="no folder", problems=(str(error),))
        problems: list[str] = []
        personal: set[str] = set()
        with TemporaryDirectory() as temp, duckdb.connect() as con:
            reader = Reader(con, self.config, Path(temp))
            for file in found.files:
                try:
                    for section in self._sections(file, reader):
                        bindings = bind(
                            section, file=file, preset=self._preset, config=self.config, previous_header=()
                        )
                        personal |= {b.column.name for b in bindings.columns if b.column.personal}
                except SourceDataError as error:
                    problems.append(str(error))
        notes = (
            found.left_alone if found.files or found.left_alone else (f"no file matches {self.config.path}",)
        )
        return SourceCheck(
            source_id=self.source_id,
            summary=_counted(len(found.files)),
            problems=tuple(problems),
            notes=notes,
            personal_columns=tuple(sorted(personal)) if self.config.pii == "hash" else (),
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
            window: days (inclusive) whose files are read again though unchanged.
            progress: told what is being read.
            pace: told about once a second how far a large file is.

        Returns:
            One outcome per stream.

        Raises:
            ConnectorError: a file can't be read or has too many rejects; nothing stored has changed.
        """
        zone = zone.with_rules_of(keep=self.config.pii == "keep", address_flags=self.config.address_flags)
        found = discover(self._workspace, self.config.path, settling=self._settling)
        manifests = {stream.id: zone.manifest(stream, self.source_id) for stream in self._streams}
        selection = select_files(
            found.files,
            [manifests[stream.id].inputs for stream in self._streams],
            mapping=fingerprint(self.config, self._preset, self._streams, self._zone.key, self._money),
            config=self.config,
            layout=self._preset.layout,
            window=window,
        )
        notes = (*found.left_alone, *selection.notes)
        if not found.files and not notes:
            notes = (f"no file matches {self.config.path}",)
        left_alone = len(found.left_alone)
        if not selection.to_read:
            return [
                StreamLanding(
                    stream=stream,
                    files_read=0,
                    files_unchanged=selection.unchanged,
                    files_left_alone=left_alone,
                    notes=notes,
                )
                for stream in self._streams
            ]
        with ExitStack() as stack:
            reader = self._reader(stack, zone)
            load = self._new_load(pace)
            landings = self._landings(stack, zone, load_id=load_id, loaded_at=loaded_at)
            # Newest first: a slice that a newer file covers is not taken from an older one.
            for file in reversed(selection.to_read):
                progress(f"{self.source_id}: reading {file.lineage}")
                for section in self._sections(file, reader):
                    known = self._known_header(manifests[section.stream.id], file)
                    load.add(file, section, landings[section.stream.id], known)
            load.require_few_rejects()
            done = [
                load.commit(
                    stream,
                    landings[stream.id],
                    manifests[stream.id],
                    folder=zone.folder(stream, self.source_id),
                    files=selection.to_read,
                    load_id=load_id,
                    loaded_at=loaded_at,
                )
                for stream in self._streams
            ]
        return [
            replace(
                each,
                files_unchanged=selection.unchanged,
                files_left_alone=left_alone,
                notes=(*notes, *each.notes),
            )
            for each in done
        ]

    def lines_where(
        self, zone: RawZone, which: Callable[[duckdb.DuckDBPyConnection, Stream], str | None]
    ) -> Iterator[tuple[Path, frozenset[int]]]:
        """Files with the last lines of their records that a condition holds for; lands nothing.

        Args:
            zone: gives the key for personal data and a place for temporary data.
            which: SQL over the landed columns of a stream, valid on the connection given; None for no row.

        Raises:
            ConnectorError: a file can't be read.
        """
        zone = zone.with_rules_of(keep=self.config.pii == "keep", address_flags=self.config.address_flags)
        found = discover(self._workspace, self.config.path, settling=self._settling)
        for file in found.files:
            with ExitStack() as stack:
                reader, load = self._reader(stack, zone), self._new_load()
                landings = self._landings(stack, zone, load_id=0, loaded_at=datetime.now(UTC))
                lines: set[int] = set()
                for section in self._sections(file, reader):
                    landing = landings[section.stream.id]
                    load.add(file, section, landing, ())
                    condition = which(landing.con, section.stream)
                    if condition is None:
                        continue
                    records = landing.con.execute(
                        f"select _line from staged where _line is not null and {condition}"
                    ).fetchall()
                    lines |= set(section.table.lines_of([record for (record,) in records]).values())
                yield file.path, frozenset(lines)

    def _reader(self, stack: ExitStack, zone: RawZone) -> Reader:
        """Opens files until ``stack`` is closed."""
        with disk_errors(zone.temp):
            make_folder(zone.temp)
            temp = Path(stack.enter_context(TemporaryDirectory(dir=zone.temp, prefix="landing-files-")))
        return Reader(stack.enter_context(duckdb.connect()), self.config, temp)

    def _new_load(self, pace: TellPace | None = None) -> SourceLoad:
        return SourceLoad(
            source_id=self.source_id,
            config=self.config,
            preset=self._preset,
            rules=self._rules,
            money=self._money,
            covers=self._covers,
            pace=pace,
        )

    def _landings(
        self, stack: ExitStack, zone: RawZone, *, load_id: int, loaded_at: datetime
    ) -> dict[str, Landing]:
        """An entered landing per stream."""
        return {
            stream.id: stack.enter_context(
                zone.landing(
                    stream,
                    source=self.source_id,
                    brand=self.config.brand,
                    load_id=load_id,
                    loaded_at=loaded_at,
                    expects=(),
                )
            )
            for stream in self._streams
        }

    def _known_header(self, manifest: Manifest, file: SourceFile) -> tuple[str, ...]:
        """Header this file had before, else that of the newest file of its kind: its columns must not vanish.

        Reports come in several layouts under one source, so there a new file has no elder.
        """
        if file.lineage in manifest.inputs:
            return manifest.inputs[file.lineage].source_columns
        if self._preset.layout is not Layout.TABLE:
            return ()
        elders = [(each.load_id, name) for name, each in manifest.inputs.items() if each.source_columns]
        return manifest.inputs[max(elders)[1]].source_columns if elders else ()

    def _sections(self, file: SourceFile, reader: Reader) -> Iterator[Section]:
        return sections_of(file, reader, preset=self._preset, stream=self._streams[0], zone=self._zone)


def _preset_of(source_id: str, config: FileSourceConfig) -> FilePreset:
    """The preset of a source, with the headers of the stream it is redirected to."""
    preset = FILE_PRESETS.get(config.connector)
    if preset is None:
        near = closest(config.connector, list(FILE_PRESETS))
        hint = f" Did you mean {near!r}?" if near else ""
        raise SchemaError(
            f"sources.{source_id}: there is no file connector {config.connector!r}.{hint} There are "
            f"{', '.join(FILE_PRESETS)}."
        )
    if config.stream is None:
        return preset
    stream = FILE_STREAMS.get(config.stream)
    if stream is None:
        near = closest(config.stream, list(FILE_STREAMS))
        hint = f" Did you mean {near!r}?" if near else ""
        raise SchemaError(
            f"sources.{source_id}: no file can land in stream {config.stream!r}.{hint} Streams are "
            f"{', '.join(FILE_STREAMS)}."
        )
    if stream in preset.streams:
        return replace(preset, streams=(stream,), layout=Layout.TABLE)
    return replace(
        preset_for(stream),
        streams=(stream,),
        layout=Layout.TABLE,
        na_values=preset.na_values,
        total_words=preset.total_words,
    )


def _counted(files: int) -> str:
    return "1 file" if files == 1 else f"{files:,} files" if files else "no file"


def _streams_of(preset: FilePreset) -> tuple[Stream, ...]:
    return preset.streams[:1] if preset.layout is Layout.TABLE else preset.streams
