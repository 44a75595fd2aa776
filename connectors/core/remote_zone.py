"""A raw zone on object storage: the bucket is the truth, the workspace's folder ``raw/`` a mirror of it.

Same layout, same rules: immutable Parquet files, one manifest per stream and source, and what the manifest
doesn't list doesn't exist. DuckDB reads the mirror, so that no extension is needed and nothing is fetched
twice.

* :meth:`RemoteZone.pull` brings the mirror in line: manifests whose ETag changed, files that are missing.
* :meth:`RemoteZone.commit` uploads new files, then replaces the manifest on the condition that it still is
  the one the change was made from, then renames the mirror's. A death between any two leaves the bucket as
  it was or as it shall be; the next pull mends the mirror.
* The mirror's manifest says of which zone and content it is a copy. One that says nothing was changed without
  the bucket: it is refused, never overwritten; :meth:`RemoteZone.push` takes it into an empty place.

Failures are RawZoneError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from connectors.core.errors import RawZoneError
from connectors.core.manifest import FILE_NAME, Manifest, Mirrored
from connectors.core.object_store import PARALLEL, ObjectStore, StoredObject
from connectors.core.storage import write_atomically
from connectors.core.writer_mark import WriterMark

GRACE = timedelta(days=1)
"""How long an unlisted file stays in the bucket."""
_ID_FILE = ".mirror"
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What a pull or a push moved."""

    manifests: int = 0
    files: int = 0
    bytes: int = 0


