"""What LinkedIn's errors mean, and the headers that every call of its versioned API bears.

Facts: learn.microsoft.com/linkedin (versioning, rate limits, error handling): a retired version answers 426,
a limit of the day says so in words and sends no ``Retry-After``, an error may come with HTTP 200.
"""

from __future__ import annotations

import re

from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.retry import CallError, Kind

_FIRST_ERROR, _THROTTLED, _RETIRED = 400, 429, 426
_OF_DAY = re.compile(r"\b(day|daily)\b", re.IGNORECASE)


def headers_of(api_version: str) -> dict[str, str]:
    """Version and protocol; with this protocol the parentheses of an address must not be encoded."""
    return {"LinkedIn-Version": api_version, "X-Restli-Protocol-Version": "2.0.0"}


def judge(answer: Answer) -> CallError | None:
    """LinkedIn's words: a retired version, a daily limit, an error with status 200."""
    body = answer.json
    if not isinstance(body, dict):
        return judge_status(Answer(status=answer.status, headers=answer.headers, json=None, text=answer.text))
    # An ad account has a status too, a word.
    told = body.get("status")
    status = told if isinstance(told, int) and told >= _FIRST_ERROR else answer.status
    if status < _FIRST_ERROR:
        return judge_status(answer)
    said = f"{body.get('code', '')} {body.get('message') or answer.text}".strip()
    if status == _RETIRED:
        return CallError(
            Kind.REFUSED,
            f"HTTP 426: {said}; LinkedIn retires a version about a year after its month: set api_version "
            "to a newer one, YYYYMM",
        )
    if status == _THROTTLED and _OF_DAY.search(said) and retry_after(answer.headers) is None:
        return CallError(Kind.QUOTA, f"{said} LinkedIn resets it at midnight UTC")
    return judge_status(Answer(status=status, headers=answer.headers, json=body, text=said))
