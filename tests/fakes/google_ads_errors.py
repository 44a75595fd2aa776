"""Google Ads' errors: Google's error form around a GoogleAdsFailure, whose codes tell what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.google_api import GoogleError

_STATUS = {
    "queryError": 400,
    "requestError": 400,
    "headerError": 400,
    "authenticationError": 401,
    "authorizationError": 403,
    "quotaError": 429,
    "internalError": 500,
}
_SAID = {400: "Request contains an invalid argument.", 401: "Request had invalid authentication credentials."}
VERSION = "v26"


def ads_error(
    kind: str, code: str, message: str, *, details: Mapping[str, Any] | None = None, status: int | None = None
) -> GoogleError:
    """An error of a kind, such as ``queryError``, with one code; ``details`` go beside it."""
    http = status or _STATUS[kind]
    failure: dict[str, Any] = {"errorCode": {kind: code}, "message": message}
    if details:
        failure["details"] = details
    return GoogleError(
        http,
        _SAID.get(http, message),
        details=[
            {
                "@type": f"type.googleapis.com/google.ads.googleads.{VERSION}.errors.GoogleAdsFailure",
                "errors": [failure],
                "requestId": "kT3x-of-the-local-server",
            }
        ],
    )


def query_error(code: str, message: str) -> GoogleError:
    """What is wrong with a query."""
    return ads_error("queryError", code, message)


def quota_error(code: str, message: str, *, scope: str, name: str, delay: str | None) -> GoogleError:
    """A quota is used up; ``delay`` is a duration such as ``30s``, None where Google names none."""
    quota = {"rateScope": scope, "rateName": name, **({"retryDelay": delay} if delay else {})}
    return ads_error("quotaError", code, message, details={"quotaErrorDetails": quota})
