"""FeedLanding: what landing a feed needs whatever its kind: days, walls, checks of a window.

A window or batch commits by itself, so that a failure costs one of them and the next run goes on behind the
last. A window whose rows moved between pages is read again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.api import Context
from connectors.core.errors import PageDriftError, TransientError
from connectors.core.feed import Feed
from connectors.core.inflow import Inflow
from connectors.core.landing import Landing
from connectors.core.manifest import Manifest
from connectors.core.sql import identifiers
from connectors.core.stream import Stream
from connectors.core.target import Target

ASKED = "asked"
"""Key of a manifest's state: what shaped the questions of the last complete landing."""
_READINGS = 3


@dataclass(frozen=True, kw_only=True)
class FeedLanding:
    """Base of the landings of each kind of feed.

    Attributes:
        client: the connector's; None where only plans are made.
        start: first day that the source is configured to have; None for the default.
        account_zone: IANA name of the account's days.
        should_stop: asked between windows; True when another feed met a wall that all share.
        said: told the rows of each batch.
    """

    client: Any
    context: Context
    target: Target
    start: date | None
    account_zone: str
    should_stop: Callable[[], bool] = lambda: False
    said: Callable[[int], None] = lambda _: None

    def today(self, stream: Stream) -> date:
        """The run's day in the zone of the stream's days."""
        zones = {"source": self.account_zone, "brand": self.context.brand.timezone}
        return self.context.now.astimezone(ZoneInfo(zones.get(stream.day_zone, stream.day_zone))).date()

    def manifest(self, stream: Stream) -> Manifest:
        """What is listed of ``stream``."""
        return self.target.zone.manifest(stream, self.target.source_id)

    def is_asked_anew(self, feed: Feed) -> bool:
        """Whether the feed's questions changed since its last landing."""
        return self.manifest(feed.stream).state.get(ASKED, "") != feed.asked(self.context)

    def note(self, stream: Stream, text: str) -> None:
        """Keep a sentence for a person."""
        self.target.tallies[stream.id].notes.setdefault(text)

    def require_no_wall(self, stream: Stream) -> None:
        """See that going on makes sense; asked between windows.

        Raises:
            TransientError: another feed of the source met a wall that all share.
        """
        if self.should_stop():
            raise TransientError(
                f"Source {self.target.source_id}, stream {stream.id}: not asked any further, since another "
                "stream of this source met an error that holds for all. What landed so far stays; the next "
                "run goes on from there."
            )

    def inflow(self, feed: Feed, *, slice_sql: str) -> Inflow:
        """A place for the rows of ``feed``; ``slice_sql`` places those of its own stream."""
        return Inflow(self.target, feed, slice_sql=slice_sql, said=self.said)

    def until_still(self, land: Callable[[], None]) -> None:
        """Call ``land``; where rows moved between pages meanwhile, again, thrice at most."""
        for reading in range(1, _READINGS + 1):
            try:
                return land()
            except PageDriftError:
                if reading == _READINGS:
                    raise
        return None

    def require_once(self, landing: Landing) -> None:
        """See that no key is staged twice.

        Raises:
            PageDriftError: names a key that is.
        """
        keys = identifiers(landing.stream.key)
        twice = landing.con.execute(
            f"select {keys} from staged group by {keys} having count(*) > 1 limit 1"
        ).fetchone()
        if twice is not None:
            named = ", ".join(f"{key} {value}" for key, value in zip(landing.stream.key, twice, strict=True))
            raise PageDriftError(
                f"Source {self.target.source_id}, stream {landing.stream.id}: the row of {named} came twice, "
                "so rows moved between pages while they were read. Nothing of this window was stored; run "
                "again."
            )


def staged_value(landing: Landing, expression: str) -> Any:
    """The value of an aggregate over what is staged."""
    row = landing.con.execute(f"select {expression} from staged").fetchone()
    return row[0] if row else None
