"""What Stripe's errors mean: its own word on a retry first, then the code, then the status.

Facts: docs.stripe.com/error-handling and /rate-limits; the retry logic of Stripe's own libraries.
"""

from __future__ import annotations

from typing import Any

from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.retry import CallError, Kind

_FIRST_ERROR, _CONFLICT = 400, 409
_THROTTLES = frozenset({"rate_limit", "lock_timeout"})


def judge(answer: Answer) -> CallError | None:
    """The error of an answer; None where there is none."""
    error = _error_of(answer.json)
    if answer.status < _FIRST_ERROR and not error:
        return judge_status(answer)
    known = judge_status(answer)
    kind = Kind.RETRY if known is None else known.kind
    should_retry = answer.headers.get("Stripe-Should-Retry", "").strip().lower()
    if error.get("code") in _THROTTLES:
        kind = Kind.THROTTLED
    elif should_retry == "true" or answer.status == _CONFLICT:
        kind = Kind.RETRY
    if should_retry == "false" and kind in {Kind.RETRY, Kind.THROTTLED}:
        kind = Kind.REFUSED
    return CallError(kind, _said(answer, error), wait=retry_after(answer.headers))


def _error_of(body: Any) -> dict[str, Any]:
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _said(answer: Answer, error: dict[str, Any]) -> str:
    """Status, code, message and the id by which Stripe's support finds the request."""
    if not error:
        return f"HTTP {answer.status}: {answer.text}"
    code = error.get("code") or error.get("type") or "error"
    reason = answer.headers.get("Stripe-Rate-Limited-Reason")
    request = answer.headers.get("Request-Id")
    limited = f", limit {reason}" if reason else ""
    told = f", request {request}" if request else ""
    return f"HTTP {answer.status} {code}{limited}{told}: {error.get('message', '')}"
