"""ApiSource: one configured API source, from the vendor into the raw zone; the twin of ``files.FileSource``.

Its feeds land side by side, a few at a time, each to its own end: a feed that fails is reported and the
others go on, except where the wall is one for all (credentials, the day's quota). What a feed committed
before it failed stays, and the next run goes on behind it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.core.api import Account, BrandFacts, Client, Context
from connectors.core.api_config import ApiConfig
from connectors.core.clock import Clock
from connectors.core.entity_landing import EntityLanding
from connectors.core.errors import (
    AuthError,
    ConnectorError,
    QuotaError,
    SchemaError,
    ScopeError,
    TransientError,
)
from connectors.core.feed import EntityFeed, Feed, PeriodFeed, ReportFeed, SnapshotFeed, streams_of
from connectors.core.meter import Meter, metering
from connectors.core.outcome import SourceCheck, StreamLanding
from connectors.core.rate_limit import Limits
from connectors.core.raw_zone import RawZone
from connectors.core.report_landing import ReportLanding
from connectors.core.shape import known_shape
from connectors.core.snapshot_landing import SnapshotLanding
from connectors.core.stream import Stream
from connectors.core.target import Tally, Target
from connectors.core.window import Ask, DateWindow, spans

_SAY_EVERY = 5_000
"""Rows between two lines of progress of one stream."""


@dataclass(frozen=True, kw_only=True)
class ApiConnector:
    """What a connector's package hands to the core.

    Attributes:
        word: its word in ``sanjeh.yml``.
        connect: makes the client; ``(config, context)``.
        feeds: what it lands; ``(config)``, since options may leave streams out.
    """

    word: str
    connect: Callable[[Any, Context], Client]
    feeds: Callable[[Any], Sequence[Feed]]


class ApiSource:
    """One API source of a workspace.

    Args:
        source_id: id in ``sanjeh.yml``.
        config: the connector's own validated keys.
        connector: the connector.
        brand: what the connector may know of the brand.
        clock: waits between calls.
        limits: shared by the sources of a run.
    """

    def __init__(
        self,
        source_id: str,
        config: ApiConfig,
        connector: ApiConnector,
        *,
        brand: BrandFacts,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.source_id = source_id
        self.config = config
        self._connector = connector
        self._brand = brand
        self._clock = clock or Clock()
        self._limits = limits or Limits(self._clock)
        self._feeds = tuple(feed for feed in connector.feeds(config) if feed.applies(brand))

    def streams(self) -> tuple[Stream, ...]:
        """Streams that this source feeds."""
        return streams_of(self._feeds)

    def check(self, *, now: datetime) -> SourceCheck:
        """Who the credentials are and what they may do, by the API's cheapest authenticated call."""
        personal = tuple(
            sorted({c.name for stream in self.streams() for c in stream.personal})
            if self.config.pii == "hash"
            else ()
        )
        try:
            client = self._connector.connect(self.config, self._context(now))
            try:
                account = self._account(client)
            finally:
                client.close()
        except ConnectorError as error:
            return SourceCheck(source_id=self.source_id, summary="no answer", problems=(str(error),))
        facts = {"zone": account.timezone, "currency": account.currency, "quota": account.quota}
        told = [f"{name} {value}" for name, value in facts.items() if value]
        return SourceCheck(
            source_id=self.source_id,
            summary="; ".join([account.identity, account.permission, *told]),
            notes=account.notes,
            personal_columns=personal,
        )

    def land(
        self,
        zone: RawZone,
        *,
        load_id: int,
        loaded_at: datetime,
        window: tuple[date, date] | None = None,
        also: tuple[date, date] | None = None,
        progress: Callable[[str], None] = lambda _: None,
        slots: threading.Semaphore | None = None,
        stopped: threading.Event | None = None,
    ) -> list[StreamLanding]:
        """Land what is new, changed or still restated.

        Args:
            zone: the raw zone.
            load_id: id of the run.
            loaded_at: its time and the clock of the API's days, with zone.
            window: days (inclusive) to ask reports for again, instead of those that are due.
            also: days (inclusive) to ask reports for besides those that are due.
            progress: told of each stream's rows, requests and waits; from several threads.
            slots: taken by each feed while it lands, so that a run bounds all its sources together.
            stopped: set where the run is broken off; feeds then end at their next batch.

        Returns:
            One outcome per stream; ``error`` says what kept it from its end.

        Raises:
            ConnectorError: the source can't be reached at all.
        """
        context = self._context(loaded_at)
        client = self._connector.connect(self.config, context)
        try:
            landing = _SourceLanding(
                config=self.config,
                client=client,
                context=context,
                account_zone=self._account_zone(client),
                ask=_ask(window, also),
                target=self._target(zone, load_id=load_id, loaded_at=loaded_at),
                progress=progress,
                slots=slots,
                stopped=stopped or threading.Event(),
            )
            return landing.land(self._feeds, self.streams())
        finally:
            client.close()

    def plan(
        self,
        zone: RawZone,
        *,
        now: datetime,
        window: tuple[date, date] | None = None,
        also: tuple[date, date] | None = None,
    ) -> list[str]:
        """What a landing now would ask for, a line per stream; nothing is called."""
        common: dict[str, Any] = {
            "client": None,
            "context": self._context(now),
            "target": self._target(zone, load_id=0, loaded_at=now),
            "start": self.config.start,
            "account_zone": self.config.timezone or self._brand.timezone,
        }
        ask = _ask(window, also)
        return [f"{feed.stream.id}: {_planned(feed, ask, common)}" for feed in self._feeds]

    def _target(self, zone: RawZone, *, load_id: int, loaded_at: datetime) -> Target:
        keep = self.config.pii == "keep"
        return Target(
            zone=zone.with_rules_of(keep=keep, address_flags=self.config.address_flags),
            source_id=self.source_id,
            brand=self.config.brand,
            load_id=load_id,
            loaded_at=loaded_at,
            locks={stream.id: threading.Lock() for stream in self.streams()},
            tallies={stream.id: Tally() for stream in self.streams()},
        )

    def _account_zone(self, client: Client) -> str:
        """Zone of the account's days: as configured, else as the API tells, else the brand's."""
        if not self._has_days_of_account():
            return self._brand.timezone
        return self.config.timezone or self._account(client).timezone or self._brand.timezone

    def _has_days_of_account(self) -> bool:
        return any(stream.day_zone == "source" for stream in self.streams())

    def _account(self, client: Client) -> Account:
        what = f"Source {self.source_id}, the account"
        with known_shape(what):
            account = client.account()
        if account.timezone and self._has_days_of_account() and not self.config.timezone:
            _require_zone(account.timezone, what)
        return account

    def _context(self, now: datetime) -> Context:
        return Context(
            source_id=self.source_id, brand=self._brand, now=now, clock=self._clock, limits=self._limits
        )


