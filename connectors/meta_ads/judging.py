"""What Meta's errors mean, by code and subcode: the HTTP status says little, it is 400 for most of them.

Facts: developers.facebook.com, Marketing API error codes and insights best practices (May 2026).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.core.errors import PermanentError
from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.redaction import redact
from connectors.core.retry import CallError, Kind
from connectors.meta_ads.throttle import usage_of

_PASSING = frozenset({1, 2})
_THROTTLED = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_THROTTLED_SUBCODES = frozenset({1504022, 1504039, 1504043})
_TOO_MUCH = frozenset({(100, 1504018), (2, 1504038), (100, 1487534)})
_TOO_MUCH_WORDS = "reduce the amount of data"
_NO_TOKEN = frozenset({102, 190})
_NO_RIGHT = frozenset({3, 10, *range(200, 300)})
_UNSEEN = (100, 33)
_WAIT = 60.0
"""Seconds before the next try where Meta limits and doesn't say for how long; its scores decay in minutes."""
_FIRST_ERROR, _SHOWN = 400, 250


class TooMuchDataError(PermanentError):
    """Meta doesn't compute so much in one question; it may be asked in smaller ones, or as a job."""


def judge(answer: Answer) -> CallError | None:
    """Meta's words.

    Raises:
        TooMuchDataError: the question is too large.
    """
    error = answer.json.get("error") if isinstance(answer.json, dict) else None
    if isinstance(error, dict):
        return meaning_of(
            error.get("code"),
            error.get("error_subcode"),
            str(error.get("message", "")),
            is_transient=error.get("is_transient") is True,
            answer=answer,
        )
    if answer.status < _FIRST_ERROR and not isinstance(answer.json, dict):
        return CallError(
            Kind.RETRY, f"HTTP {answer.status} with a body that is no JSON object: {answer.text}"
        )
    return judge_status(answer)


def meaning_of(
    code: object, subcode: object, message: str, *, is_transient: bool = False, answer: Answer | None = None
) -> CallError:
    """What an error means, of a call or of a job; ``answer`` is where it stood.

    Raises:
        TooMuchDataError: the question is too large.
    """
    number, detail = _whole(code), _whole(subcode)
    said = redact(f"Meta's error {number}{f'/{detail}' if detail else ''}: {message}")[:_SHOWN]
    if (number, detail) in _TOO_MUCH or _TOO_MUCH_WORDS in message.lower():
        raise TooMuchDataError(said)
    if number in _THROTTLED or detail in _THROTTLED_SUBCODES:
        return CallError(Kind.THROTTLED, said, wait=_wait(answer.headers if answer else {}))
    if number in _NO_TOKEN:
        return CallError(Kind.AUTH, said)
    if number in _NO_RIGHT or (number, detail) == _UNSEEN:
        return CallError(Kind.FORBIDDEN, said)
    status = answer.status if answer else 0
    if is_transient or number in _PASSING or status < _FIRST_ERROR:
        return CallError(Kind.RETRY, said, wait=retry_after(answer.headers) if answer else None)
    return judge_status(
        Answer(status=status, headers=answer.headers if answer else {}, json={}, text=said)
    ) or CallError(Kind.REFUSED, said)


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds that Meta asks for: of ``Retry-After``, else of the headers of its allowances."""
    asked = retry_after(headers)
    return asked if asked is not None else usage_of(headers).regained_after or _WAIT


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
