"""Objects of a bucket under one prefix: list, read, write on condition, delete; failures are RawZoneError.

boto3 is loaded at the first request, so that workspaces on disk neither need it nor wait for it. Keys here
are relative to the prefix. Requests that fail in a way that may pass are repeated by boto3 with growing
pauses; what is told of then is the last failure.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from connectors.core.errors import RawZoneError
from connectors.core.object_errors import CONFLICTS, advice_for, code_of
from connectors.core.object_location import ObjectLocation
from connectors.core.storage import ASIDE_SUFFIX, disk_errors, make_folder, sync_file, sync_folder

PARALLEL = 8
"""Files moved at once; also the size of the pool of connections."""
_ATTEMPTS = 5
_CONNECT_SECONDS = 10
_READ_SECONDS = 60
_PART_BYTES = 64 * 1024 * 1024
_BATCH = 1000
"""Keys that one request to delete may name."""


@dataclass(frozen=True)
class StoredObject:
    """One object as a listing shows it; ``etag`` changes with the content."""

    size: int
    etag: str
    modified: datetime


class ConditionFailedError(RawZoneError):
    """The object is no longer, or not yet, what a conditional write expected: somebody else wrote it."""


class ObjectStore:
    """The objects below one location; threads may share it."""

    def __init__(self, location: ObjectLocation) -> None:
        self.location = location
        self._guard = threading.Lock()
        self._made: Any = None

    def url(self, key: str = "") -> str:
        """``s3://bucket/prefix/key``."""
        return f"{self.location.url}/{key}".rstrip("/")

    def list(self, prefix: str = "") -> dict[str, StoredObject]:
        """Every object whose key begins with ``prefix``."""
        found: dict[str, StoredObject] = {}
        cut = len(self._key(""))
        with self._told(prefix, "listed"):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.location.bucket, Prefix=self._key(prefix)):
                for item in page.get("Contents", ()):
                    key = item["Key"][cut:]
                    found[key] = StoredObject(item["Size"], item["ETag"], item["LastModified"])
        return found

    def get(self, key: str) -> tuple[bytes, str] | None:
        """Content and ETag; None where there is no such object."""
        with self._told(key, "read"):
            try:
                answer = self._client.get_object(Bucket=self.location.bucket, Key=self._key(key))
                return answer["Body"].read(), answer["ETag"]
            except self._client.exceptions.NoSuchKey:
                return None

    def put(self, key: str, content: bytes, *, expected: str | None) -> str:
        """Replace an object in one step, if it is still what it was; the new ETag.

        Args:
            key: of the object.
            content: all of it.
            expected: ETag of what is replaced; None where nothing may be there yet.

        Raises:
            ConditionFailedError: something else is there. An answer that got lost on its way is no such
                case: what is there is then what was to be written.
        """
        condition = {"IfNoneMatch": "*"} if expected is None else {"IfMatch": expected}
        try:
            with self._told(key, "written"):
                answer = self._client.put_object(
                    Bucket=self.location.bucket, Key=self._key(key), Body=content, **condition
                )
                return str(answer["ETag"])
        except ConditionFailedError:
            there = self.get(key)
            if there is not None and there[0] == content:
                return there[1]
            raise

    def upload(self, path: Path, key: str) -> None:
        """Write the file ``path``, in parts where it is large, and see that all of it arrived."""
        with self._told(key, "written"):
            self._client.upload_file(
                str(path), self.location.bucket, self._key(key), Config=self._transfer_config()
            )
            head = self._client.head_object(Bucket=self.location.bucket, Key=self._key(key))
        size = path.stat().st_size
        if head["ContentLength"] != size:
            raise RawZoneError(
                f"{self.url(key)} has {head['ContentLength']} bytes after {size} were sent. Nothing lists "
                "it. Run again; if that goes on, something between here and the bucket changes what passes "
                "through."
            )

    def download(self, key: str, path: Path, *, size: int) -> None:
        """Bring an object into the file ``path``, in one step.

        Args:
            key: of the object.
            path: replaced.
            size: bytes that it must have.
        """
        aside = path.with_name(f"{path.name}.{uuid4().hex[:8]}{ASIDE_SUFFIX}")
        with disk_errors(path):
            make_folder(path.parent)
        try:
            with self._told(key, "read"), disk_errors(path):
                self._client.download_file(
                    self.location.bucket, self._key(key), str(aside), Config=self._transfer_config()
                )
                sync_file(aside)
            found = aside.stat().st_size
            if found != size:
                raise RawZoneError(
                    f"{self.url(key)} has {found} bytes instead of {size}. Bring back the version of it that "
                    "was there (bucket versioning or a backup), then run again."
                )
            with disk_errors(path):
                aside.replace(path)
                sync_folder(path.parent)
        finally:
            aside.unlink(missing_ok=True)

    def delete(self, keys: Iterable[str]) -> None:
        """Delete objects; those that aren't there are no error."""
        self._delete([{"Key": self._key(key)} for key in keys])

    def delete_old_versions(self) -> int:
        """Delete all that a versioned bucket still keeps of replaced and deleted objects; how many versions.

        Deletion alone leaves the content of an object in such a bucket.
        """
        old: list[dict[str, str]] = []
        with self._told("", "searched for old versions"):
            pages = self._client.get_paginator("list_object_versions")
            for page in pages.paginate(Bucket=self.location.bucket, Prefix=self._key("")):
                items = (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
                # The marker of a deleted object has no ETag; it is the latest version, and holds nothing.
                old += [
                    {"Key": item["Key"], "VersionId": item["VersionId"]}
                    for item in items
                    if not item["IsLatest"] or "ETag" not in item
                ]
        self._delete(old)
        return len(old)

    def abort_uploads(self, *, before: datetime) -> int:
        """Drop uploads in parts begun before then and never ended; they cost, and nothing shows them."""
        dropped = 0
        with self._told("", "searched for unfinished uploads"):
            pages = self._client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self.location.bucket, Prefix=self._key("")):
                for item in page.get("Uploads", ()):
                    if item["Initiated"] < before:
                        self._client.abort_multipart_upload(
                            Bucket=self.location.bucket, Key=item["Key"], UploadId=item["UploadId"]
                        )
                        dropped += 1
        return dropped

    def _delete(self, items: Collection[dict[str, str]]) -> None:
        waiting = list(items)
        while waiting:
            batch, waiting = waiting[:_BATCH], waiting[_BATCH:]
            with self._told("", "deleted from"):
                answer = self._client.delete_objects(
                    Bucket=self.location.bucket, Delete={"Objects": batch, "Quiet": True}
                )
            for error in answer.get("Errors", ()):
                raise RawZoneError(
                    f"s3://{self.location.bucket}/{error['Key']} cannot be deleted: {error.get('Message')}. "
                    f"{advice_for(error.get('Code', ''))} What no manifest lists is not data, but it is "
                    "still there."
                )

    def _key(self, key: str) -> str:
        return f"{self.location.prefix}/{key}" if self.location.prefix else key

    @property
    def _client(self) -> Any:
        with self._guard:
            if self._made is None:
                self._made = _new_client(self.location)
            return self._made

    def _transfer_config(self) -> Any:
        from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 - see the module's docstring

        # One file in one thread: callers move several files at once.
        return TransferConfig(
            multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES, use_threads=False
        )

    @contextmanager
    def _told(self, key: str, done: str) -> Iterator[None]:
        """Turn what boto3 raises into a RawZoneError that says what to do."""
        client = self._client
        from boto3.exceptions import Boto3Error  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            yield
        except (Boto3Error, BotoCoreError, ClientError) as error:
            code = code_of(error)
            where = self.url(key) + (f" ({client.meta.endpoint_url})" if self.location.endpoint else "")
            kind = ConditionFailedError if code in CONFLICTS else RawZoneError
            raise kind(
                f"{where} cannot be {done}: {_said(error)}. {advice_for(code)} What was stored before is "
                "intact."
            ) from error


