"""``storage:`` of ``sanjeh.yml``: where the raw zone is kept, if not in the workspace's folder ``raw/``."""

from __future__ import annotations

import os
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, model_validator

from connectors.core.object_location import ObjectLocation, parse_url


def _s3_url(value: str) -> str:
    parse_url(value)
    return value.rstrip("/")


def _server_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError(f"{value!r} is no address of a server, such as https://minio.example.org:9000")
    if parts.username or parts.password:
        raise ValueError(
            "keys don't belong into the address; name their variables in access_key_env, secret_key_env"
        )
    return value.rstrip("/")


_Variable = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class StorageSettings(BaseModel):
    """Object storage.

    Attributes:
        raw: ``s3://bucket/prefix`` of the raw zone; ``raw/`` is its mirror then. None: ``raw/`` is the zone.
        endpoint: address of a server that speaks S3; None for AWS.
        region: of the bucket; None for the one the environment names.
        access_key_env: variable that holds the key's id.
        secret_key_env: variable that holds the key. Without both, what the AWS SDK finds: variables
            ``AWS_*``, profile, role of the machine or pod.
        session_token_env: variable that holds the token of temporary keys.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    raw: Annotated[str, AfterValidator(_s3_url)] | None = None
    endpoint: Annotated[str, AfterValidator(_server_url)] | None = None
    region: Annotated[str, StringConstraints(min_length=1)] | None = None
    access_key_env: _Variable | None = None
    secret_key_env: _Variable | None = None
    session_token_env: _Variable | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> StorageSettings:
        if (self.access_key_env is None) != (self.secret_key_env is None):
            raise ValueError("access_key_env and secret_key_env go together: give both or neither")
        if self.session_token_env and not self.access_key_env:
            raise ValueError("session_token_env goes with access_key_env and secret_key_env")
        if self.raw is None and self.model_fields_set - {"raw"}:
            raise ValueError("raw is missing: the s3://bucket/prefix that the raw zone is kept under")
        return self

    def location(self) -> ObjectLocation | None:
        """Where the raw zone is kept, with the keys; None for the workspace's folder."""
        if self.raw is None:
            return None
        bucket, prefix = parse_url(self.raw)
        return ObjectLocation(
            bucket=bucket,
            prefix=prefix,
            endpoint=self.endpoint,
            region=self.region,
            access_key=_value(self.access_key_env),
            secret_key=_value(self.secret_key_env),
            session_token=_value(self.session_token_env),
        )


def _value(variable: str | None) -> str | None:
    return os.environ.get(variable) if variable else None
