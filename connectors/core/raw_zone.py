"""The raw zone: immutable Parquet files and a manifest per source and stream that says what exists.

Layout: ``<root>/<connector>/<stream>/source=<source>/manifest.json`` with Parquet files beside it. A zone on
object storage has the same layout there, and the folder is its mirror (``remote_zone``). Landings of
different streams or sources may run at once; two of the same may not (the run lock sees to it). Damaged
manifests and failures of the disk or the store raise RawZoneError.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import duckdb

from connectors.core.errors import RawZoneError
from connectors.core.keeper import DiskKeeper, Keeper
from connectors.core.landing import Landing, read_or_new
from connectors.core.manifest import FILE_NAME, Manifest
from connectors.core.pii import Pseudonymiser
from connectors.core.plan import Landed, Replaces
from connectors.core.remote_zone import RemoteZone
from connectors.core.storage import ASIDE_SUFFIX, disk_errors
from connectors.core.stream import Stream
from connectors.core.suppression import Suppression
from connectors.core.views import view_sql

__all__ = ["Landed", "Landing", "RawZone", "RemovedSlice", "Replaces", "SliceRow"]


@dataclass(frozen=True, kw_only=True)
class SliceRow:
    """One listed slice of the whole raw zone, as ``control.slices`` shows it."""

    connector: str
    stream: str
    source: str
    brand: str
    slice: str
    window_start: date | None
    window_end: date | None
    rows: int
    content_hash: str
    load_id: int
    loaded_at: datetime


@dataclass(frozen=True, kw_only=True)
class RemovedSlice:
    """One slice that was dropped, and by which load."""

    connector: str
    stream: str
    source: str
    slice: str
    load_id: int


class RawZone:
    """A raw zone on disk.

    Args:
        root: folder of the zone; made when something lands.
        temp: folder for temporary data; on the same disk, holds nothing of value.
        pii: replaces personal values; None refuses them.
        suppression: keeps erased people from landing; None where nobody was erased.
        remote: where the zone is kept, with ``root`` as its mirror; None where ``root`` is the zone.
    """

    def __init__(
        self,
        root: Path,
        *,
        temp: Path,
        pii: Pseudonymiser | None,
        suppression: Suppression | None = None,
        remote: RemoteZone | None = None,
    ) -> None:
        self.root = root
        self.temp = temp
        self.pii = pii
        self.suppression = suppression
        self.remote = remote
        self.keeper: Keeper = remote or DiskKeeper()

    def with_rules_of(self, *, keep: bool, address_flags: Mapping[str, tuple[str, ...]]) -> RawZone:
        """The same zone with a source's own rules of personal data.

        Args:
            keep: clear text is stored (``pii: keep``).
            address_flags: the source's patterns by flag; those of the zone hold beside them.
        """
        shared = self.pii or (Pseudonymiser(key=b"", keep=True) if keep else None)
        if shared is None or not (keep or address_flags):
            return self
        flags = {**shared.address_flags, **address_flags}
        pii = replace(shared, keep=keep, address_flags=flags)
        return RawZone(self.root, temp=self.temp, pii=pii, suppression=self.suppression, remote=self.remote)

    def folder(self, stream: Stream, source: str) -> Path:
        """Where files and manifest of a stream and source are."""
        return self.root / stream.connector / stream.name / f"source={source}"

    def manifest(self, stream: Stream, source: str) -> Manifest:
        """The manifest of a stream and source, an empty one if nothing landed.

        Raises:
            RawZoneError: unreadable, corrupt, or of a newer format version.
        """
        return read_or_new(stream, source, self.folder(stream, source))

    def manifests(self) -> Iterator[tuple[Path, Manifest]]:
        """Folder and manifest of every stream and source, by path."""
        for path in sorted(self.root.glob(f"*/*/source=*/{FILE_NAME}")):
            yield path.parent, Manifest.read(path)

    def landing(
        self,
        stream: Stream,
        *,
        source: str,
        brand: str,
        load_id: int,
        loaded_at: datetime,
        expects: Iterable[str] | None = None,
    ) -> Landing:
        """A landing to enter with ``with``.

        Args:
            stream: what lands.
            source: id of the configured source.
            brand: brand that it belongs to.
            load_id: id of the run.
            loaded_at: time of the run, with zone.
            expects: declared columns that must be staged, besides required ones. None means those that the
                source supplied the last time.
        """
        return Landing(
            stream,
            source=source,
            brand=brand,
            load_id=load_id,
            loaded_at=loaded_at,
            folder=self.folder(stream, source),
            temp=self.temp,
            pii=self.pii,
            expects=expects,
            suppression=self.suppression,
            keeper=self.keeper,
        )

    def create_views(
        self,
        con: duckdb.DuckDBPyConnection,
        streams: Iterable[Stream],
        *,
        sources: Container[str] | None = None,
    ) -> None:
        """(Re)create the view of each stream in schema ``raw`` over the files that are listed now.

        Args:
            con: database that gets the views.
            streams: each gets a view, without rows where nothing landed.
            sources: ids of the sources to read; all when None.
        """
        stored = self.stored(sources)
        con.execute("create schema if not exists raw")
        for stream in streams:
            con.execute(view_sql(stream, stored.get((stream.connector, stream.name), [])))

    def stored(
        self, sources: Container[str] | None = None
    ) -> dict[tuple[str, str], list[tuple[Path, Manifest]]]:
        """Absolute folder and manifest of what landed, by connector and stream.

        Args:
            sources: ids of the sources to read; all when None.
        """
        stored: dict[tuple[str, str], list[tuple[Path, Manifest]]] = {}
        for folder, manifest in self.manifests():
            if sources is None or manifest.source in sources:
                stored.setdefault((manifest.connector, manifest.stream), []).append(
                    (folder.absolute(), manifest)
                )
        return stored

    def verify(self, said: Callable[[str], None] = lambda _: None) -> None:
        """See that every manifest can be read and every file it lists is there in full length.

        The mirror of a zone on object storage is brought in line first.

        Raises:
            RawZoneError: names the first manifest or file that isn't sound, or says why the store can't be
                read.
        """
        if self.remote is not None:
            self.remote.pull(said)
        for folder, manifest in self.manifests():
            for name, entry in manifest.files.items():
                path = folder / name
                found = path.stat().st_size if path.is_file() else None
                if found == entry.bytes:
                    continue
                what = "is gone" if found is None else f"has {found} bytes instead of {entry.bytes}"
                raise RawZoneError(
                    f"The raw file {path} {what}; it holds {entry.rows:,} rows of {manifest.source}. Restore "
                    f"it from a backup; or move its folder {folder} out of the workspace, delete "
                    "warehouse/build.duckdb, and run again: what is still in the source lands anew."
                )

    def slices(self) -> list[SliceRow]:
        """Every listed slice."""
        return [
            SliceRow(
                connector=manifest.connector,
                stream=manifest.stream,
                source=manifest.source,
                brand=manifest.brand,
                slice=key,
                window_start=entry.window_start,
                window_end=entry.window_end,
                rows=entry.rows,
                content_hash=entry.content_hash,
                load_id=entry.load_id,
                loaded_at=entry.loaded_at,
            )
            for _, manifest in self.manifests()
            for key, entry in manifest.slices.items()
        ]

    def removed_slices(self) -> list[RemovedSlice]:
        """Every slice that was dropped and not landed again."""
        return [
            RemovedSlice(
                connector=manifest.connector,
                stream=manifest.stream,
                source=manifest.source,
                slice=key,
                load_id=load_id,
            )
            for _, manifest in self.manifests()
            for key, load_id in manifest.removed.items()
        ]

    @contextmanager
    def writing(
        self, *, run_id: str, started_at: datetime, above: int, said: Callable[[str], None] = lambda _: None
    ) -> Iterator[int]:
        """Hold the right to write to the zone for a block; yields the least load id that the run may have.

        On disk the run lock is that right. On object storage it also keeps other workspaces out.

        Args:
            run_id: of the run.
            started_at: its start, aware.
            above: highest load id that this workspace has given out.
            said: told when the right could not be given back; this workspace can take it again all the same.

        Raises:
            RawZoneError: another workspace has it.
        """
        if self.remote is None:
            yield above + 1
            return
        mark = self.remote.mark
        load_id = mark.take(run_id=run_id, started_at=started_at, above=above)
        try:
            yield load_id
        finally:
            try:
                mark.release(run_id=run_id)
            except RawZoneError as error:
                said(f"Other workspaces are kept out until this one's next run. {error}")

    def collect_garbage(self) -> int:
        """Delete what no manifest lists and what dead landings left; returns the number of files and folders.

        Only the holder of the run lock may call it, while nothing lands and before views are made. On object
        storage, what was uploaded within the last day stays: another machine may be about to list it.
        """
        garbage: list[Path] = []
        for folder in sorted(self.root.glob("*/*/source=*")):
            manifest_path = folder / FILE_NAME
            listed = Manifest.read(manifest_path).files if manifest_path.exists() else {}
            garbage += [path for path in folder.glob("*.parquet") if path.name not in listed]
            garbage += folder.glob(f"**/*{ASIDE_SUFFIX}")
        with disk_errors(self.root):
            for path in garbage:
                path.unlink(missing_ok=True)
        dead = list(self.temp.glob("landing-*"))
        for path in dead:
            shutil.rmtree(path, ignore_errors=True)
        remote = self.remote.collect_garbage() if self.remote else 0
        return len(garbage) + len(dead) + remote
