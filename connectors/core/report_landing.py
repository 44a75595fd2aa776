"""Landing of reports: windows of days, and periods of a calendar, each replaced whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from connectors.core.api import Period
from connectors.core.errors import SourceDataError
from connectors.core.feed import PeriodFeed, ReportFeed
from connectors.core.feed_landing import FeedLanding
from connectors.core.landing import Landing
from connectors.core.plan import Replaces
from connectors.core.sql import identifier
from connectors.core.window import DateWindow, days_to_ask

DEFAULT_MEMORY = timedelta(days=3 * 365)
"""How far back a first load goes where nothing is configured."""
_PERIOD_SLICE = "grain || '/' || cast(period_start as varchar)"
_DAY = timedelta(days=1)


class ReportLanding(FeedLanding):
    """Lands report and period feeds."""

    def windows(self, feed: ReportFeed, requested: DateWindow | None) -> list[DateWindow]:
        """The windows to ask for now, oldest first: missing, still restated, or ``requested`` days."""
        today = self.today(feed.stream)
        listed = self.target.zone.manifest(feed.stream, self.target.source_id).slices
        spans = days_to_ask(
            listed=[date.fromisoformat(key) for key in listed],
            first=self.start or today - DEFAULT_MEMORY,
            last=self._newest(feed, today),
            reread_days=feed.stream.reread_days,
            requested=requested,
            earliest=today - timedelta(days=feed.memory_days) if feed.memory_days else None,
        )
        return [window for span in spans for window in span.split(feed.window_days)]

    def land(self, feed: ReportFeed, requested: DateWindow | None) -> None:
        """Land :meth:`windows`, one by one."""
        windows = self.windows(feed, requested)
        if requested and not windows:
            self.note(feed.stream, f"{requested} is outside of what the API can tell")
        for window in windows:
            self.require_no_wall(feed.stream)
            self.until_still(partial(self._land_window, feed, window))

    def _land_window(self, feed: ReportFeed, window: DateWindow) -> None:
        cursor = identifier(feed.stream.cursor or "")
        with self.target.landing(feed.stream) as landing:
            batches = feed.read(self.client, window)
            beside = self.fill(landing, feed, batches, slice_sql=f"cast({cursor} as varchar)")
            self.require_once(landing)
            self._require_inside(landing, cursor, window)
            self.land_beside(beside)
            self.target.commit(landing, replaces=Replaces.window(window.start, window.end))

    def periods(self, feed: PeriodFeed, requested: DateWindow | None) -> list[Period]:
        """The periods to ask for now: missing, not over, still restated, or touched by ``requested``."""
        today = self.today(feed.stream)
        newest, first = self._newest(feed, today), self.start or today - DEFAULT_MEMORY
        if requested:
            clipped = requested.clip(requested.start, newest)
            return self.context.brand.periods(clipped) if clipped else []
        if newest < first:
            return []
        listed = self.target.zone.manifest(feed.stream, self.target.source_id).slices
        again = newest - timedelta(days=feed.stream.reread_days - 1)
        return [
            period
            for period in self.context.brand.periods(DateWindow.inclusive(first, newest))
            if period.end > again or period.key not in listed or listed[period.key].window_end != period.end
        ]

    def land_periods(self, feed: PeriodFeed, requested: DateWindow | None) -> None:
        """Land :meth:`periods`, some at a time."""
        wanted = self.periods(feed, requested)
        newest = self._newest(feed, self.today(feed.stream))
        for begin in range(0, len(wanted), feed.periods_per_landing):
            self.require_no_wall(feed.stream)
            some = wanted[begin : begin + feed.periods_per_landing]
            self.until_still(partial(self._land_periods, feed, some, newest))

    def _land_periods(self, feed: PeriodFeed, periods: Sequence[Period], newest: date) -> None:
        with self.target.landing(feed.stream) as landing:
            batches = feed.read(self.client, periods, newest)
            beside = self.fill(landing, feed, batches, slice_sql=_PERIOD_SLICE)
            self.require_once(landing)
            self.land_beside(beside)
            windows = {period.key: (period.start, min(period.end, newest + _DAY)) for period in periods}
            told = {key for (key,) in landing.con.execute("select distinct _slice from staged").fetchall()}
            silent = {key: window for key, window in windows.items() if key not in told}
            self.target.commit(
                landing, replaces=Replaces.slices(silent), slice_windows=windows, covered=silent
            )

    def _newest(self, feed: ReportFeed | PeriodFeed, today: date) -> date:
        return feed.newest(self.client, today) if feed.newest else today - _DAY

    def _require_inside(self, landing: Landing, cursor: str, window: DateWindow) -> None:
        outside = landing.con.execute(f"select min({cursor}), max({cursor}) from staged").fetchone()
        if outside and outside[0] is not None and not (outside[0] in window and outside[1] in window):
            raise SourceDataError(
                f"Source {self.target.source_id}, stream {landing.stream.id}: asked for {window}, the "
                f"answer holds {outside[0]} to {outside[1]}. Nothing of this window was stored. Report it "
                "with this message."
            )
