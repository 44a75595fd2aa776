"""What Shopify's answers mean: errors come with status 200 and a code of their own, or as a text.

Facts: shopify.dev, GraphQL Admin API, responses and rate limits: THROTTLED comes with the cost of the
question, what is left of the allowance, and how fast it grows again.
"""

from __future__ import annotations

from typing import Any

from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.retry import CallError, Kind

_FIRST_ERROR = 400
_LOCKED = frozenset({402, 423})
_NOT_FOUND = 404
TOO_COSTLY = "MAX_COST_EXCEEDED"
_THROTTLED = "THROTTLED"
_FORBIDDEN = frozenset({"ACCESS_DENIED", "SHOP_INACTIVE"})
_PASSING = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT", ""})


def judge(answer: Answer) -> CallError | None:
    """What is wrong with ``answer``; None where it is good, or where a smaller question may be."""
    body: dict[str, Any] = answer.json if isinstance(answer.json, dict) else {}
    errors = body.get("errors")
    if answer.status >= _FIRST_ERROR:
        return _of_status(answer, errors)
    if isinstance(errors, list) and errors:
        return _of_errors(answer, body, errors)
    if errors:
        return CallError(Kind.REFUSED, str(errors))
    if isinstance(body.get("data"), dict):
        return None
    return CallError(Kind.RETRY, f"HTTP {answer.status} without data: {answer.text}")


def _of_errors(answer: Answer, body: dict[str, Any], errors: list[dict[str, Any]]) -> CallError | None:
    """What errors with status 200 mean; part of the data may be there beside one, and isn't whole."""
    codes = {str((each.get("extensions") or {}).get("code", "")): each.get("message", "") for each in errors}
    said = "; ".join(f"{code} {message}" for code, message in codes.items())
    if _THROTTLED in codes:
        return CallError(Kind.THROTTLED, said, wait=_first(retry_after(answer.headers), wait_for(body)))
    if TOO_COSTLY in codes:
        return None
    if _FORBIDDEN & codes.keys():
        return CallError(Kind.FORBIDDEN, _lacking(said))
    return CallError(Kind.RETRY if _PASSING & codes.keys() else Kind.REFUSED, said)


def wait_for(body: dict[str, Any], *, cost: float | None = None) -> float | None:
    """Seconds until the allowance has room for a question; None where the answer doesn't tell.

    Args:
        body: with the costs.
        cost: of the question to come; that of the answer's own if None.
    """
    costs = (body.get("extensions") or {}).get("cost") or {}
    status = costs.get("throttleStatus") or {}
    asked = costs.get("requestedQueryCost") if cost is None else cost
    available, rate = status.get("currentlyAvailable"), status.get("restoreRate")
    if asked is None or available is None or not rate:
        return None
    return max(0.0, (float(asked) - float(available)) / float(rate))


def _of_status(answer: Answer, errors: object) -> CallError | None:
    said = f"HTTP {answer.status}: {errors or answer.text}"
    if answer.status in _LOCKED:
        return CallError(Kind.FORBIDDEN, f"{said}; the shop is frozen or locked")
    if answer.status == _NOT_FOUND:
        return CallError(Kind.REFUSED, f"{said}; there is no such shop, or no such api_version")
    error = judge_status(answer)
    return CallError(error.kind, said, wait=error.wait) if error else None


def _lacking(said: str) -> str:
    return (
        f"{said}; grant the app the scopes read_orders and read_customers, and access to protected customer "
        "data or write `customer_data: false`"
    )


def _first(asked: float | None, usual: float | None) -> float | None:
    return usual if asked is None else asked
