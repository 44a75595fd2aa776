"""Calls of YouTube Analytics, as the owner of the channels: exact subscriptions gained and lost per day.

Facts: YouTube Analytics API v2 discovery document: ``columnHeaders`` name what each row holds, ``rows`` is
absent where there is nothing, and the most recent days have no row yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from connectors.core.api import Context
from connectors.core.http import Http
from connectors.core.oauth import TokenServer, refresh_form
from connectors.core.rate_limit import Rate
from connectors.core.window import DateWindow
from connectors.youtube.config import Config, Owner
from connectors.youtube.errors import judge

_RATE = Rate(calls=10, seconds=1)
METRICS = {
    "subscribersGained": "subscribers_gained",
    "subscribersLost": "subscribers_lost",
    "views": "views",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "estimatedMinutesWatched": "estimated_minutes_watched",
}
"""Google's names and ours."""


class Analytics:
    """Asks as the owner."""

    def __init__(self, config: Config, owner: Owner, context: Context) -> None:
        self._owner = owner
        self._today = context.now.date()
        limiter = context.limits.of(f"youtube_analytics:{owner.refresh_token_env}", _RATE)
        self._tokens = TokenServer(
            context,
            config.http,
            base_url=owner.token_url,
            path=owner.token_path,
            form=refresh_form(
                owner.client_id_env,
                owner.client_secret_env,
                owner.refresh_token_env,
                source_id=context.source_id,
            ),
            limiter=limiter,
        )
        self._http = Http(
            context,
            config.http,
            base_url=owner.base_url,
            limiter=limiter,
            auth=self._tokens.auth,
            judge=judge,
        )

    def newest(self, today: date) -> date:
        """The newest day that is there for certain, given today (Pacific)."""
        return today - timedelta(days=self._owner.newest_after_days)

    def probe(self, channel_ids: Sequence[str]) -> None:
        """Ask one day of each channel, to see that its owner has consented."""
        day = self.newest(self._today)
        for channel_id in channel_ids:
            list(self.days(channel_id, DateWindow.inclusive(day, day)))

    def days(self, channel_id: str, window: DateWindow) -> Iterator[dict[str, Any]]:
        """Rows of a channel's days, by our names."""
        asked = {
            "ids": f"channel=={channel_id}",
            "startDate": str(window.start),
            "endDate": str(window.last),
            "dimensions": "day",
            "metrics": ",".join(METRICS),
            "sort": "day",
        }
        body = self._http.call(
            "GET",
            f"/{self._owner.api_version}/reports",
            params=asked,
            what=f"days {window} of channel {channel_id}",
        ).json
        names = [METRICS.get(header["name"], header["name"]) for header in body["columnHeaders"]]
        for row in body.get("rows", []):
            yield dict(zip(names, row, strict=True))

    def close(self) -> None:
        """Close connections."""
        self._tokens.close()
        self._http.close()
