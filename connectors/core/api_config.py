"""ApiConfig: the keys that every API source of ``sanjeh.yml`` may have beside those of its own.

Base address, version, page size and patience are configuration, so that a server on loopback, a proxy or the
vendor's next version needs no new program. Secrets stand in variables that a ``*_env`` key names.
"""

from __future__ import annotations

import os
from datetime import date
from hashlib import sha256
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from connectors.core.errors import AuthError
from connectors.core.redaction import register_secret
from connectors.core.retry import RetryPolicy

Seconds = Annotated[float, Field(gt=0, le=3600)]
_LOCAL_NAMES = (".localhost", ".local")


def _checked_address(value: str) -> str:
    address = urlsplit(value)
    host = address.hostname or ""
    if not host or address.scheme not in {"http", "https"} or address.query or address.fragment:
        raise ValueError(
            f"{value!r} is no address of an API; write its scheme and host, https://api.example.com"
        )
    if address.scheme == "http" and not _is_local(host):
        raise ValueError(f"{value!r} would send the credentials in clear; write https://")
    return value.rstrip("/")


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(_LOCAL_NAMES)


Address = Annotated[str, AfterValidator(_checked_address)]
"""Base address of an API; plain ``http://`` for servers on this machine only."""


class HttpConfig(BaseModel):
    """Patience and way of calls.

    Attributes:
        connect_timeout: seconds to reach the server.
        read_timeout: seconds without a byte of the answer.
        attempts: tries of one call in all.
        backoff_seconds: wait before the first retry; doubles with each.
        longest_wait_seconds: a vendor that asks for a longer wait ends the source's run, the next goes on.
        proxy: address of a proxy for this source; else ``HTTPS_PROXY`` and ``NO_PROXY`` hold.
        proxy_env: variable with the address of a proxy that wants a password.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    connect_timeout: Seconds = 10.0
    read_timeout: Seconds = 120.0
    attempts: Annotated[int, Field(ge=1, le=20)] = 6
    backoff_seconds: Annotated[float, Field(ge=0, le=60)] = 1.0
    longest_wait_seconds: Annotated[float, Field(ge=0, le=86_400)] = 900.0
    proxy: str | None = None
    proxy_env: str | None = None

    @field_validator("proxy")
    @classmethod
    def _without_password(cls, value: str | None) -> str | None:
        if value and "@" in value:
            raise ValueError("a proxy with a password stands in a variable: name it with proxy_env")
        return value

    @property
    def policy(self) -> RetryPolicy:
        """The same as the retry policy of a call."""
        return RetryPolicy(
            attempts=self.attempts,
            backoff_seconds=self.backoff_seconds,
            longest_wait_seconds=self.longest_wait_seconds,
        )


class ApiConfig(BaseModel):
    """One API source; connectors derive their own model from it.

    Attributes:
        connector: the connector's word.
        brand: brand id the rows belong to.
        start: first day to have; without it as far back as three years or the vendor's memory.
        timezone: zone of the account's days, where the API doesn't tell it; the brand's otherwise.
        currency: of amounts that don't say their own; the brand's otherwise.
        parallel: streams that land at the same time.
        http: see :class:`HttpConfig`.
        address_flags: flag -> address patterns, e.g. ``staff: ["*@example.com"]``.
        pii: ``hash`` personal data or, explicitly, ``keep`` it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    connector: str
    brand: str
    start: date | None = None
    timezone: str | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    parallel: Annotated[int, Field(ge=1, le=8)] = 2
    http: HttpConfig = HttpConfig()
    address_flags: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    pii: Literal["hash", "keep"] = "hash"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return value if value is None else ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"unknown time zone {value!r}; write an IANA name such as Asia/Tehran") from None


def fingerprint_of(variable: str) -> str:
    """Tells one secret from another and nothing else; empty where the variable isn't set.

    Where only the key says whose account is asked, another key means that everything is asked anew.
    """
    value = os.environ.get(variable, "").strip()
    return sha256(value.encode()).hexdigest()[:8] if value else ""


def secret_of(variable: str, *, source_id: str, user: str | None = None) -> str:
    """Value of the environment variable that holds a secret; struck out of every message from then on.

    Args:
        variable: its name.
        source_id: for the error.
        user: the user name that a Basic header joins to the secret, where it travels so.

    Raises:
        AuthError: the variable isn't set, or holds nothing that could be a secret.
    """
    value = os.environ.get(variable, "").strip()
    try:
        register_secret(value, user=user)
    except ValueError as error:
        raise AuthError(
            f"Source {source_id}: the variable {variable} is not set or holds no secret. Set it, or add the "
            f"line {variable}=... to the file .env of the workspace."
        ) from error
    return value
