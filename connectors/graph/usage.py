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
    found = [float(told[name]) for told in _told(headers) for name in _PERCENTS if _is_number(told.get(name))]
    return max(found, default=None)


def pause_after(headers: Mapping[str, str]) -> float:
    """Seconds to let the account rest after an answer: none below 75 %, a minute at 100 %."""
    over = (percent_used(headers) or 0.0) - _SLOW_FROM
    return 0.0 if over <= 0 else min(_LONGEST_PAUSE, over / (100 - _SLOW_FROM) * _LONGEST_PAUSE)


def regain_seconds(headers: Mapping[str, str]) -> float | None:
    """Seconds until there are calls again; None where no header says so."""
    found = [
        float(told[name]) * factor
        for told in _told(headers)
        for name, factor in (("estimated_time_to_regain_access", 60), ("reset_time_duration", 1))
        if _is_number(told.get(name))
    ]
    return max((seconds for seconds in found if seconds > 0), default=None)


def _told(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Every usage that the headers tell, whatever of them can't be read left out."""
    for name in (_APP, _BUSINESS, _AD_ACCOUNT):
        try:
            told = json.loads(headers.get(name, "null"))
        except ValueError:
            continue
        if not isinstance(told, dict):
            continue
        if name != _BUSINESS:
            yield told
            continue
        for each in told.values():
            yield from (usage for usage in each if isinstance(usage, dict)) if isinstance(each, list) else ()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
