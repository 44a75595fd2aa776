"""EventLoad: lands groups of days, one commit per batch, each file proved complete before anything changes.

In: groups of days with their files. Out: slices by day in the raw zone and what there is to say. A batch that
can't be read leaves its days as they were and is tried again group by group; what still can't be read is
reported at the end, and the batches that were committed stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import duckdb

from connectors.core.errors import PersonalDataError, SourceDataError
from connectors.core.landing import Landing
from connectors.core.manifest import InputEntry
from connectors.core.pace import Pacer, TellPace
from connectors.core.plan import Replaces
from connectors.core.raw_zone import RawZone
from connectors.core.sql import literal
from connectors.files.discovery import SourceFile
from connectors.ga4_events.batches import batches, files_of
from connectors.ga4_events.config import Ga4EventsConfig
from connectors.ga4_events.days import EventFile, Group, Listed
from connectors.ga4_events.fields import KNOWN_COLUMNS
from connectors.ga4_events.flatten import Flattening, days_sql, rows_sql
from connectors.ga4_events.reading import Opened, open_events, refused
from connectors.ga4_events.streams import EVENTS
from connectors.ga4_events.tables import Export

_FIRST_MOMENT = datetime(2005, 1, 1)  # noqa: DTZ001 - the raw zone's instants are UTC without a zone
_ODD_SHARE = 0.01


@dataclass(frozen=True)
class _Staged:
    """One file after staging: its top-level columns and how many of its rows are taken."""

    columns: tuple[str, ...]
    rows: int


@dataclass
class EventLoad:
    """One landing of a source; see the module.

    Attributes:
        timezone: zone of the property.
        flattenings: what shapes the rows, by lineage of the files on disk.
        listed: inputs of the manifest when the landing began.
        read: lineages that were read. windows: batches that were committed.
        errors: what can't be read.
    """

    zone: RawZone
    source_id: str
    config: Ga4EventsConfig
    timezone: str
    flattenings: Mapping[str, Flattening]
    load_id: int
    loaded_at: datetime
    listed: Mapping[str, Listed]
    progress: Callable[[str], None]
    pace: TellPace | None = None
    read: set[str] = field(default_factory=set)
    rows: int = 0
    windows: int = 0
    changed_slices: int = 0
    new_columns: dict[str, None] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    _remarks: dict[str, None] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _days: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _odd: int = 0
    _pacer: Pacer | None = None

    def land(self, groups: Sequence[Group]) -> None:
        """Lands ``groups`` in order of their days.

        Raises:
            ConnectorError: what is no fault of a single file (raw zone, personal data without a key).
        """
        if self.pace:
            size = sum(each.file.size for each, _ in files_of(groups))
            self._pacer = Pacer(self.pace, what="events", whole=size)
        self._told = {name for each in self.listed.values() for name in each.entry.source_columns}
        for batch in batches(groups):
            try:
                self._land(batch)
            except SourceDataError as error:
                if len(batch) == 1:
                    self.errors.append(str(error))
                    continue
                for group in batch:
                    self._land_alone(group)

    @property
    def notes(self) -> list[str]:
        """Sentences for a person."""
        if self._odd <= _ODD_SHARE * self.rows:
            return list(self._remarks)
        odd = (
            f"{self._odd:,} of {self.rows:,} events have another day in {self.timezone} than their "
            "event_date: set `timezone` of this source to the time zone of the property"
        )
        return [odd, *self._remarks]

    def rows_by_day(
        self, con: duckdb.DuckDBPyConnection, file: SourceFile, export: Export
    ) -> Mapping[str, int]:
        """Rows of a file by day (ISO), read once a landing.

        Raises:
            SourceDataError: the file can't be read.
        """
        if file.lineage not in self._days:
            self.progress(f"{self.source_id}: looking for the days of {file.lineage}")
            opened = open_events(con, file.path)
            try:
                found = con.execute(days_sql(opened, export)).fetchall()
            except duckdb.Error as error:
                raise refused(file.path, export, error) from error
            self._days[file.lineage] = {str(day): int(rows) for day, rows in found}
        return self._days[file.lineage]

    def _land_alone(self, group: Group) -> None:
        try:
            self._land([group])
        except SourceDataError as error:
            self.errors.append(str(error))

    def _land(self, batch: Sequence[Group]) -> None:
        staged: dict[str, _Staged] = {}
        with self._landing() as landing:
            odd = 0
            for each, won in files_of(batch):
                self.progress(f"{self.source_id}: reading {each.lineage}")
                opened = open_events(landing.con, each.file.path)
                rows, others = self._stage(landing, each, opened, won)
                if self._pacer:
                    self._pacer.add(rows, each.file.size)
                staged[each.lineage] = _Staged(opened.columns, rows)
                odd += others
            filled = {row[0] for row in landing.con.execute("select distinct _slice from staged").fetchall()}
            for day in sorted({day for group in batch for day in group.sources} - filled):
                self._empty(date.fromisoformat(day))
            entries = {name: entry for group in batch for name, entry in self._entries(group, staged)}
            removed = {day for group in batch for day in group.removed}
            landed = landing.commit(replaces=Replaces.slices(removed), window=None, inputs=entries)
        self._odd += odd
        self.windows += 1
        self.read |= staged.keys()
        self.rows += sum(each.rows for each in staged.values())
        self.changed_slices += len(landed.changed_slices) + len(landed.removed_slices)
        self.new_columns |= dict.fromkeys(landed.new_columns)
        for group in batch:
            self._remarks |= dict.fromkeys(self._said(group, staged))

    def _landing(self) -> Landing:
        return self.zone.landing(
            EVENTS,
            source=self.source_id,
            brand=self.config.brand,
            load_id=self.load_id,
            loaded_at=self.loaded_at,
            expects=(),
        )

    def _stage(
        self, landing: Landing, each: EventFile, opened: Opened, won: Collection[str]
    ) -> tuple[int, int]:
        """Stages the rows of the days ``won``; how many, and how many have another day in the zone.

        Raises:
            SourceDataError: the file can't be read, or other rows came out of it than it has.
            PersonalDataError: user ids without a key.
        """
        path, expected, only = each.file.path, opened.rows, None
        flattening = self.flattenings[each.lineage]
        with_user_id = flattening.with_user_id and opened.has_user_ids
        if not each.days <= set(won):
            counts = self.rows_by_day(landing.con, each.file, each.export)
            expected, only = sum(counts[day] for day in won), won
        select = rows_sql(
            opened,
            each.export,
            replace(flattening, with_user_id=with_user_id),
            lineage=each.lineage,
            only=only,
        )
        if not expected:
            return 0, 0
        # In the order of the file one thread would write what the other one made; a row has its number.
        landing.con.execute(f"set preserve_insertion_order = {not opened.is_columnar}")
        try:
            landing.stage(select, is_cheap_to_repeat=opened.is_columnar)
        except PersonalDataError as error:
            raise self._without_key(each.lineage) from error
        except (SourceDataError, duckdb.Error) as error:
            raise refused(path, each.export, error.__cause__ or error) from error
        rows, newest, odd = self._counted(landing)
        if rows != expected:
            raise SourceDataError(
                f"{path} holds {expected:,} events, but {rows:,} were read. It changed while it was read, "
                "or it is damaged: copy it again and run again; what was stored before is unchanged.",
                path=path,
            )
        if newest < _FIRST_MOMENT:
            raise SourceDataError(
                f"{path}: the newest event_timestamp would be {newest}, so they are no microseconds. Export "
                "the table events_YYYYMMDD itself; what was stored before is unchanged.",
                path=path,
                column="event_timestamp",
            )
        return rows, odd

    def _without_key(self, lineage: str) -> PersonalDataError:
        return PersonalDataError(
            f"sources.{self.source_id}: {lineage} holds user ids, and there is no key to pseudonymise them. "
            "Set SANJEH_PII_KEY (or the variable that project.pii_key_env names) in the file .env of the "
            "workspace to a long random text, or set `user_id: leave_out` for this source. What was stored "
            "before is unchanged."
        )

    def _counted(self, landing: Landing) -> tuple[int, datetime, int]:
        """Rows staged last, their newest moment, and how many have another day in the property's zone."""
        day = f"cast(timezone({literal(self.timezone)}, timezone('UTC', event_timestamp)) as date)"
        row = landing.con.execute(
            f"select count(*), max(event_timestamp), count(*) filter (where {day} <> event_date) "
            f"from read_parquet({literal(str(landing.parts[-1].path))})"
        ).fetchone()
        return row if row and row[0] else (0, _FIRST_MOMENT, 0)

    def _entries(self, group: Group, staged: Mapping[str, _Staged]) -> Iterator[tuple[str, InputEntry]]:
        """What to list of the files of ``group``: those that are new, and those that lost a day."""
        for each in group.recorded:
            read = staged.get(each.lineage, _Staged((), 0))
            yield (
                each.lineage,
                InputEntry(
                    sha256=each.file.sha256,
                    size=each.file.size,
                    load_id=self.load_id,
                    loaded_at=self.loaded_at,
                    rows=read.rows,
                    source_columns=read.columns,
                    slices=tuple(sorted(each.days)),
                    window_start=_day(min(each.days, default=None), after=0),
                    window_end=_day(max(each.days, default=None), after=1),
                ),
            )
        for name, days in group.withdrawn.items():
            entry = self.listed[name].entry
            kept = tuple(day for day in entry.slices if day not in days)
            # Without an identity the file is read again should it come back.
            yield name, replace(entry, sha256="", slices=kept)

    def _empty(self, day: date) -> None:
        """Makes the slice of a day whose table has no rows."""
        with self._landing() as landing:
            replaces = Replaces.window(day, day + timedelta(days=1))
            self.changed_slices += len(landing.commit(replaces=replaces, window=None).changed_slices)

    def _said(self, group: Group, staged: Mapping[str, _Staged]) -> Iterator[str]:
        for each in group.files:
            news = [name for name in staged[each.lineage].columns if name not in KNOWN_COLUMNS | self._told]
            self._told.update(news)
            if news:
                yield f"{each.lineage}: columns that are new in the export are not landed: {', '.join(news)}"
            if not staged[each.lineage].rows:
                yield f"{each.lineage}: there are no events in it"
        for name, winners in group.superseded.items():
            for day, winner in sorted(winners.items()):
                yield f"{name}: {day} is taken from {winner.table} in {winner.folder}"
        for name, days in group.withdrawn.items():
            listed = ", ".join(sorted(days))
            yield f"{name} is gone, and with it its events of {listed}, whose other files changed"


def _day(text: str | None, *, after: int) -> date | None:
    return date.fromisoformat(text) + timedelta(days=after) if text else None
