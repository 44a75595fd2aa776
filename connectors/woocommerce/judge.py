"""What the answers of a shop mean: WooCommerce's codes, and the pages that hosts put in front of it.

Facts: the REST API's documentation on authentication and errors: a body ``{code, message, data: {status}}``.
"""

from __future__ import annotations

from typing import Any

from connectors.core.http import Answer, judge_status
from connectors.core.retry import CallError, Kind

_FIRST_ERROR = 400
_FIRST_SERVER_ERROR = 500
_UNAUTHENTICATED, _FORBIDDEN, _NOT_FOUND, _THROTTLED = 401, 403, 404, 429
_WRONG_KEY = frozenset({"woocommerce_rest_authentication_error", "invalid_username", "incorrect_password"})
_NO_RIGHT = "woocommerce_rest_cannot_"
_NO_ROUTE = "rest_no_route"


def judge(answer: Answer) -> CallError | None:
    """What is wrong with ``answer``; None where it is good."""
    code, body = _code(answer)
    status = _status(answer, body)
    if code is None:
        if answer.json is None and status == _FORBIDDEN:
            return CallError(
                Kind.FORBIDDEN,
                "HTTP 403 with a page that isn't WooCommerce's: the host's firewall turns calls away; have it "
                f"let this machine's calls to /wp-json through: {answer.text}",
            )
        return judge_status(answer)
    said = f"HTTP {answer.status} {code}: {body.get('message', '')}"
    if code == _NO_ROUTE:
        return CallError(
            Kind.REFUSED,
            f"{said}; WooCommerce is off there, permalinks are plain, or base_url names another folder",
        )
    if code.startswith(_NO_RIGHT) and status in {_UNAUTHENTICATED, _FORBIDDEN}:
        return CallError(
            Kind.FORBIDDEN,
            f"{said}; the key needs the permission Read of a user who may see orders, and the host must pass "
            "the header Authorization on",
        )
    if status == _UNAUTHENTICATED or code in _WRONG_KEY:
        return CallError(Kind.AUTH, said)
    if status == _FORBIDDEN:
        return CallError(Kind.FORBIDDEN, said)
    if status == _THROTTLED or status >= _FIRST_SERVER_ERROR or answer.status >= _FIRST_SERVER_ERROR:
        again = judge_status(answer)
        return again or CallError(Kind.THROTTLED if status == _THROTTLED else Kind.RETRY, said)
    return CallError(Kind.REFUSED if status >= _FIRST_ERROR else Kind.RETRY, said)


def _code(answer: Answer) -> tuple[str | None, dict[str, Any]]:
    """The error's code, whatever the status; records have no code and message of their own."""
    body = answer.json
    if isinstance(body, dict) and isinstance(body.get("code"), str) and "message" in body:
        return body["code"], body
    return None, {}


def _status(answer: Answer, body: dict[str, Any]) -> int:
    """The status that the body tells, else that of the answer: caches may turn it into 200."""
    data = body.get("data")
    told = data.get("status") if isinstance(data, dict) else None
    return told if isinstance(told, int) else answer.status
