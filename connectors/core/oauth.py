"""OAuth: access tokens of a vendor's token server, asked for by its own refresh token or credentials."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.core.api import Context
from connectors.core.api_config import HttpConfig, secret_of
from connectors.core.auth import FetchedToken
from connectors.core.http import Answer, Http, judge_status
from connectors.core.rate_limit import RateLimiter
from connectors.core.retry import CallError, Kind

_REFUSED = frozenset({"invalid_grant", "invalid_client", "invalid_request", "unauthorized_client"})
"""Errors of RFC 6749 that no second try mends; they come with 400 or 401."""


def judge_token(answer: Answer) -> CallError | None:
    """What a token server says; an answer without a token is as good as none."""
    body = answer.json if isinstance(answer.json, dict) else {}
    if body.get("error") in _REFUSED:
        said = f"{body['error']}: {body.get('error_description', '')}".rstrip(": .")
        return CallError(Kind.AUTH, f"{said}; give the app its consent anew where the refresh token is old")
    error = judge_status(answer)
    if error is None and not body.get("access_token"):
        return CallError(Kind.RETRY, f"HTTP {answer.status} without a token")
    return error


def refresh_form(
    client_id_env: str, client_secret_env: str, refresh_token_env: str, *, source_id: str
) -> dict[str, str]:
    """The grant of a refresh token, of the variables that hold its secrets.

    Raises:
        AuthError: a variable isn't set.
    """
    return {
        "grant_type": "refresh_token",
        "client_id": secret_of(client_id_env, source_id=source_id),
        "client_secret": secret_of(client_secret_env, source_id=source_id),
        "refresh_token": secret_of(refresh_token_env, source_id=source_id),
    }


class TokenServer:
    """Gives out access tokens.

    Args:
        context: names the source, gives the clock.
        config: patience, proxy.
        base_url: scheme and host.
        path: where tokens are given out.
        form: the grant, with its secrets.
        limiter: the vendor's rate.

    Attributes:
        auth: credentials of calls; fetched when first needed, and anew when they are refused.
    """

    def __init__(
        self,
        context: Context,
        config: HttpConfig,
        *,
        base_url: str,
        path: str,
        form: Mapping[str, str],
        limiter: RateLimiter,
    ) -> None:
        self._http = Http(context, config, base_url=base_url, limiter=limiter, judge=judge_token)
        self._path = path
        self._form = form
        self.auth = FetchedToken(self._fetch)

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _fetch(self) -> str:
        answer = self._http.call("POST", self._path, form=self._form, what="an access token")
        return str(answer.json["access_token"])
