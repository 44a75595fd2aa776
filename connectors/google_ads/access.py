"""How a source is let in: credentials of a service account or of a user, and the headers of every call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.core.api_config import secret_of
from connectors.core.auth import google_credentials
from connectors.google_ads.config import Config

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

SCOPE = "https://www.googleapis.com/auth/adwords"


def credentials_of(config: Config, *, source_id: str) -> Credentials:
    """A user's by refresh token where its keys are named, else as ``google_credentials`` finds them.

    Raises:
        AuthError: a variable isn't set, or a key file can't be used.
    """
    if config.client_id_env and config.client_secret_env and config.refresh_token_env:
        # A second of imports that only Google's sources need.
        from google.oauth2.credentials import Credentials as UserCredentials  # noqa: PLC0415

        return UserCredentials(  # type: ignore[no-untyped-call]  # the library has no types
            None,
            client_id=secret_of(config.client_id_env, source_id=source_id),
            client_secret=secret_of(config.client_secret_env, source_id=source_id),
            refresh_token=secret_of(config.refresh_token_env, source_id=source_id),
            token_uri=config.token_uri,
        )
    return google_credentials(config.credentials_file_env, scope=SCOPE, source_id=source_id)


def headers_of(config: Config, *, source_id: str) -> dict[str, str]:
    """The developer token, and the manager account through which to go."""
    headers = {"developer-token": secret_of(config.developer_token_env, source_id=source_id)}
    if config.login_customer_id:
        headers["login-customer-id"] = config.login_customer_id
    return headers
