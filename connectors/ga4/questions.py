"""The questions: dimensions and metrics in Google's words, by the stream that they fill and its columns.

Field meanings: Data API v1beta, dimensions and metrics reference. Rates are never asked for; they are rebuilt
from their parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.core.stream import Stream
from connectors.core.window import DateWindow
from connectors.ga4.streams import DEVICES, EVENTS, LANDING_PAGES, PAGES, TOTALS, TRAFFIC

DATE_RANGE = "dateRange"
"""Google's name of the dimension that tells several ranges apart."""
_DAY = {"date": "date"}
_SESSION_MEASURES = {
    "sessions": "sessions",
    "engagedSessions": "engaged_sessions",
    "userEngagementDuration": "engagement_seconds",
    "screenPageViews": "page_views",
    "activeUsers": "active_users",
    "keyEvents": "key_events",
    "totalRevenue": "revenue",
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """One question, as it is put to Google.

    Attributes:
        what: stream and days, for errors.
        dimensions, metrics: names in Google's words.
        ranges: days to report on; several add the dimension :data:`DATE_RANGE` at the end.
        events: only events of exactly these names; all if empty.
    """

    what: str
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    ranges: tuple[DateWindow, ...]
    events: tuple[str, ...] = ()

    @property
    def answered_dimensions(self) -> tuple[str, ...]:
        """Dimensions of the answer."""
        return (*self.dimensions, *([DATE_RANGE] if len(self.ranges) > 1 else []))


@dataclass(frozen=True, kw_only=True)
class Daily:
    """A report by day, and the stream that it fills.

    Attributes:
        dimensions, metrics: our column by Google's name, in the order asked for; the day comes first.
        window_days: days of one answer. Few where rows are many: what is asked at once is less likely to be
            sampled or lumped into ``(other)``, and a failure costs less.
    """

    stream: Stream
    dimensions: Mapping[str, str]
    metrics: Mapping[str, str]
    window_days: int = 31

    def report(self, window: DateWindow, events: tuple[str, ...] = ()) -> Report:
        """The question about the days of ``window``."""
        return Report(
            what=f"{self.stream.id} of {window}",
            dimensions=tuple(self.dimensions),
            metrics=tuple(self.metrics),
            ranges=(window,),
            events=events,
        )


DAILY = (
    Daily(stream=TOTALS, dimensions=_DAY, metrics=_SESSION_MEASURES),
    Daily(
        stream=TRAFFIC,
        dimensions=_DAY
        | {
            "sessionDefaultChannelGroup": "channel_group",
            "sessionSource": "source",
            "sessionMedium": "medium",
            "sessionCampaignName": "campaign",
        },
        metrics=_SESSION_MEASURES,
    ),
    Daily(stream=DEVICES, dimensions=_DAY | {"deviceCategory": "device"}, metrics=_SESSION_MEASURES),
    Daily(
        stream=PAGES,
        dimensions=_DAY | {"pagePath": "page_path"},
        metrics={
            "screenPageViews": "page_views",
            "userEngagementDuration": "engagement_seconds",
            "activeUsers": "active_users",
        },
        window_days=7,
    ),
    Daily(
        stream=LANDING_PAGES,
        dimensions=_DAY | {"landingPage": "landing_page"},
        metrics={
            "sessions": "sessions",
            "engagedSessions": "engaged_sessions",
            "keyEvents": "key_events",
        },
        window_days=7,
    ),
)
"""Reports whose rows land as they come."""
EVENT_COUNTS = Daily(
    stream=EVENTS, dimensions=_DAY | {"eventName": "event_name"}, metrics={"eventCount": "event_count"}
)
"""Counts of some events; days on which one didn't fire have no row."""
USER_COUNTS = {"activeUsers": "active_users", "totalUsers": "total_users", "newUsers": "new_users"}
"""Our column by Google's name of the metrics that can't be added up."""
