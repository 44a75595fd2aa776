"""Ways to authenticate calls: fixed bearer keys, client credentials, Google's service accounts.

Each gives headers and can be asked for new credentials. Secrets and tokens are registered for redaction
before they are used.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from connectors.core.errors import AuthError, TransientError
from connectors.core.redaction import redact, register_secret

if TYPE_CHECKING:
    from google.auth.credentials import Credentials


class Auth(Protocol):
    """Credentials of a source."""

    def headers(self) -> Mapping[str, str]:
        """Headers that authenticate a call; may ask for a token first."""

    def refresh(self, used: Mapping[str, str]) -> bool:
        """Get new credentials after those in ``used`` were refused; False where there are none to get."""


class BearerKey:
    """A key that is sent as it is."""

    def __init__(self, key: str) -> None:
        self._headers = {"Authorization": f"Bearer {key}"}

    def headers(self) -> Mapping[str, str]:
        """The key as bearer token."""
        return self._headers

    def refresh(self, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - there is only one key
        """There is no other key."""
        return False


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


def google_credentials(key_file: str | None, *, scope: str, source_id: str) -> Credentials:
    """Google credentials: of a service-account file, else the application default.

    Args:
        key_file: path of the JSON key of a service account; None for application default credentials.
        scope: OAuth scope.
        source_id: for the error.

    Raises:
        AuthError: the file isn't a service-account key, or there are no default credentials.
    """
    import google.auth  # noqa: PLC0415 - a second of imports that only Google's sources need
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415
    from google.oauth2 import service_account  # noqa: PLC0415

    try:
        if key_file is None:
            credentials, _ = google.auth.default(scopes=[scope])
            return credentials
        info: dict[str, Any] = json.loads(Path(key_file).expanduser().read_text(encoding="utf-8"))
        register_secret(str(info.get("private_key", "")))
        return service_account.Credentials.from_service_account_info(info, scopes=[scope])  # type: ignore[no-any-return, no-untyped-call]
    except (OSError, ValueError, GoogleAuthError) as error:
        found = f"the key file {key_file}" if key_file else "application default credentials"
        raise AuthError(
            f"Source {source_id}: {found} can't be used ({redact(str(error))[:200]}). Name the JSON key of a "
            "service account with credentials_file_env, or log in with `gcloud auth application-default "
            "login`."
        ) from None


def google_token(credentials: Credentials, *, source_id: str) -> FetchedToken:
    """Bearer tokens of Google credentials, for calls that don't go through Google's own client."""

    def fetch() -> str:
        from google.auth.exceptions import GoogleAuthError, TransportError  # noqa: PLC0415
        from google.auth.transport.requests import Request  # noqa: PLC0415

        try:
            credentials.refresh(Request())  # type: ignore[no-untyped-call]  # the library has no types
        except TransportError as error:
            raise TransientError(
                f"Source {source_id}: Google's token server can't be reached ({redact(str(error))[:200]})."
            ) from None
        except GoogleAuthError as error:
            raise AuthError(
                f"Source {source_id}: Google refuses the credentials ({redact(str(error))[:200]}). Check the "
                "service account's key and that it isn't disabled."
            ) from None
        return str(credentials.token)

    return FetchedToken(fetch)
