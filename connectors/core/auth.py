"""Ways to authenticate calls: fixed keys, fetched tokens, Google's service accounts.

Each gives headers and can be asked for new credentials. Secrets and tokens are registered for redaction
before they are used.
"""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from connectors.core.api_config import HttpConfig
from connectors.core.errors import AuthError, TransientError
from connectors.core.redaction import redact, register_secret, strip_calls
from connectors.core.session import new_session, proxy_of

if TYPE_CHECKING:
    from google.auth.credentials import Credentials


class Auth(Protocol):
    """Credentials of a source."""

    def headers(self) -> Mapping[str, str]:
        """Headers that authenticate a call; may ask for a token first."""

    def refresh(self, used: Mapping[str, str]) -> bool:
        """Get new credentials after those in ``used`` were refused; False where there are none to get."""


class HeaderKey:
    """A key that is sent as it is, in a header of the vendor's; in an address every log would have it."""

    def __init__(self, name: str, value: str) -> None:
        self._headers = {name: value}

    def headers(self) -> Mapping[str, str]:
        """The key in its header."""
        return self._headers

    def refresh(self, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - there is only one key
        """There is no other key."""
        return False


class BearerKey(HeaderKey):
    """A key that is sent as a bearer token."""

    def __init__(self, key: str) -> None:
        super().__init__("Authorization", f"Bearer {key}")


class BasicKey(HeaderKey):
    """A name and a secret, joined as Basic authentication has them; ``secret_of`` is told the name, too."""

    def __init__(self, user: str, secret: str) -> None:
        joined = base64.b64encode(f"{user}:{secret}".encode()).decode()
        super().__init__("Authorization", f"Basic {joined}")


class FetchedToken:
    """A bearer token that is fetched when first needed, and once more when it is refused.

    Args:
        fetch: asks for a token.
    """

    def __init__(self, fetch: Callable[[], str]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._token: str | None = None

    def headers(self) -> Mapping[str, str]:
        """The token in use."""
        with self._lock:
            if self._token is None:
                self._token = self._new()
            return {"Authorization": f"Bearer {self._token}"}

    def refresh(self, used: Mapping[str, str]) -> bool:
        """Fetch a new token, unless another thread has done so since ``used`` was refused."""
        with self._lock:
            if used.get("Authorization") == f"Bearer {self._token}":
                self._token = self._new()
        return True

    def _new(self) -> str:
        token = self._fetch()
        register_secret(token)
        return token


def google_credentials(key_file_env: str | None, *, scope: str, source_id: str) -> Credentials:
    """Google credentials: of a service-account file, else the application default.

    Args:
        key_file_env: variable with the path of a service account's JSON key; None for application default
            credentials.
        scope: OAuth scope.
        source_id: for the error.

    Raises:
        AuthError: the variable isn't set, the file isn't a service-account key, or there are no default
            credentials.
    """
    import google.auth  # noqa: PLC0415 - a second of imports that only Google's sources need
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
    from google.oauth2 import service_account  # noqa: PLC0415

    key_file = os.environ.get(key_file_env, "").strip() if key_file_env else None
    if key_file == "":
        raise AuthError(
            f"Source {source_id}: the variable {key_file_env} is not set. Set it to the path of a service "
            f"account's JSON key, or add the line {key_file_env}=... to the file .env of the workspace."
        )
    try:
        if key_file is None:
            credentials, _ = google.auth.default(scopes=[scope])
            return credentials
        info: dict[str, Any] = json.loads(Path(key_file).expanduser().read_text(encoding="utf-8"))
        register_secret(str(info["private_key"]))
        return service_account.Credentials.from_service_account_info(info, scopes=[scope])  # type: ignore[no-any-return, no-untyped-call]
    except (OSError, ValueError, TypeError, KeyError, GoogleAuthError) as error:
        found = f"the key file {key_file}" if key_file else "application default credentials"
        raise AuthError(
            f"Source {source_id}: {found} can't be used ({redact(str(error))[:200]}). Name the JSON key of a "
            "service account with credentials_file_env, or log in with `gcloud auth application-default "
            "login`."
        ) from None


def google_token(credentials: Credentials, *, source_id: str, config: HttpConfig) -> FetchedToken:
    """Bearer tokens of Google credentials, asked for with the patience and the proxy of ``config``."""
    proxy = proxy_of(config, source_id=source_id)
    strip_calls("google.auth.transport.requests")

    def fetch() -> str:
        from google.auth.exceptions import GoogleAuthError, TransportError  # noqa: PLC0415
        from google.auth.transport.requests import Request  # noqa: PLC0415

        session = new_session(proxy)
        request = partial(Request(session), timeout=(config.connect_timeout, config.read_timeout))
        try:
            credentials.refresh(request)  # type: ignore[no-untyped-call]  # the library has no types
        except GoogleAuthError as error:
            said = redact(str(error))[:200]
            if error.retryable or isinstance(error, TransportError):
                raise TransientError(
                    f"Source {source_id}: Google's token server fails ({said}). What landed so far stays; "
                    "the next run goes on from there."
                ) from None
            raise AuthError(
                f"Source {source_id}: Google refuses the credentials ({said}). Check the service account's "
                "key or the refresh token, and that neither was disabled or revoked."
            ) from None
        finally:
            session.close()
        return str(credentials.token)

    return FetchedToken(fetch)
