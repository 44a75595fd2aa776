"""A raw zone that a toy source lands in, day after day, and short ways to look into it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pytest

from connectors.core.api import Context
from connectors.core.api_source import ApiSource
from connectors.core.feed_landing import FeedLanding
from connectors.core.manifest import Manifest
from connectors.core.outcome import StreamLanding
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from connectors.core.stream import Stream
from connectors.core.target import Tally, Target
from tests.unit.core.fake_clock import FakeClock
from tests.unit.core.toy_api import KEY, ToyApi
from tests.unit.core.toy_connector import (
    AUDIENCE,
    BRAND,
    CONNECTOR,
    CONTACTS,
    FOLLOWERS,
    KEY_VARIABLE,
    MARKS,
    NOTES,
    USERS,
    VISITS,
    Config,
    ToyClient,
)

SOURCE = "shop"
EVERY_STREAM = (VISITS, MARKS, USERS, CONTACTS, NOTES, FOLLOWERS, AUDIENCE)
Days = tuple[date, date] | None
_READER = duckdb.connect()
"""One for all tests: to open a database costs as much as a landing."""
LandingT = TypeVar("LandingT", bound=FeedLanding)


def noon(day: int, month: int = 11) -> datetime:
    """Noon UTC of a day of 2026."""
    return datetime(2026, month, day, 12, tzinfo=UTC)


def november(first: int, last: int) -> tuple[date, date]:
    """Days of November 2026, both inside."""
    return date(2026, 11, first), date(2026, 11, last)


@dataclass(kw_only=True)
class Toy:
    """One source of one workspace; every landing is a run of its own.

    Attributes:
        loads: id of the last run.
    """

    api: ToyApi
    zone: RawZone
    clock: FakeClock = field(default_factory=FakeClock)
    start: date | None = date(2026, 11, 1)
    loads: int = 0

    def config(self, **keys: Any) -> Config:
        """Configuration of the source; attempts are few since the tests' faults are one or for good."""
        http = {"attempts": 3, **keys.pop("http", {})}
        return Config(**{"base_url": self.api.base_url, "start": self.start, "http": http, **keys})

    def source(self, **keys: Any) -> ApiSource:
        """The source."""
        return ApiSource(SOURCE, self.config(**keys), CONNECTOR, brand=BRAND, clock=self.clock.clock)

    def try_land(
        self,
        on: datetime,
        *,
        window: Days = None,
        also: Days = None,
        how: Mapping[str, Any] | None = None,
        **keys: Any,
    ) -> dict[str, StreamLanding]:
        """Outcome by stream of one run; ``how`` goes to :meth:`ApiSource.land`, ``keys`` to the config."""
        self.loads += 1
        landed = self.source(**keys).land(
            self.zone, load_id=self.loads, loaded_at=on, window=window, also=also, **(how or {})
        )
        return {each.stream.name: each for each in landed}

    def land(
        self, on: datetime, *, window: Days = None, also: Days = None, **keys: Any
    ) -> dict[str, StreamLanding]:
        """The same where nothing goes wrong."""
        landed = self.try_land(on, window=window, also=also, **keys)
        assert {name: each.error for name, each in landed.items() if each.error} == {}
        return landed

    def plan(self, on: datetime, *, window: Days = None, also: Days = None, **keys: Any) -> list[str]:
        """What would be asked for."""
        return self.source(**keys).plan(self.zone, now=on, window=window, also=also)

    def directly(
        self,
        kind: type[LandingT],
        on: datetime,
        land: Callable[[LandingT], object],
        **keys: Any,
    ) -> Target:
        """Run ``land`` on the landing of a kind of feed, whose errors come as they are."""
        self.loads += 1
        config = self.config(**keys)
        context = Context(source_id=SOURCE, brand=BRAND, now=on, clock=self.clock.clock)
        target = Target(
            zone=self.zone,
            source_id=SOURCE,
            brand="acme",
            load_id=self.loads,
            loaded_at=on,
            locks={stream.id: threading.Lock() for stream in EVERY_STREAM},
            tallies={stream.id: Tally() for stream in EVERY_STREAM},
        )
        with closing(ToyClient(config, context)) as client:
            land(
                kind(
                    client=client,
                    context=context,
                    target=target,
                    start=config.start,
                    account_zone="Asia/Tehran",
                )
            )
        return target

    def manifest(self, stream: Stream) -> Manifest:
        """What is listed."""
        return self.zone.manifest(stream, SOURCE)

    def rows(self, stream: Stream, columns: str, *, where: str = "true") -> list[tuple[Any, ...]]:
        """Stored rows, sorted."""
        self.zone.create_views(_READER, (stream,))
        return sorted(_READER.execute(f"select {columns} from raw.{stream.view} where {where}").fetchall())

    def visits(self) -> dict[str, dict[str, int]]:
        """Visits by listed day and page, as manifest and view say together."""
        found: dict[str, dict[str, int]] = {day: {} for day in self.manifest(VISITS).slices}
        for day, page, visits in self.rows(VISITS, "_slice, page, visits"):
            found[day][page] = visits
        return found

    def contacts(self) -> dict[str, int]:
        """Points by contact that exists, of the newest version that is stored."""
        newest = (
            "qualify row_number() over (partition by contact_id order by _load_id desc, updated_at desc) = 1"
        )
        rows = self.rows(CONTACTS, "contact_id, points, _is_deleted", where=f"true {newest}")
        return {contact: points for contact, points, is_deleted in rows if not is_deleted}


@contextmanager
def fresh_toy() -> Iterator[Toy]:
    """A vendor and an empty workspace of their own, for tests that need many."""
    with (
        pytest.MonkeyPatch.context() as patched,
        tempfile.TemporaryDirectory() as folder,
        ToyApi() as api,
    ):
        patched.setenv(KEY_VARIABLE, KEY)
        pii = Pseudonymiser(key=b"test key")
        yield Toy(api=api, zone=RawZone(Path(folder) / "raw", temp=Path(folder) / "tmp", pii=pii))
