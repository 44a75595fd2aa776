"""HubSpot's refusals: the JSON bodies and headers of every status the project must tell apart.

Comes in: what is wrong. Goes out: a response, mostly raised as :class:`RefusalError` and answered by the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from werkzeug import Response

from tests.fakes.server import json_response

CORRELATION_ID = str(UUID(int=0x5A4A_0000_0000_4000_8000_0000_0000_0001))

_MESSAGES = {
    423: ("LOCKED", "The resource is locked by another operation. Try again in a moment."),
    477: ("MIGRATION_IN_PROGRESS", "This account is being moved to another data centre."),
    500: ("INTERNAL_ERROR", "internal error"),
    502: ("BAD_GATEWAY", "The service could not be reached."),
    503: ("SERVICE_UNAVAILABLE", "The service is temporarily unavailable."),
    504: ("GATEWAY_TIMEOUT", "The request took too long."),
}
_POLICY_MESSAGES = {
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling limit.",
    "SECONDLY": "You have reached your secondly limit.",
    "DAILY": "You have reached your daily limit.",
}
_TIMED_OUT = "<html><head><title>524: A timeout occurred</title></head><body><h1>Error 524</h1></body></html>"


class RefusalError(Exception):
    """A request that HubSpot refuses; carries the response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def error_body(category: str, message: str, *, errors: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The JSON of an error, whatever its status."""
    body: dict[str, Any] = {
        "status": "error",
        "message": message,
        "correlationId": CORRELATION_ID,
        "category": category,
    }
    if errors:
        body["errors"] = list(errors)
    return body


def invalid(message: str, *, at: str, status: int = 400) -> RefusalError:
    """400: parameter or field ``at`` of the request is wrong."""
    errors = [{"message": message, "in": at}]
    body = error_body("VALIDATION_ERROR", f"Invalid input: {message}", errors=errors)
    return RefusalError(json_response(body, status=status))


def not_found(message: str) -> RefusalError:
    """404 for a thing that isn't there."""
    return RefusalError(json_response(error_body("OBJECT_NOT_FOUND", message), status=404))


def unauthenticated(message: str) -> Response:
    """401."""
    return json_response(error_body("INVALID_AUTHENTICATION", message), status=401)


def lacking(scopes: Sequence[str]) -> Response:
    """403 for want of ``scopes``."""
    message = "This app hasn't been granted all required scopes to make this call."
    detail = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": list(scopes)},
    }
    return json_response(error_body("MISSING_SCOPES", message, errors=[detail]), status=403)


def rate_limited(policy: str) -> Response:
    """429 by ``policy``; HubSpot sends no Retry-After with it."""
    body = {
        "status": "error",
        "message": _POLICY_MESSAGES[policy],
        "errorType": "RATE_LIMIT",
        "category": "RATE_LIMITS",
        "correlationId": CORRELATION_ID,
        "policyName": policy,
    }
    return json_response(body, status=429)


def trouble(status: int) -> Response:
    """One of 423, 477, 500, 502, 503, 504 and 524, of which the last is the gateway's page."""
    if status == 524:
        return Response(_TIMED_OUT, status=524, content_type="text/html; charset=utf-8")
    category, message = _MESSAGES[status]
    response = json_response(error_body(category, message), status=status)
    if status == 477:
        response.headers["Retry-After"] = "3"
    return response
