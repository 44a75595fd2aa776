"""Landing of reports: windows of days, and periods of a calendar, each replaced whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from connectors.core.api import Period
from connectors.core.errors import SourceDataError
from connectors.core.feed import PeriodFeed, ReportFeed
from connectors.core.feed_landing import ASKED, FeedLanding
from connectors.core.landing import Landing
from connectors.core.plan import Replaces
from connectors.core.sql import identifier
from connectors.core.window import Ask, DateWindow, days_to_ask

DEFAULT_MEMORY = timedelta(days=3 * 365)
"""How far back a first load goes where nothing is configured."""
_PARTLY = "partly: "
"""Stands before new questions that broke off before all days were asked."""
_ASKED_THROUGH, _NEWEST = "asked_through", "newest"
"""Keys of a manifest's state: the day that those got to; the newest day of the last complete landing."""
_PERIOD_SLICE = "grain || '/' || cast(period_start as varchar)"
_DAY = timedelta(days=1)


class ReportLanding(FeedLanding):
    """Lands report and period feeds."""

    def windows(self, feed: ReportFeed, ask: Ask) -> list[DateWindow]:
        """The windows to ask for now, oldest first: days that are missing, still restated, or asked for."""
        today = self.today(feed.stream)
        newest = self._newest(feed, today)
        spans = days_to_ask(
            listed=[date.fromisoformat(key) for key in self._landed_days(feed)],
            first=self.start or today - DEFAULT_MEMORY,
            last=newest,
            reread_days=feed.stream.reread_days + (newest - self._restated_through(feed, newest)).days,
            ask=ask,
            earliest=today - timedelta(days=feed.memory_days) if feed.memory_days else None,
        )
        return [window for span in spans for window in span.split(feed.window_days)]

    def land(self, feed: ReportFeed, ask: Ask) -> None:
        """Land :meth:`windows`, one by one."""
        windows = self.windows(feed, ask)
        if ask.requested and not windows:
            self.note(feed.stream, f"{ask.requested} is outside of what the API can tell")
        asked, is_asked_anew = feed.asked(self.context), self.is_asked_anew(feed)
        newest = self._newest(feed, self.today(feed.stream))
        for window in windows:
            self.require_no_wall(feed.stream)
            state: dict[str, str] = {}
            if ask.requested is None and window is windows[-1]:
                state = {ASKED: asked, _NEWEST: str(newest)}
            elif ask.requested is None and is_asked_anew:
                state = {ASKED: _PARTLY + asked, _ASKED_THROUGH: str(window.last)}
            self.until_still(partial(self._land_window, feed, window, state))

    def _landed_days(self, feed: ReportFeed) -> Collection[str]:
        """Days that landed from the questions as they are now; new ones that broke off go on from there."""
        manifest = self.manifest(feed.stream)
        if not self.is_asked_anew(feed):
            return manifest.slices
        if manifest.state.get(ASKED) != _PARTLY + feed.asked(self.context):
            return ()
        return [day for day in manifest.slices if day <= manifest.state[_ASKED_THROUGH]]

    def _restated_through(self, feed: ReportFeed | PeriodFeed, newest: date) -> date:
        """The day whose re-read window is due: days that were young at the last landing must come again."""
        last = self.manifest(feed.stream).state.get(_NEWEST)
        return min(newest, date.fromisoformat(last) + _DAY) if last else newest

    def _land_window(self, feed: ReportFeed, window: DateWindow, state: Mapping[str, str]) -> None:
        cursor = identifier(feed.stream.cursor or "")
        with self.inflow(feed, slice_sql=f"cast({cursor} as varchar)") as inflow:
            inflow.fill(feed.read(self.client, window))
            self.require_once(inflow.landing)
            self._require_inside(inflow.landing, cursor, window)
            inflow.commit_beside()
            inflow.commit(replaces=Replaces.window(window.start, window.end), state=state)

    def periods(self, feed: PeriodFeed, ask: Ask) -> list[Period]:
        """The periods to ask for now: missing, not over, still restated, or touched by what is asked for."""
        today = self.today(feed.stream)
        newest, first = self._newest(feed, today), self.start or today - DEFAULT_MEMORY
        if ask.requested:
            clipped = ask.requested.clip(ask.requested.start, newest)
            return self.context.brand.periods(clipped) if clipped else []
        if newest < first:
            return []
        listed = {} if self.is_asked_anew(feed) else self.manifest(feed.stream).slices
        again = self._restated_through(feed, newest) - timedelta(days=feed.stream.reread_days - 1)
        if ask.also:
            again = min(again, ask.also.start)
        return [
            period
            for period in self.context.brand.periods(DateWindow.inclusive(first, newest))
            if period.end > again or period.key not in listed or listed[period.key].window_end != period.end
        ]

    def land_periods(self, feed: PeriodFeed, ask: Ask) -> None:
        """Land :meth:`periods`, some at a time."""
        wanted = self.periods(feed, ask)
        today = self.today(feed.stream)
        newest, first = self._newest(feed, today), self.start or today - DEFAULT_MEMORY
        if ask.requested:
            first = min(first, ask.requested.start)
        asked = {ASKED: feed.asked(self.context)}
        is_first = not self.manifest(feed.stream).slices
        for begin in range(0, len(wanted), feed.periods_per_landing):
            self.require_no_wall(feed.stream)
            some = wanted[begin : begin + feed.periods_per_landing]
            is_all = begin + len(some) == len(wanted) and ask.requested is None
            # Where nothing landed before, nothing can be left of other questions.
            state = asked | {_NEWEST: str(newest)} if is_all else asked if is_first else {}
            self.until_still(partial(self._land_periods, feed, some, (first, newest), state))

    def _land_periods(
        self, feed: PeriodFeed, periods: Sequence[Period], reach: tuple[date, date], state: Mapping[str, str]
    ) -> None:
        first, newest = reach
        with self.inflow(feed, slice_sql=_PERIOD_SLICE) as inflow:
            inflow.fill(feed.read(self.client, periods, newest))
            self.require_once(inflow.landing)
            inflow.commit_beside()
            # Of a period that began before the source is to have days, only those from there on are loaded.
            windows = {
                period.key: (max(period.start, first), min(period.end, newest + _DAY)) for period in periods
            }
            staged = inflow.landing.con.execute("select distinct _slice from staged").fetchall()
            told = {key for (key,) in staged}
            silent = {key: window for key, window in windows.items() if key not in told}
            listed = inflow.landing.manifest.slices
            emptied = [key for key in silent if key in listed and listed[key].rows]
            inflow.commit(
                replaces=Replaces.slices(emptied), slice_windows=windows, covered=silent, state=state
            )

    def _newest(self, feed: ReportFeed | PeriodFeed, today: date) -> date:
        """Newest day to ask for; yesterday at most where no client can tell."""
        if feed.newest is None or self.client is None:
            return today - _DAY
        return feed.newest(self.client, today)

    def _require_inside(self, landing: Landing, cursor: str, window: DateWindow) -> None:
        outside = landing.con.execute(f"select min({cursor}), max({cursor}) from staged").fetchone()
        if outside and outside[0] is not None and not (outside[0] in window and outside[1] in window):
            raise SourceDataError(
                f"Source {self.target.source_id}, stream {landing.stream.id}: asked for {window}, the "
                f"answer holds {outside[0]} to {outside[1]}. Nothing of this window was stored. Report it "
                "with this message."
            )
