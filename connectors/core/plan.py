"""What a landing changes: pure decisions from the manifest, the staged slices and what gives way to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connectors.core.manifest import FileEntry, InputEntry, Manifest, SliceEntry


@dataclass(frozen=True)
class Replaces:
    """What gives way to a landing, besides the slices of the same key; made by its three constructors."""

    start: date | None = None
    end: date | None = None
    fill_days: bool = False
    keys: frozenset[str] = frozenset()

    @classmethod
    def nothing(cls) -> Replaces:
        """Only slices of the same key."""
        return cls()

    @classmethod
    def window(cls, start: date, end: date, *, fill_days: bool = True) -> Replaces:
        """All that the days ``[start, end)`` held: a listed slice inside without staged rows becomes empty.

        Args:
            start: first day.
            end: day after the last.
            fill_days: days that were never listed become empty slices too; switch off for slices that are not
                days.
        """
        return cls(start=start, end=end, fill_days=fill_days)

    @classmethod
    def slices(cls, keys: Iterable[str]) -> Replaces:
        """The named slices are dropped, unless staged again."""
        return cls(keys=frozenset(keys))


@dataclass(frozen=True)
class StagedSlice:
    """One slice as staged: how many rows, and an order-insensitive hash over its data columns."""

    rows: int
    content_hash: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to do with each slice.

    Attributes:
        changed: staged slices whose content is new.
        unchanged: staged slices that keep their file and load id, and empty ones that stay empty.
        emptied: slices that get no rows.
        removed: listed slices that are dropped.
        obsolete_files: listed files that give way.
        survivors: slices of obsolete files that go on as they are, in a new file.
    """

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    emptied: tuple[str, ...]
    removed: tuple[str, ...]
    obsolete_files: frozenset[str]
    survivors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Landed:
    """Outcome of a landing.

    Attributes:
        rows: rows of the changed slices.
        changed_slices: keys with new content, emptied ones included.
        unchanged_slices: keys that arrived as they were.
        removed_slices: keys that were dropped.
        bytes: size of the files written.
        new_columns: columns that the source had never supplied and that aren't declared.
    """

    rows: int
    changed_slices: tuple[str, ...]
    unchanged_slices: tuple[str, ...]
    removed_slices: tuple[str, ...]
    bytes: int
    new_columns: tuple[str, ...]


def make_plan(
    manifest: Manifest,
    staged: Mapping[str, StagedSlice],
    replaces: Replaces,
    *,
    suppressed: Collection[str] = (),
) -> Plan:
    """What happens to each staged and each listed slice; ``suppressed`` ones came and lost all rows."""
    same = {key for key, entry in staged.items() if _same(manifest.slices.get(key), entry)}
    empty_now = _days(replaces) | {key for key, entry in manifest.slices.items() if _inside(entry, replaces)}
    empty_now |= set(suppressed)
    empty_now -= staged.keys()
    still_empty = {key for key in empty_now if _same(manifest.slices.get(key), StagedSlice(0, ""))}
    removed = (replaces.keys & manifest.slices.keys()) - staged.keys()
    changed = staged.keys() - same
    emptied = empty_now - still_empty
    gone = changed | emptied | removed
    obsolete = {name for name, entry in manifest.files.items() if gone & set(entry.slices)}
    survivors = {key for name in obsolete for key in manifest.files[name].slices} - gone
    return Plan(
        changed=tuple(sorted(changed)),
        unchanged=tuple(sorted(same | still_empty)),
        emptied=tuple(sorted(emptied)),
        removed=tuple(sorted(removed)),
        obsolete_files=frozenset(obsolete),
        survivors=tuple(sorted(survivors)),
    )


@dataclass(frozen=True, kw_only=True)
class NewFile:
    """A Parquet file that was written, its name, and the layout of its columns."""

    name: str
    entry: FileEntry
    layout: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class SliceWindows:
    """Which days a slice covers: its own entry, else the day it is named after, else the landing's window."""

    named: Mapping[str, tuple[date, date]]
    default: tuple[date, date] | None

    def of(self, key: str) -> tuple[date | None, date | None]:
        """Half-open window of the slice ``key``; (None, None) where no day is known."""
        if key in self.named:
            return self.named[key]
        day = _as_day(key)
        if day is not None:
            return day, day + timedelta(days=1)
        return self.default or (None, None)


