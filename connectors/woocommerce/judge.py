"""What the answers of a shop mean: WooCommerce's codes, and the pages that hosts put in front of it.

Facts: the REST API's documentation on authentication and errors: a body ``{code, message, data: {status}}``.
"""

from __future__ import annotations

from typing import Any

from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.retry import CallError, Kind

_FIRST_ERROR = 400
_FIRST_SERVER_ERROR = 500
_UNAUTHENTICATED, _FORBIDDEN, _THROTTLED = 401, 403, 429
_NO_RIGHT = "woocommerce_rest_cannot_"
_NO_ROUTE = "rest_no_route"


def judge(answer: Answer) -> CallError | None:
    """What is wrong with ``answer``; None where it is good."""
    code, body = _code(answer)
    if code is not None:
        status = _status(answer, body)
        said = f"HTTP {answer.status} {code}: {body.get('message', '')}"
        return CallError(_kind(code, status), said + _advice(code, status), wait=retry_after(answer.headers))
    if answer.json is None and answer.status == _FORBIDDEN:
        return CallError(
            Kind.FORBIDDEN,
            "HTTP 403 with a page that isn't WooCommerce's: the host's firewall turns calls away; have it "
            f"let this machine's calls to /wp-json through: {answer.text}",
        )
    return judge_status(answer)


def _kind(code: str, status: int) -> Kind:
    if status == _THROTTLED:
        return Kind.THROTTLED
    if status >= _FIRST_SERVER_ERROR or status < _FIRST_ERROR:
        return Kind.RETRY
    if status == _FORBIDDEN or _lacks_right(code, status):
        return Kind.FORBIDDEN
    return Kind.AUTH if status == _UNAUTHENTICATED else Kind.REFUSED


def _lacks_right(code: str, status: int) -> bool:
    return code.startswith(_NO_RIGHT) and status in {_UNAUTHENTICATED, _FORBIDDEN}


def _advice(code: str, status: int) -> str:
    if code == _NO_ROUTE:
        return "; WooCommerce is off there, permalinks are plain, or base_url names another folder"
    if _lacks_right(code, status):
        return (
            "; the key needs the permission Read of a user who may see orders, and the host must pass the "
            "header Authorization on"
        )
    return ""


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
