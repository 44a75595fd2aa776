"""What the Graph API's errors mean: a code in the body says it, the status doesn't.

Facts: developers.facebook.com (Graph API error handling, rate limits). A used-up allowance comes with HTTP
400 or 403, an expired token with 400, and a body with ``error`` may come with HTTP 200.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.retry import CallError, Kind
from connectors.graph.usage import regain_seconds

_THROTTLED = frozenset({4, 17, 32, 341, 368, 613})
_THROTTLED_ACCOUNTS = range(80000, 80100)
_THROTTLED_SUBCODES = frozenset({1504022, 1504039, 1504043})
_TOKEN = frozenset({102, 190})
_FORBIDDEN = frozenset({3, 10, 294})
_PERMISSIONS = range(200, 300)
_PASSING = frozenset({1, 2})
_REFUSED, _UNSEEN = 100, 33
"""Code and subcode of an object that isn't there, or that the token may not see."""
_FIRST_SERVER_ERROR = 500


def error_of(answer: Answer) -> Mapping[str, Any] | None:
    """The error in the body; None where there is none."""
    error = answer.json.get("error") if isinstance(answer.json, dict) else None
    return error if isinstance(error, dict) else None


def judge(answer: Answer) -> CallError | None:
    """The Graph API's words."""
    error = error_of(answer)
    if error is None:
        return judge_status(answer)
    kind = _kind(answer.status, error)
    wait = None
    if kind is Kind.THROTTLED:
        told = retry_after(answer.headers)
        wait = regain_seconds(answer.headers) if told is None else told
    elif kind is Kind.RETRY:
        wait = retry_after(answer.headers)
    return CallError(kind, _said(answer.status, error), wait=wait)


def _kind(status: int, error: Mapping[str, Any]) -> Kind:
    code, subcode = error.get("code"), error.get("error_subcode")
    if code in _THROTTLED or code in _THROTTLED_ACCOUNTS or subcode in _THROTTLED_SUBCODES:
        return Kind.THROTTLED
    if code in _TOKEN:
        return Kind.AUTH
    if code in _FORBIDDEN or code in _PERMISSIONS or (code == _REFUSED and subcode == _UNSEEN):
        return Kind.FORBIDDEN
    if code in _PASSING or error.get("is_transient") is True or status >= _FIRST_SERVER_ERROR:
        return Kind.RETRY
    return Kind.REFUSED


def _said(status: int, error: Mapping[str, Any]) -> str:
    code = error.get("code")
    number = f"{code}/{error['error_subcode']}" if error.get("error_subcode") else f"{code}"
    message = str(error.get("message", ""))
    more = str(error.get("error_user_title") or "")
    return f"HTTP {status}, code {number}: {message}{f', {more}' if more and more not in message else ''}"