def _said(error: BaseException) -> str:
    """The failure in the server's words where it has any."""
    response = getattr(error, "response", None) or getattr(error.__context__, "response", None)
    if response:
        told = response.get("Error", {})
        return f"{told.get('Code', '?')}: {told.get('Message', 'no message')}".rstrip(".")
    return str(error).strip().splitlines()[0].rstrip(".")


def _new_client(location: ObjectLocation) -> Any:
    try:
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415
    except ImportError as error:
        raise RawZoneError(
            f"storage.raw is {location.url}, and object storage needs the package boto3, which isn't "
            "installed: `pip install 'sanjeh[s3]'`. Nothing was changed."
        ) from error
    own_server = location.endpoint is not None
    config = Config(
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        connect_timeout=_CONNECT_SECONDS,
        read_timeout=_READ_SECONDS,
        max_pool_connections=2 * PARALLEL,
        # Many servers that speak S3 know neither bucket names as hosts nor the checksums of new SDKs.
        s3={"addressing_style": "path" if own_server else "auto"},
        request_checksum_calculation="when_required" if own_server else "when_supported",
        response_checksum_validation="when_required" if own_server else "when_supported",
    )
    session = boto3.session.Session(
        aws_access_key_id=location.access_key,
        aws_secret_access_key=location.secret_key,
        aws_session_token=location.session_token,
        region_name=location.region,
    )
    # Servers of one's own have no regions, and signatures need one.
    region = session.region_name or ("us-east-1" if own_server else None)
    return session.client("s3", endpoint_url=location.endpoint, region_name=region, config=config)
