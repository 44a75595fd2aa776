"""Usage of the Graph API, as its headers tell: how much of the hour's calls is spent, when there are more.

Headers hold JSON: ``X-App-Usage`` percents of the app, ``X-Business-Use-Case-Usage`` percents of each account
and minutes until it may be asked again, ``X-Ad-Account-Usage`` those of an ad account in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_APP, _BUSINESS, _AD_ACCOUNT = "X-App-Usage", "X-Business-Use-Case-Usage", "X-Ad-Account-Usage"
_PERCENTS = ("call_count", "total_time", "total_cputime", "acc_id_util_pct")
_SLOW_FROM = 75.0
_LONGEST_PAUSE = 60.0


def percent_used(headers: Mapping[str, str]) -> float | None:
    """The highest percent of any allowance; None where no header tells one."""
    found = [number(told.get(name)) for told in allowances(headers) for name in _PERCENTS]
    return max((percent for percent in found if percent is not None), default=None)


def pause_after(headers: Mapping[str, str]) -> float:
    """Seconds to let the account rest after an answer: none below 75 %, a minute at 100 %."""
    over = (percent_used(headers) or 0.0) - _SLOW_FROM
    return 0.0 if over <= 0 else min(_LONGEST_PAUSE, over / (100 - _SLOW_FROM) * _LONGEST_PAUSE)


def regain_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds until there are calls again; None where no header says so."""
    found = [
        factor * (number(told.get(name)) or 0.0)
        for told in allowances(headers)
        for name, factor in (("estimated_time_to_regain_access", 60), ("reset_time_duration", 1))
    ]
    return max((seconds for seconds in found if seconds > 0), default=None)


def allowances(headers: Mapping[str, str], *more: str) -> Iterator[Mapping[str, Any]]:
    """Every allowance that the headers tell, also those of ``more``; one that can't be read tells nothing."""
    for name in (*more, _APP, _AD_ACCOUNT):
        told = _content(headers, name)
        if isinstance(told, dict):
            yield told
    by_business = _content(headers, _BUSINESS)
    for each in by_business.values() if isinstance(by_business, dict) else ():
        yield from (usage for usage in each if isinstance(usage, dict)) if isinstance(each, list) else ()


def number(value: object) -> float | None:
    """``value`` where it is a number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _content(headers: Mapping[str, str], name: str) -> object:
    try:
        return json.loads(headers.get(name, "null"))
    except ValueError:
        return None
