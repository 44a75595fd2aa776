"""Landing of snapshots: how things are at the run's clock, under the brand's day; the past stays as read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from connectors.core.feed import Batch, SnapshotFeed
from connectors.core.feed_landing import FeedLanding
from connectors.core.plan import Replaces
from connectors.core.sql import literal
from connectors.core.stream import Kind


class SnapshotLanding(FeedLanding):
    """Lands snapshot feeds."""

    def land(self, feed: SnapshotFeed) -> None:
        """Land one reading."""
        self.require_no_wall(feed.stream)
        self.until_still(partial(self._land_reading, feed))

    def _land_reading(self, feed: SnapshotFeed) -> None:
        today = self.today(feed.stream)
        whole_day = Replaces.window(today, today + timedelta(days=1))
        with self.inflow(feed, slice_sql=literal(today.isoformat())) as inflow:
            inflow.fill(self._stamped(feed))
            for landing in inflow.landings:
                if landing.stream.kind is Kind.SNAPSHOT and landing.stream.key:
                    self.require_once(landing)
            inflow.commit_beside(snapshots_replace=whole_day)
            inflow.commit(replaces=whole_day)

    def _stamped(self, feed: SnapshotFeed) -> Iterator[Batch]:
        """The batches of ``feed``; rows of snapshots bear the run's clock, whatever they said of it."""
        moment = self.context.now.isoformat()
        for batch in feed.read(self.client):
            if batch.stream.kind is Kind.SNAPSHOT and batch.stream.cursor and len(batch):
                clock = {batch.stream.cursor: [moment] * len(batch)}
                yield replace(batch, columns={**batch.columns, **clock})
            else:
                yield batch
