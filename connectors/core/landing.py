"""Landing: one stream of one source goes into the raw zone.

Staged rows become Parquet files at :meth:`Landing.commit`. Only the manifest, renamed last, makes them exist:
a landing that dies before leaves the raw zone as it was. Slices whose content is unchanged keep their file
and load id; a slice that leaves a file with others makes the others move on to a new file, so that a listed
file holds listed rows only. Windows are half-open ``[start, end)`` source-local days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from connectors.core.errors import SchemaError, SourceDataError
from connectors.core.keeper import DiskKeeper, Keeper
from connectors.core.manifest import FILE_NAME, InputEntry, Manifest
from connectors.core.parquet import ParquetWriter
from connectors.core.pii import Pseudonymiser
from connectors.core.plan import (
    Landed,
    NewFile,
    Plan,
    Replaces,
    SliceWindows,
    StagedSlice,
    make_plan,
    updated_manifest,
)
from connectors.core.sql import constant_text, identifier, identifiers, literal
from connectors.core.staging import EXTRA_TYPE, Staging
from connectors.core.storage import disk_errors
from connectors.core.stream import Stream
from connectors.core.suppression import Suppression
from connectors.core.views import select_listed


class Landing(Staging):
    """A landing in progress: a context manager; stage rows, then commit once."""

    def __init__(
        self,
        stream: Stream,
        *,
        source: str,
        brand: str,
        load_id: int,
        loaded_at: datetime,
        folder: Path,
        temp: Path,
        pii: Pseudonymiser | None,
        expects: Iterable[str] | None,
        suppression: Suppression | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        if loaded_at.tzinfo is None:
            raise ValueError("loaded_at needs a zone")
        self._brand = brand
        self._load_id = load_id
        self._loaded_at = loaded_at.astimezone(UTC)
        constants = {
            "_source": constant_text(source),
            "_brand": constant_text(brand),
            "_loaded_at": f"timestamp {literal(self._loaded_at.replace(tzinfo=None).isoformat(sep=' '))}",
            "_load_id": str(load_id),
        }
        super().__init__(stream, source=source, temp=temp, pii=pii, constants=constants)
        self._folder = folder
        self._suppression = suppression
        self._keeper = keeper or DiskKeeper()
        self._expects = None if expects is None else frozenset(expects)

    def commit(
        self,
        *,
        replaces: Replaces,
        window: tuple[date, date] | None,
        slice_windows: Mapping[str, tuple[date, date]] | None = None,
        inputs: Mapping[str, InputEntry] | None = None,
        covered: Mapping[str, tuple[date, date]] | None = None,
        state: Mapping[str, str] | None = None,
        requests: int = 0,
    ) -> Landed:
        """Make the staged rows exist, in one step.

        Args:
            replaces: what gives way, besides slices of the same key.
            window: days of the slices that are neither named after a day nor in ``slice_windows``.
            slice_windows: days of single slices.
            inputs: what was read, by lineage; entries of the same lineage are replaced.
            covered: slices without rows that say which days were looked at; never among the staged ones.
            state: entries of the manifest's state to replace.
            requests: calls to the source that this landing took.

        Raises:
            SchemaError: a column that the source used to supply is missing.
            SourceDataError: a row lacks its slice or a required value.
            RawZoneError: the disk is full or closed, or the manifest is damaged.
        """
        old = read_or_new(self.stream, self.source, self._folder)
        with disk_errors(self._folder):
            suppressed = self._drop_suppressed()
            staged = self._staged_slices()
            if staged:
                self.require_columns()
            slices = SliceWindows(named=slice_windows or {}, default=window)
            # A batch that held nothing else is no slice; days and files that did are known to be empty.
            emptied = {key for key in suppressed if key in old.slices or slices.of(key) != (None, None)}
            plan = make_plan(old, staged, replaces, suppressed=emptied)
            now_empty = {key: slices.named[key] for key in emptied - staged.keys() if key in slices.named}
            writer = ParquetWriter(self.con, self._folder, self._load_id)
            try:
                changed_file = self._write_changed(plan, staged, requests, writer)
                survivors_file = self._write_survivors(plan, old, writer)
                new = updated_manifest(
                    old,
                    plan,
                    staged,
                    changed_file=changed_file,
                    survivors_file=survivors_file,
                    supplied=self.supplied,
                    windows=slices,
                    inputs=inputs or {},
                    covered={**(covered or {}), **now_empty},
                    state=state or {},
                    brand=self._brand,
                    load_id=self._load_id,
                    loaded_at=self._loaded_at,
                )
                if new != old:
                    self._keeper.commit(self._folder, new, old=old)
            except BaseException:
                writer.discard()
                raise
        return Landed(
            rows=sum(staged[key].rows for key in plan.changed),
            changed_slices=tuple(sorted((*plan.changed, *plan.emptied))),
            unchanged_slices=plan.unchanged,
            removed_slices=plan.removed,
            bytes=sum(each.entry.bytes for each in (changed_file, survivors_file) if each),
            new_columns=tuple(name for name in self.extras if name not in old.schema),
        )

    @property
    def manifest(self) -> Manifest:
        """What was listed before this landing."""
        return read_or_new(self.stream, self.source, self._folder)

    def listed_sql(self) -> str:
        """SELECT of the stored rows with the columns that are staged, extras included."""
        return select_listed([(self._folder, self.manifest)], self.layout)

    def _drop_suppressed(self) -> set[str]:
        """Leave rows of erased people out; the slices that had some."""
        if self._suppression is None or not self.parts:
            return set()
        condition = self._suppression.rows_sql(self.con, self.stream, source=self.source, brand=self._brand)
        if condition is None:
            return set()
        found = self.con.execute(f"select distinct _slice from staged where {condition}").fetchall()
        if found:
            self.keep(f"select {identifiers(self.layout)} from staged where not {condition}")
        return {str(key) for (key,) in found}

    def _staged_slices(self) -> dict[str, StagedSlice]:
        """Rows and content hash by slice; a row without slice or required value raises SourceDataError."""
        required = [column for column in self.stream.columns if column.required]
        missing = "".join(
            f", count(*) filter ({identifier(column.landed[0][0])} is null and not _is_deleted)"
            for column in required
        )
        found: list[tuple[Any, ...]] = self.con.execute(
            f"select _slice, count(*), {content_hash_sql(self.stream, self.data_columns)}{missing} "
            "from staged group by _slice"
        ).fetchall()
        for row in found:
            empty = [column.name for column, count in zip(required, row[3:], strict=True) if count]
            if row[0] is None or empty:
                name = empty[0] if empty else "_slice"
                message = (
                    f"Source {self.source}, stream {self.stream.id}: rows of slice {row[0]} have no value in "
                    f"{name}, which every row needs. Correct the source or reject those rows. "
                    "What was stored before is intact."
                )
                raise SourceDataError(message, column=name)
        return {str(row[0]): StagedSlice(int(row[1]), str(row[2])) for row in found}

    def require_columns(self) -> None:
        """See that every column is supplied that was before; tombstones alone supply nothing.

        Raises:
            SchemaError: names those that aren't.
        """
        if not self.supplied:
            return
        declared = {column.name for column in self.stream.columns}
        expected = self._expects if self._expects is not None else self.manifest.schema.keys() & declared
        needed = {column.name for column in self.stream.columns if column.required} | expected
        vanished = sorted(needed - self.supplied.keys())
        if vanished:
            message = (
                f"Source {self.source}, stream {self.stream.id}: column {', '.join(vanished)} is missing, "
                "but it is declared and was expected. If the source renamed it, correct the mapping; if it "
                "is gone for good, take it out of the mapping. What was stored before is intact."
            )
            raise SchemaError(message, column=vanished[0])

    def _write_changed(
        self, plan: Plan, staged: Mapping[str, StagedSlice], requests: int, writer: ParquetWriter
    ) -> NewFile | None:
        if not plan.changed:
            return None
        rows = {key: staged[key].rows for key in plan.changed}
        if len(self.parts) == 1 and len(staged) == len(rows) == 1:
            (part,) = self.parts
            return writer.adopt(part.path, layout=part.layout, rows=rows, requests=requests)
        layout = self.layout
        everything = len(plan.changed) == len(staged)
        which = "" if everything else f"where _slice in ({', '.join(literal(key) for key in plan.changed)})"
        order = "" if len(plan.changed) == 1 else "order by _slice, _line"
        return writer.write(
            f"select {identifiers(layout)} from staged {which} {order}",
            layout=layout,
            rows=rows,
            requests=requests,
        )

    def _write_survivors(self, plan: Plan, old: Manifest, writer: ParquetWriter) -> NewFile | None:
        if not plan.survivors:
            return None
        layout = listed_layout(self.stream, old, only=plan.obsolete_files)
        listed = select_listed([(self._folder, old)], layout, only=plan.obsolete_files)
        keys = ", ".join(literal(key) for key in plan.survivors)
        return writer.write(
            f"select * from ({listed}) where _slice in ({keys}) order by _slice, _line",
            layout=layout,
            rows={key: old.slices[key].rows for key in plan.survivors},
        )


def content_hash_sql(stream: Stream, columns: Iterable[str]) -> str:
    """SQL: hash of a slice's rows, in any order; ``columns`` are those without system columns."""
    hashed = [*columns, "_is_deleted", *([] if stream.key else ["_line"])]
    return f"cast(sum(cast(hash({identifiers(hashed)}) as hugeint)) as varchar)"


def listed_layout(stream: Stream, manifest: Manifest, *, only: Iterable[str]) -> dict[str, str]:
    """Type by name of every column of ``stream`` and of all extras of the listed files ``only``."""
    layout = dict(stream.landed_columns)
    for name in sorted(only):
        extras = manifest.layouts[manifest.files[name].schema_hash].keys() - layout.keys()
        layout |= dict.fromkeys(sorted(extras), EXTRA_TYPE)
    return layout


def read_or_new(stream: Stream, source: str, folder: Path) -> Manifest:
    """The manifest of a stream and source, an empty one if there is none.

    Raises:
        RawZoneError: unreadable, corrupt, or of a newer format version.
    """
    path = folder / FILE_NAME
    if path.exists():
        return Manifest.read(path)
    return Manifest(connector=stream.connector, stream=stream.name, source=source)
