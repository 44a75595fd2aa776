"""Landing of records: change batches, whole lists, tombstones for what a whole list lacks.

A slice is the batch of one run. Which days are known is told by one slice without rows, ``covered``: it
reaches from the configured start, else from the first record, to yesterday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.changes import Changes
from connectors.core.feed import EntityFeed
from connectors.core.feed_landing import ASKED, FeedLanding, staged_value
from connectors.core.landing import Landing
from connectors.core.plan import Replaces
from connectors.core.sql import identifier, literal
from connectors.core.stream import Stream
from connectors.core.window import oldest_wanted

COVERED = "covered"
_LISTED_AT, _SEEN_THROUGH, _COVERED_FROM = "listed_at", "seen_through", "covered_from"


class EntityLanding(FeedLanding):
    """Lands entity feeds."""

    def since(self, feed: EntityFeed) -> datetime | None:
        """The moment from which changes are asked for now; None where the whole list is due."""
        state = self.manifest(feed.stream).state
        if (
            self.is_asked_anew(feed)
            or feed.version is None
            or not {_LISTED_AT, _SEEN_THROUGH} <= state.keys()
        ):
            return None
        listed = datetime.fromisoformat(state[_LISTED_AT])
        if self.context.now - listed >= feed.relist_after:
            return None
        return datetime.fromisoformat(state[_SEEN_THROUGH]) - feed.overlap

    def land(self, feed: EntityFeed) -> None:
        """Land what changed :meth:`since`."""
        self.require_no_wall(feed.stream)
        self.until_still(partial(self._land_batch, feed, self.since(feed)))

    def _land_batch(self, feed: EntityFeed, since: datetime | None) -> None:
        key = self.target.batch_key
        state = self.manifest(feed.stream).state
        with self.inflow(feed, slice_sql=literal(key)) as inflow:
            landing = inflow.landing
            inflow.fill(feed.read(self.client, since))
            # Before records that are stored already are left out: a vanished column may be all that changed.
            landing.require_columns()
            covered = self._covered(landing, feed.stream, state.get(_COVERED_FROM))
            new_state = {_COVERED_FROM: covered[0].isoformat(), ASKED: feed.asked(self.context)}
            if feed.version and (newest := staged_value(landing, f"max({identifier(feed.version)})")):
                seen = newest.replace(tzinfo=UTC).isoformat()
                new_state[_SEEN_THROUGH] = max(seen, state.get(_SEEN_THROUGH, seen))
            changes = Changes(landing, version=feed.version)
            if since is None:
                new_state[_LISTED_AT] = self.context.now.isoformat()
                complete = feed.list_is_complete
                if complete(self.client) if callable(complete) else complete:
                    changes.bury_absent(key, since=self._list_begins(feed))
            changes.keep_new()
            inflow.commit_beside({COVERED: covered})
            inflow.commit(replaces=Replaces.nothing(), covered={COVERED: covered}, state=new_state)

    def _list_begins(self, feed: EntityFeed) -> datetime | None:
        """Where a whole list begins, UTC; None where it holds all there is."""
        if not feed.begins_at_start:
            return None
        begins = oldest_wanted(self.start, None, zone=self.context.brand.timezone)
        return begins.astimezone(UTC) if begins else None

    def _covered(self, landing: Landing, stream: Stream, known: str | None) -> tuple[date, date]:
        """Days ``[first, today)`` whose records are known after this batch."""
        today = self.today(stream)
        days = [date.fromisoformat(known)] if known else []
        if stream.cursor:
            days += self._day(stream, staged_value(landing, f"min({identifier(stream.cursor)})"))
        first = self.start or min(days, default=today)
        return min(first, today - timedelta(days=1)), today

    def _day(self, stream: Stream, moment: Any) -> list[date]:
        """The day of a cursor's value, in the zone of the stream's days."""
        if not isinstance(moment, datetime):
            return [moment] if moment else []
        zone = self.context.brand.timezone if stream.day_zone == "brand" else "UTC"
        return [moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()]
