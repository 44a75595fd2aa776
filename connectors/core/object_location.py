"""Where objects are: a bucket and a prefix in it, on AWS S3 or on any server that speaks its protocol."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_URL = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>.*))?")


@dataclass(frozen=True, kw_only=True)
class ObjectLocation:
    """A bucket, a prefix, and how to get there.

    Attributes:
        bucket: its name.
        prefix: what all keys begin with, without slashes at its ends; may be empty.
        endpoint: URL of the server; None for AWS.
        region: None for the one that the environment names.
        access_key: with ``secret_key``; None for what the AWS SDK finds (environment, profile, role of the
            machine).
        session_token: of temporary keys.
    """

    bucket: str
    prefix: str = ""
    endpoint: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """``s3://bucket/prefix``."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


def parse_url(url: str) -> tuple[str, str]:
    """Bucket and prefix of ``s3://bucket/prefix``.

    Raises:
        ValueError: it isn't one.
    """
    match = _URL.fullmatch(url)
    if match is None:
        raise ValueError(f"{url!r} is no address of the form s3://bucket/prefix")
    prefix = (match["prefix"] or "").strip("/")
    if any(part in {"", ".", ".."} for part in prefix.split("/")) and prefix:
        raise ValueError(f"{url!r} has an empty part in its prefix; keys are plain paths")
    return match["bucket"], prefix
