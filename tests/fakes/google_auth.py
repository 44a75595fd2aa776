"""Google's token endpoint, and the tokens that the Google APIs here accept.

In go assertions of service accounts (signed by a key generated in this process, never stored) and refresh
tokens; out come bearer tokens of one hour. A token is refused once revoked, and where its scope is too
narrow. APIs that share one :class:`GoogleTokens` share the accounts. Assertions are held to the real clock,
as the client library signs them by it.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt
from google.auth.exceptions import GoogleAuthError
from werkzeug import Request, Response

from tests.fakes.server import json_response

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT_EMAIL = "kpi-reader@example-project.iam.gserviceaccount.example"
CLIENT_ID = "1084-reader.apps.example"
CLIENT_SECRET = "not-a-secret"  # noqa: S105 - of a server on loopback
_KEY_ID = "key-of-this-process"
_AUDIENCE = "https://oauth2.googleapis.com/token"
_LIFETIME = 3599

TOKEN_PATH: dict[str, Any] = {
    "post": {
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["grant_type"],
                        "properties": {"grant_type": {"type": "string"}, "assertion": {"type": "string"}},
                    }
                }
            },
        },
        "responses": {
            "200": {
                "description": "token",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["access_token", "expires_in", "token_type"],
                            "properties": {"expires_in": {"type": "integer"}},
                        }
                    }
                },
            },
            "default": {
                "description": "error",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "required": ["error"],
                            "properties": {"error": {"type": "string"}},
                        }
                    }
                },
            },
        },
    }
}
"""The endpoint in OpenAPI, beside what a discovery document lists."""


class Refusal(StrEnum):
    """Why a request isn't let in."""

    MISSING = "missing"
    INVALID = "invalid"
    NARROW = "narrow"
    """The token is good, its scope doesn't cover this API."""


def service_account_info(token_uri: str) -> dict[str, str]:
    """The JSON key of a service account whose assertions go to ``token_uri``, as Google's console gives it."""
    private, _ = _key_pair()
    return {
        "type": "service_account",
        "project_id": "example-project",
        "private_key_id": _KEY_ID,
        "private_key": private,
        "client_email": CLIENT_EMAIL,
        "client_id": "108400000000000000000",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    }


@dataclass
class GoogleTokens:
    """What has been issued to whom.

    Attributes:
        refresh_tokens: scope that each refresh token gives, for :data:`CLIENT_ID`.
        is_disabled: the service account is deleted: assertions are refused.
    """

    refresh_tokens: dict[str, str] = field(default_factory=dict)
    is_disabled: bool = False
    _scopes: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def issue(self, scope: str) -> str:
        """A new token for ``scope`` (several are separated by spaces)."""
        token = f"ya29.{secrets.token_urlsafe(24)}"
        with self._lock:
            self._scopes[token] = scope
        return token

    def revoke(self, authorization: str | None) -> None:
        """Refuse the token of this header from now on.

        An assertion sent in place of a token is beyond Google's memory: it stays good.
        """
        with self._lock:
            self._scopes.pop(_token_in(authorization), None)

    def refusal(self, authorization: str | None, scope: str) -> Refusal | None:
        """Why a request with this header may not see an API of ``scope``; None where it may."""
        token = _token_in(authorization)
        if not token:
            return Refusal.MISSING
        with self._lock:
            granted = self._scopes.get(token)
        if granted is None:
            granted = self._scope_of_assertion(token, scope)
        if granted is None:
            return Refusal.INVALID
        return None if scope in granted.split() else Refusal.NARROW

    def answer(self, request: Request) -> Response:
        """The token endpoint."""
        if request.method != "POST":
            return _refused("invalid_request", "Bad Request")
        match request.form.get("grant_type"):
            case grant if grant == JWT_BEARER:
                return self._for_assertion(request.form.get("assertion", ""))
            case "refresh_token":
                return self._for_refresh_token(request)
            case other:
                return _refused("unsupported_grant_type", f"Invalid grant_type: {other}")

    def _for_assertion(self, assertion: str) -> Response:
        claims = _claims(assertion)
        if claims is None:
            return _refused("invalid_grant", "Invalid JWT Signature.")
        if claims.get("iss") != CLIENT_EMAIL or self.is_disabled:
            return _refused("invalid_grant", "Invalid grant: account not found")
        if claims.get("aud") != _AUDIENCE:
            return _refused(
                "invalid_grant", f"Invalid JWT: Failed audience check. The right audience is {_AUDIENCE}"
            )
        if not claims.get("scope"):
            return _refused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return self._granted(claims["scope"])

    def _for_refresh_token(self, request: Request) -> Response:
        if (request.form.get("client_id"), request.form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return _refused("invalid_client", "The OAuth client was not found.", status=401)
        scope = self.refresh_tokens.get(request.form.get("refresh_token", ""))
        if scope is None:
            return _refused("invalid_grant", "Token has been expired or revoked.")
        return self._granted(scope)

    def _granted(self, scope: str) -> Response:
        return json_response(
            {
                "access_token": self.issue(scope),
                "expires_in": _LIFETIME,
                "scope": scope,
                "token_type": "Bearer",
            }
        )

    def _scope_of_assertion(self, token: str, scope: str) -> str | None:
        """Scope of a self-signed assertion, which Google accepts as it does a token; any where it names an API."""
        claims = _claims(token)
        if claims is None or claims.get("iss") != CLIENT_EMAIL or self.is_disabled:
            return None
        return str(claims["scope"]) if "scope" in claims else scope


def _refused(error: str, description: str, *, status: int = 400) -> Response:
    return json_response({"error": error, "error_description": description}, status=status)


def _token_in(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _claims(assertion: str) -> dict[str, Any] | None:
    """What an assertion claims; None where it isn't signed by this process's key, or has run out."""
    _, public = _key_pair()
    try:
        return dict(
            jwt.decode(assertion, certs={_KEY_ID: public}, clock_skew_in_seconds=60)  # type: ignore[no-untyped-call]
        )
    except (ValueError, GoogleAuthError):
        return None


@cache
def _key_pair() -> tuple[str, bytes]:
    """Private and public key in PEM, made once for this process."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public
