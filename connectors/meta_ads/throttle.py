"""Meta's allowance as its headers tell it: JSON inside of headers, in percent, minutes and seconds.

Facts: developers.facebook.com, Marketing API rate limiting and insights best practices. Which headers come
depends on the app, the account and the call; none is promised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.graph.usage import allowances, number

_INSIGHTS = "X-FB-Ads-Insights-Throttle"
_PERCENT = ("app_id_util_pct", "acc_id_util_pct", "call_count", "total_cputime", "total_time")
_SECONDS, _MINUTES = "reset_time_duration", "estimated_time_to_regain_access"
_TIER = "ads_api_access_tier"
_SHORTEST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0
_FULL = 100.0


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What is used of the allowances that an answer tells of.

    Attributes:
        percent: of the one that is used up most; None where none is told.
        tier: of the app's access to the API, such as ``standard_access``; None where it isn't told.
        regained_after: seconds until calls are let through again; 0 where they are, or nothing is told.
    """

    percent: float | None = None
    tier: str | None = None
    regained_after: float = 0.0

    def pause(self, *, slow_down_at: float, longest: float) -> float:
        """Seconds in which no call should start: the more is used, the longer; 0 below ``slow_down_at``.

        A wait beyond ``longest`` is left to the next call, whose refusal ends the run.
        """
        if 0 < self.regained_after <= longest:
            return self.regained_after
        if self.percent is None or self.percent < slow_down_at:
            return 0.0
        over = (min(self.percent, _FULL) - slow_down_at) / max(_FULL - slow_down_at, 1.0)
        return _SHORTEST_PAUSE + over * (_LONGEST_PAUSE - _SHORTEST_PAUSE)


def usage_of(headers: Mapping[str, str]) -> Usage:
    """What ``headers`` tell; one that can't be read tells nothing, since the answer is good without it."""
    said = list(allowances(headers, _INSIGHTS))
    percents = [
        percent for each in said for name in _PERCENT if (percent := number(each.get(name))) is not None
    ]
    used_up = bool(percents) and max(percents) >= _FULL
    waits = [60 * (number(each.get(_MINUTES)) or 0.0) for each in said]
    # The seconds run whatever is used; they matter once nothing is left.
    waits += [number(each.get(_SECONDS)) or 0.0 for each in said if used_up]
    tiers = (tier for each in said if isinstance(tier := each.get(_TIER), str))
    return Usage(
        percent=max(percents, default=None), tier=next(tiers, None), regained_after=max(waits, default=0.0)
    )
