"""What Google Ads' errors mean: which pass, which want a wait, which want a person.

An error is ``{"error": …}``, in a stream wrapped in an array and, where the stream had begun, the array's
last element under status 200. Its ``details`` hold a GoogleAdsFailure whose ``errors`` have a code each.
Facts: developers.google.com/google-ads/api (common errors, QuotaError, AuthorizationError).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.retry import CallError, Kind

_FIRST_ERROR, _NOT_FOUND, _SERVER_ERROR = 400, 404, 500
_DAILY = frozenset({"RESOURCE_EXHAUSTED", "EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION"})
_TEMPORARY = frozenset({"RESOURCE_TEMPORARILY_EXHAUSTED", "EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION"})
_PASSING = frozenset({"INTERNAL_ERROR", "TRANSIENT_ERROR", "DEADLINE_EXCEEDED"})
_SHORT_WAIT = 30.0
"""Where a temporary quota names no wait of its own."""
_GRPC_STATUS = {4: 504, 8: 429, 13: 500, 14: 503}
"""HTTP status of the gRPC codes that an error in a stream may bear instead."""
_ADVICE = {
    "USER_PERMISSION_DENIED": (
        "name the manager account as login_customer_id, or add the user to the account"
    ),
    "CUSTOMER_NOT_ENABLED": "the account is not activated or was closed",
    "DEVELOPER_TOKEN_NOT_APPROVED": "the developer token is for test accounts only: apply for Basic access",
    "NOT_ADS_USER": "the Google account belongs to no ad account",
    "CUSTOMER_NOT_FOUND": "there is no such account: correct customer_id",
    "REQUESTED_METRICS_FOR_MANAGER": (
        "customer_id is a manager account, which has no numbers: name the account below it as customer_id "
        "and the manager as login_customer_id"
    ),
}
_REFUSED = frozenset({"CUSTOMER_NOT_FOUND"})
"""Codes that come with a status of credentials, though others would be refused as well."""


def judge(answer: Answer) -> CallError | None:
    """Google Ads' words on an answer."""
    error = _error_in(answer.json)
    if error is not None:
        return _judged(answer, error)
    if answer.status == _NOT_FOUND:
        return _unknown_address(answer.text)
    if answer.status < _FIRST_ERROR and answer.json is not None and not _is_stream(answer.json):
        return CallError(Kind.RETRY, f"HTTP {answer.status} with a body that is no stream of batches")
    return judge_status(answer)


def _is_stream(body: Any) -> bool:
    return isinstance(body, list) and all(isinstance(batch, dict) for batch in body)


def _error_in(body: Any) -> Mapping[str, Any] | None:
    """The error of a body, whether it is wrapped or stands behind batches; None where there is none."""
    for part in body if isinstance(body, list) else [body]:
        error = part.get("error") if isinstance(part, dict) else None
        if isinstance(error, dict):
            return error
    return None


def _judged(answer: Answer, error: Mapping[str, Any]) -> CallError:
    failures = list(_failures(error))
    codes = {code for failure in failures for code in _codes(failure)}
    said = _said(answer, error, failures, codes)
    if codes & _DAILY:
        return CallError(Kind.QUOTA, said)
    if codes & _TEMPORARY:
        waits = [each for each in (_wait_of(failures), retry_after(answer.headers)) if each is not None]
        return CallError(Kind.THROTTLED, said, wait=max(waits, default=_SHORT_WAIT))
    if codes & _PASSING:
        return CallError(Kind.RETRY, said)
    if codes & _REFUSED:
        return CallError(Kind.REFUSED, said)
    if "UNSUPPORTED_VERSION" in codes or (answer.status == _NOT_FOUND and not codes):
        return _unknown_address(said)
    status = answer.status
    if status < _FIRST_ERROR:
        code = error.get("code")
        status = _GRPC_STATUS.get(code, code) if isinstance(code, int) else _SERVER_ERROR
        status = status if status >= _FIRST_ERROR else _SERVER_ERROR
    told = judge_status(Answer(status=status, headers=answer.headers, json=answer.json, text=said))
    return told or CallError(Kind.RETRY, said)


def _unknown_address(said: str) -> CallError:
    """A dead version: its address is gone, in HTML or JSON, or it says so itself."""
    return CallError(
        Kind.REFUSED,
        f"this version of the API isn't served (any more): set api_version to a current one; {said}",
    )


def _failures(error: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The errors of the GoogleAdsFailure among the details."""
    for detail in error.get("details") or ():
        for failure in (detail.get("errors") or ()) if isinstance(detail, dict) else ():
            if isinstance(failure, dict):
                yield failure


def _codes(failure: Mapping[str, Any]) -> Iterator[str]:
    """``{"quotaError": "RESOURCE_EXHAUSTED"}`` holds one code."""
    code = failure.get("errorCode")
    yield from map(str, code.values()) if isinstance(code, dict) else ()


def _said(
    answer: Answer, error: Mapping[str, Any], failures: list[Mapping[str, Any]], codes: set[str]
) -> str:
    """What Google says, most telling part first, since an error shows but its beginning."""
    advice = "; ".join(text for code, text in _ADVICE.items() if code in codes)
    words = next((str(each["message"]) for each in failures if each.get("message")), None)
    said = words or str(error.get("message") or error.get("status") or answer.text)
    parts = [", ".join(sorted(codes)), said if not advice else "", advice]
    return ": ".join(part for part in parts if part)


def _wait_of(failures: list[Mapping[str, Any]]) -> float | None:
    """Seconds of ``retryDelay``, a duration as ``30s`` or ``1.500s``."""
    for failure in failures:
        details = failure.get("details")
        quota = details.get("quotaErrorDetails") if isinstance(details, dict) else None
        delay = quota.get("retryDelay") if isinstance(quota, dict) else None
        found = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(delay))
        if found:
            return float(found[1])
    return None