class RemoteZone:
    """The keeper of a zone on object storage (see ``keeper.Keeper``).

    Args:
        store: below whose location the zone lies.
        root: folder of the mirror.
    """

    def __init__(self, store: ObjectStore, root: Path) -> None:
        self.store = store
        self.root = root

    @property
    def url(self) -> str:
        """``s3://bucket/prefix``."""
        return self.store.location.url

    @property
    def mark(self) -> WriterMark:
        """Who may write to the zone."""
        return WriterMark(self.store, self._own_id())

    def pull(self, said: Callable[[str], None] = lambda _: None) -> Moved:
        """Bring the mirror in line with the bucket; what is in it already isn't fetched again.

        Args:
            said: told what is fetched, where anything is.

        Raises:
            RawZoneError: the bucket lacks what it must have, or the mirror has what the bucket never had.
        """
        objects = self.store.list()
        there = {key: item for key, item in objects.items() if _is_manifest(key)}
        self._require_known(there)
        manifests = 0
        wanted: dict[Path, Manifest] = {}
        missing: list[tuple[str, int]] = []
        for key, item in sorted(there.items()):
            path = self.root / key
            local = Manifest.read(path) if path.exists() else None
            if local is None or local.mirrored != Mirrored(zone=self.url, etag=item.etag):
                wanted[path] = local = self._fetched(key)
                manifests += 1
            missing += self._missing(path.parent, local, objects)
        if missing:
            size = sum(each for _, each in missing)
            said(f"fetching {len(missing):,} files ({size / 1e6:,.1f} MB) from {self.url}")
            _each(self._download, missing)
        for path, manifest in wanted.items():
            manifest.write(path, mirrored=manifest.mirrored)
        return Moved(manifests=manifests, files=len(missing), bytes=sum(each for _, each in missing))

    def commit(self, folder: Path, new: Manifest, *, old: Manifest) -> None:
        """See ``Keeper.commit``: files, then the manifest in the bucket, then the mirror's."""
        key = self._key(folder / FILE_NAME)
        etag = self._etag(old)
        listed = old.files if etag is not None else {}
        _each(self._upload, [self._key(folder / name) for name in new.files if name not in listed])
        self._replace(key, new, expected=etag)

    def delete(self, folder: Path, names: Iterable[str]) -> None:
        """See ``Keeper.delete``: in the bucket first, so that nothing is forgotten."""
        names = list(names)
        self.store.delete(self._key(folder / name) for name in names)
        for name in names:
            (folder / name).unlink(missing_ok=True)

    def push(self, said: Callable[[str], None] = lambda _: None) -> Moved:
        """Take the folder's zone into the bucket: streams that it lacks, listed files that went missing.

        A manifest that is in the bucket is left as it is; one that differs from the folder's is an error.
        """
        objects = self.store.list()
        moved = Moved()
        for path in sorted(self.root.glob(f"*/*/source=*/{FILE_NAME}")):
            manifest, key = Manifest.read(path), self._key(path)
            folder = path.parent
            known = objects.get(key)
            if known is not None and self._etag(manifest) != known.etag:
                raise RawZoneError(
                    f"{self.store.url(key)} is there and isn't what {path} was copied from, so one of the "
                    "two would be lost. Decide which holds: move the folder of the file away to take the "
                    "bucket's, or delete the object to take the folder's; then run again. Nothing of it was "
                    "changed."
                )
            lacking = [
                name
                for name, entry in manifest.files.items()
                if (found := objects.get(self._key(folder / name))) is None or found.size != entry.bytes
            ]
            if not lacking and known is not None:
                continue
            for name in lacking:
                self._require_local(folder / name, manifest.files[name].bytes)
            size = sum(manifest.files[name].bytes for name in lacking)
            said(f"{path.parent.relative_to(self.root)}: {len(lacking):,} files ({size / 1e6:,.1f} MB)")
            _each(self._upload, [self._key(folder / name) for name in lacking])
            if known is None:
                self._replace(key, manifest, expected=None)
            moved = Moved(
                manifests=moved.manifests + (known is None),
                files=moved.files + len(lacking),
                bytes=moved.bytes + size,
            )
        return moved

    def collect_garbage(self, *, grace: timedelta = GRACE) -> int:
        """Delete what no manifest of the mirror lists and is older than ``grace``; how many objects.

        The caller has pulled and holds the writer's mark.
        """
        before = datetime.now(UTC) - grace
        dead = [key for key, item in self._unlisted() if item.modified <= before or not grace]
        self.store.delete(dead)
        return len(dead) + self.store.abort_uploads(before=before)

    def purge(self) -> None:
        """Delete at once what no manifest lists, and every old version that the bucket keeps of anything.

        Raises:
            RawZoneError: something of it is still there.
        """
        self.collect_garbage(grace=timedelta(0))
        self.store.delete_old_versions()
        left = [key for key, _ in self._unlisted()]
        if left or self.store.delete_old_versions():
            what = self.store.url(left[0]) if left else f"old versions of objects below {self.url}"
            raise RawZoneError(
                f"{what} should be deleted and still is there. See whether an object lock, a replication or "
                "another machine holds it, then run the same command again."
            )

    def summary(self) -> str:
        """What the bucket has, for ``sanjeh check``; nothing is fetched.

        Raises:
            RawZoneError: it can't be asked, or the mirror has what the bucket never had.
        """
        objects = self.store.list()
        there = {key: item for key, item in objects.items() if _is_manifest(key)}
        self._require_known(there)
        size = sum(item.size for item in objects.values())
        return f"{self.url}: {len(there):,} manifests, {len(objects):,} objects, {size / 1e6:,.1f} MB"

    def _upload(self, key: str) -> None:
        self.store.upload(self.root / key, key)

    def _download(self, item: tuple[str, int]) -> None:
        key, size = item
        self.store.download(key, self.root / key, size=size)

    def _replace(self, key: str, manifest: Manifest, *, expected: str | None) -> None:
        etag = self.store.put(key, manifest.content(), expected=expected)
        manifest.write(self.root / key, mirrored=Mirrored(zone=self.url, etag=etag))

    def _fetched(self, key: str) -> Manifest:
        found = self.store.get(key)
        if found is None:
            raise RawZoneError(
                f"{self.store.url(key)} vanished while the zone was read. Another machine works on it: run "
                "again."
            )
        content, etag = found
        return replace(
            Manifest.parse(content, self.store.url(key)), mirrored=Mirrored(zone=self.url, etag=etag)
        )

    def _missing(
        self, folder: Path, manifest: Manifest, objects: Mapping[str, StoredObject]
    ) -> Iterator[tuple[str, int]]:
        """Key and size of listed files that the mirror lacks; all must be in the bucket, in full length."""
        for name, entry in manifest.files.items():
            key = self._key(folder / name)
            item = objects.get(key)
            if item is None or item.size != entry.bytes:
                what = "is gone" if item is None else f"has {item.size} bytes instead of {entry.bytes}"
                raise RawZoneError(
                    f"The raw file {self.store.url(key)} {what}; it holds {entry.rows:,} rows of "
                    f"{manifest.source}. Bring back the version that was there (bucket versioning or a "
                    "backup); or `sanjeh storage push` from a machine whose raw/ still has it. Nothing was "
                    "changed."
                )
            path = self.root / key
            if not path.is_file() or path.stat().st_size != entry.bytes:
                yield key, entry.bytes

    def _require_known(self, there: Mapping[str, object]) -> None:
        """See that the mirror's manifests are copies of the bucket's, and that none of those went away."""
        for path in sorted(self.root.glob(f"*/*/source=*/{FILE_NAME}")):
            manifest, key = Manifest.read(path), self._key(path)
            if self._etag(manifest) is None:
                raise RawZoneError(
                    f"{path} was never in {self.url}, or was changed without it, so the bucket's zone and "
                    "this folder's are two. To take this folder's into the bucket: `sanjeh storage push`. To "
                    "take the bucket's: move raw/ out of the workspace. Then run again; nothing was changed."
                )
            if key not in there:
                raise RawZoneError(
                    f"{self.store.url(key)} was there at the last run and is gone. Bring it back (bucket "
                    "versioning or a backup), or put this machine's copy there with `sanjeh storage push`; "
                    f"to give it up, delete {path} too. Nothing was changed."
                )

    def _require_local(self, path: Path, size: int) -> None:
        if not path.is_file() or path.stat().st_size != size:
            raise RawZoneError(
                f"{path} is listed, but neither the bucket nor this folder has it in full length. Restore it "
                "from a backup, then run again."
            )

    def _unlisted(self) -> list[tuple[str, StoredObject]]:
        listed = {
            self._key(path.parent / name)
            for path in self.root.glob(f"*/*/source=*/{FILE_NAME}")
            for name in Manifest.read(path).files
        }
        return [(key, item) for key, item in self.store.list().items() if key not in listed and _is_data(key)]

    def _etag(self, manifest: Manifest) -> str | None:
        """Of which content of the bucket's manifest this is a copy; None where it isn't one."""
        of = manifest.mirrored
        return of.etag if of is not None and of.zone == self.url else None

    def _key(self, path: Path) -> str:
        return path.absolute().relative_to(self.root.absolute()).as_posix()

    def _own_id(self) -> str:
        """What tells this workspace from others that write to the zone."""
        path = self.root / _ID_FILE
        if not path.exists():
            write_atomically(path, uuid4().hex.encode())
        return path.read_text(encoding="ascii").strip()


def _each(work: Callable[[_T], None], items: Iterable[_T]) -> None:
    """Do ``work`` for each item, several at once; the first failure stops what hasn't begun."""
    with ThreadPoolExecutor(PARALLEL, thread_name_prefix="objects") as pool:
        begun = [pool.submit(work, item) for item in items]
        try:
            for each in begun:
                each.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _is_manifest(key: str) -> bool:
    parts = key.split("/")
    return len(parts) == 4 and parts[2].startswith("source=") and parts[3] == FILE_NAME  # noqa: PLR2004


def _is_data(key: str) -> bool:
    parts = key.split("/")
    return len(parts) == 4 and parts[2].startswith("source=") and parts[3].endswith(".parquet")  # noqa: PLR2004
