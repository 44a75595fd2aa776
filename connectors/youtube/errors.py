"""What Google's words on errors of YouTube mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.core.http import Answer, judge_status, retry_after
from connectors.core.retry import CallError, Kind

_QUOTA_OF_DAY = frozenset({"quotaExceeded", "dailyLimitExceeded", "dailyLimitExceededUnreg"})
_RATE = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_FIRST_ERROR, _SERVER_ERROR, _BAD_REQUEST = 400, 500, 400


def judge(answer: Answer) -> CallError | None:
    """A 403 may be a quota, a refused key comes as 400, and an error may come with status 200."""
    body = answer.json
    if not isinstance(body, dict):
        return judge_status(Answer(status=answer.status, headers=answer.headers, json=None, text=answer.text))
    error = body.get("error")
    if not isinstance(error, Mapping):
        return judge_status(answer)
    said, reasons = str(error.get("message") or answer.text), _reasons(error)
    if reasons & _QUOTA_OF_DAY:
        return CallError(Kind.QUOTA, f"{said} (resets at midnight Pacific time)")
    if reasons & _RATE:
        return CallError(Kind.THROTTLED, said, wait=retry_after(answer.headers))
    status = answer.status if answer.status >= _FIRST_ERROR else int(error.get("code") or _SERVER_ERROR)
    if status == _BAD_REQUEST and {"API_KEY_INVALID", "keyInvalid", "keyExpired"} & reasons:
        return CallError(Kind.AUTH, said)
    return judge_status(Answer(status=status, headers=answer.headers, json=body, text=said))


def _reasons(error: Mapping[str, Any]) -> set[str]:
    listed = [*(error.get("errors") or ()), *(error.get("details") or ())]
    return {str(each["reason"]) for each in listed if isinstance(each, Mapping) and "reason" in each}
