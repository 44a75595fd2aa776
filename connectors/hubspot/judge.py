"""What HubSpot's answers mean: its own words (category, policy) go before the HTTP status.

Facts: developers.hubspot.com, usage guidelines and error handling; no ``Retry-After`` comes with a 429, the
policy's name tells how long to wait; an error body may come with status 200.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.retry import CallError, Kind

_FIRST_ERROR = 400
_TOO_LONG = 414
_LOCKED, _LOCKED_SECONDS = 423, 2.0
_THROTTLED = 429
_REPEATABLE = frozenset({408, 423, 425, 477})
_UNAUTHENTICATED = 401
_FORBIDDEN = 403
_FIRST_SERVER_ERROR = 500
_POLICY_SECONDS = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}
_LONGEST_POLICY = 10.0
_CREDENTIALS = frozenset({"INVALID_AUTHENTICATION", "EXPIRED_AUTHENTICATION"})
_CALLERS_FAULT = frozenset({"VALIDATION_ERROR", "OBJECT_NOT_FOUND", "BAD_REQUEST", "CONFLICT"})


def judge(answer: Answer) -> CallError | None:
    """What is wrong with ``answer``; None where it is good."""
    body: dict[str, Any] = answer.json if isinstance(answer.json, dict) else {}
    if answer.status < _FIRST_ERROR and body.get("status") != "error":
        return judge_status(answer)
    category = str(body.get("category", ""))
    said = f"HTTP {answer.status} {category}: {body.get('message') or answer.text}"
    if answer.status == _THROTTLED or category == "RATE_LIMITS":
        return _throttled(answer, body, said)
    if answer.status == _FORBIDDEN or category == "MISSING_SCOPES":
        return CallError(Kind.FORBIDDEN, _lacking(body, said))
    kind = _kind(answer.status, category)
    wait = retry_after(answer.headers)
    if answer.status == _LOCKED:
        wait = _first(wait, _LOCKED_SECONDS)
    if answer.status == _TOO_LONG:
        said = f"{said}; the address is too long: name fewer extra `properties`"
    return CallError(kind, said, wait=wait)


def _kind(status: int, category: str) -> Kind:
    if status == _UNAUTHENTICATED or category in _CREDENTIALS:
        return Kind.AUTH
    is_ok_status = status < _FIRST_ERROR
    if status in _REPEATABLE or status >= _FIRST_SERVER_ERROR:
        return Kind.RETRY
    return Kind.RETRY if is_ok_status and category not in _CALLERS_FAULT else Kind.REFUSED


def _throttled(answer: Answer, body: dict[str, Any], said: str) -> CallError:
    policy = str(body.get("policyName", ""))
    if policy == "DAILY":
        return CallError(Kind.QUOTA, said)
    wait = _first(retry_after(answer.headers), _POLICY_SECONDS.get(policy, _LONGEST_POLICY))
    return CallError(Kind.THROTTLED, said, wait=wait)


def _first(asked: float | None, usual: float) -> float:
    return usual if asked is None else asked


def _lacking(body: dict[str, Any], said: str) -> str:
    scopes = list(dict.fromkeys(_scopes(body)))
    or_leave = "or leave the stream out: `without: [...]`"
    if not scopes:
        return f"{said}; grant it, {or_leave}"
    needed = (
        f"the scope {scopes[0]}" if len(scopes) == 1 else f"one or more of the scopes {', '.join(scopes)}"
    )
    return f"it needs {needed}; grant it to the key, {or_leave}"


def _scopes(body: dict[str, Any]) -> Iterator[str]:
    for error in [body, *(body.get("errors") or [])]:
        context = error.get("context") if isinstance(error, dict) else None
        for scope in (context or {}).get("requiredGranularScopes") or []:
            yield str(scope)