def updated_manifest(
    old: Manifest,
    plan: Plan,
    staged: Mapping[str, StagedSlice],
    *,
    changed_file: NewFile | None,
    survivors_file: NewFile | None,
    supplied: Mapping[str, str],
    windows: SliceWindows,
    inputs: Mapping[str, InputEntry],
    covered: Mapping[str, tuple[date, date]],
    state: Mapping[str, str],
    brand: str,
    load_id: int,
    loaded_at: datetime,
) -> Manifest:
    """The manifest after the landing; ``old`` is left as it is."""
    new_files = [each for each in (changed_file, survivors_file) if each is not None]
    files = {name: entry for name, entry in old.files.items() if name not in plan.obsolete_files}
    files |= {each.name: each.entry for each in new_files}
    slices = {key: entry for key, entry in old.slices.items() if key not in plan.removed}
    for key in (*plan.changed, *plan.emptied):
        content = staged.get(key, StagedSlice(0, ""))
        start, end = windows.of(key)
        if key in plan.emptied and key in old.slices:
            start, end = old.slices[key].window_start, old.slices[key].window_end
        slices[key] = SliceEntry(
            file=changed_file.name if changed_file and key in staged else None,
            rows=content.rows,
            content_hash=content.content_hash,
            load_id=load_id,
            loaded_at=loaded_at,
            window_start=start,
            window_end=end,
        )
    for key in plan.unchanged:
        # The same content may tell of more days than before, as that of a period which is over now.
        if key in windows.named and key in staged:
            start, end = windows.named[key]
            slices[key] = replace(slices[key], window_start=start, window_end=end)
    for key, (start, end) in covered.items():
        known = slices.get(key)
        if known is None or (known.window_start, known.window_end) != (start, end):
            slices[key] = SliceEntry(
                file=None,
                rows=0,
                content_hash="",
                load_id=load_id,
                loaded_at=loaded_at,
                window_start=start,
                window_end=end,
            )
    if survivors_file:
        for key in plan.survivors:
            slices[key] = replace(slices[key], file=survivors_file.name)
    layouts = old.layouts | {each.entry.schema_hash: dict(each.layout) for each in new_files}
    used = {entry.schema_hash for entry in files.values()}
    removed = old.removed | dict.fromkeys(plan.removed, load_id)
    return Manifest(
        connector=old.connector,
        stream=old.stream,
        source=old.source,
        brand=brand,
        schema=dict(supplied) or old.schema,
        schema_hash=changed_file.entry.schema_hash if changed_file else old.schema_hash,
        layouts={key: layout for key, layout in layouts.items() if key in used},
        files=files,
        slices=dict(sorted(slices.items())),
        inputs=old.inputs | dict(inputs),
        removed={key: load for key, load in removed.items() if key not in slices},
        state=old.state | dict(state),
    )


def _same(listed: SliceEntry | None, staged: StagedSlice) -> bool:
    return listed is not None and (listed.rows, listed.content_hash) == (staged.rows, staged.content_hash)


def _inside(entry: SliceEntry, replaces: Replaces) -> bool:
    if replaces.start is None or replaces.end is None or not entry.window_start or not entry.window_end:
        return False
    return replaces.start <= entry.window_start and entry.window_end <= replaces.end


def _days(replaces: Replaces) -> set[str]:
    if not replaces.fill_days or replaces.start is None or replaces.end is None:
        return set()
    days = (replaces.end - replaces.start).days
    return {(replaces.start + timedelta(days=offset)).isoformat() for offset in range(days)}


def _as_day(key: str) -> date | None:
    try:
        return date.fromisoformat(key) if len(key) == len("2026-11-01") else None
    except ValueError:
        return None