def _require_zone(name: str, what: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: "Asia" is a folder of zones
        raise SchemaError(
            f"{what}: the API tells {name!r} as the zone of its days, which is no IANA name, so it isn't "
            "known when they begin. Nothing was stored, what was stored before is intact. Write the zone as "
            "`timezone` of the source, such as Asia/Tehran, and run `sanjeh check`."
        ) from None


def _ask(window: tuple[date, date] | None, also: tuple[date, date] | None) -> Ask:
    return Ask(
        requested=DateWindow.inclusive(*window) if window else None,
        also=DateWindow.inclusive(*also) if also else None,
    )


def _planned(feed: Feed, ask: Ask, common: dict[str, Any]) -> str:
    match feed:
        case ReportFeed():
            windows = ReportLanding(**common).windows(feed, ask)
            days = ", ".join(map(str, spans(day for window in windows for day in window.days())))
            return f"days {days}, in {len(windows)} windows" if windows else "no days"
        case PeriodFeed():
            return f"{len(ReportLanding(**common).periods(feed, ask))} periods"
        case EntityFeed():
            since = EntityLanding(**common).since(feed)
            return f"changes since {since:%Y-%m-%d %H:%M} UTC" if since else "the whole list"
        case SnapshotFeed():
            return "one snapshot of today"


@dataclass(frozen=True, kw_only=True)
class _SourceLanding:
    """One landing of a source: its feeds, side by side."""

    config: ApiConfig
    client: Client
    context: Context
    account_zone: str
    ask: Ask
    target: Target
    progress: Callable[[str], None]
    slots: threading.Semaphore | None
    stopped: threading.Event

    def land(self, feeds: Sequence[Feed], streams: Sequence[Stream]) -> list[StreamLanding]:
        """Outcome of every stream."""
        wall = threading.Event()
        meters = [Meter() for _ in feeds]
        with ThreadPoolExecutor(self.config.parallel, thread_name_prefix=self.target.source_id) as pool:
            running = [
                pool.submit(copy_context().run, self._land_feed, feed, meter, wall)
                for feed, meter in zip(feeds, meters, strict=True)
            ]
            errors = [each.result() for each in running]
        return [self._outcome(stream, list(zip(feeds, meters, errors, strict=True))) for stream in streams]

    def _outcome(self, stream: Stream, done: Sequence[tuple[Feed, Meter, str | None]]) -> StreamLanding:
        """What happened to ``stream``, whose feed may be one of another stream that it comes beside."""
        own = [meter for feed, meter, _ in done if feed.stream.id == stream.id]
        feeding = [error for feed, _, error in done if stream in (feed.stream, *feed.beside)]
        tally = self.target.tallies[stream.id]
        return StreamLanding(
            stream=stream,
            requests=sum(meter.requests for meter in own),
            waited_seconds=sum(meter.waited_seconds for meter in own),
            windows=tally.windows,
            rows=tally.rows,
            changed_slices=tally.changed_slices,
            new_columns=tuple(tally.new_columns),
            notes=tuple(tally.notes),
            error=next((error for error in feeding if error), None),
        )

    def _land_feed(self, feed: Feed, meter: Meter, wall: threading.Event) -> str | None:
        """Land one feed; returns what kept it from its end."""
        with self.slots or nullcontext(), metering(meter):
            try:
                self._run(feed, meter, wall)
            except ConnectorError as error:
                if isinstance(error, AuthError | QuotaError) and not isinstance(error, ScopeError):
                    wall.set()
                return str(error)
            finally:
                self._say(feed, meter)
        return None

    def _run(self, feed: Feed, meter: Meter, wall: threading.Event) -> None:
        shown = 0

        def said(rows: int) -> None:
            nonlocal shown
            if self.stopped.is_set():
                raise TransientError(
                    f"{feed.stream.id} was broken off with the run; the next goes on from there."
                )
            meter.received(rows)
            if meter.rows - shown >= _SAY_EVERY:
                shown = meter.rows
                self._say(feed, meter)

        common: dict[str, Any] = {
            "client": self.client,
            "context": self.context,
            "target": self.target,
            "start": self.config.start,
            "account_zone": self.account_zone,
            "should_stop": lambda: wall.is_set() or self.stopped.is_set(),
            "said": said,
        }
        match feed:
            case ReportFeed():
                ReportLanding(**common).land(feed, self.ask)
            case PeriodFeed():
                ReportLanding(**common).land_periods(feed, self.ask)
            case EntityFeed():
                landing = EntityLanding(**common)
                if self.ask.requested:
                    landing.note(feed.stream, "asked by change, not by day: --from and --to don't apply")
                landing.land(feed)
            case SnapshotFeed():
                reading = SnapshotLanding(**common)
                if self.ask.requested:
                    reading.note(
                        feed.stream,
                        "read as it is now, the past can't be asked for: --from and --to don't apply",
                    )
                reading.land(feed)

    def _say(self, feed: Feed, meter: Meter) -> None:
        waited = f", waited {meter.waited_seconds:.0f} s" if meter.waited_seconds >= 1 else ""
        self.progress(f"{feed.stream.id} {meter.rows:,} rows, {meter.requests:,} requests{waited}")
