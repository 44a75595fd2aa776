"""Desk: a source over a vendor's local server, landed again and again into one raw zone, and read by SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from connectors.calendar.make import CalendarKey, periods_within
from connectors.core.api import BrandFacts
from connectors.core.api_source import ApiSource
from connectors.core.errors import ConnectorError
from connectors.core.outcome import StreamLanding
from connectors.core.raw_zone import RawZone
from connectors.registry import api_config, api_connector
from tests.contract.conformance.moments import FakeTime

NOW = datetime(2026, 11, 10, 9, tzinfo=UTC)
JALALI = CalendarKey("jalali", "saturday", 1)
SOURCE = "shop"


def brand_facts(key: CalendarKey = JALALI, **facts: Any) -> BrandFacts:
    """A brand in Tehran with the periods of ``key``."""
    return BrandFacts(timezone="Asia/Tehran", currency="IRR", periods=partial(periods_within, key), **facts)


@dataclass(kw_only=True)
class Desk:
    """One source.

    Attributes:
        word: of the connector. keys: of the source. brand: whom it works for.
        zone: where it lands. time: what passes while it waits.
        only: ids of the streams to land; all if empty.
    """

    word: str
    keys: Mapping[str, Any]
    zone: RawZone
    brand: BrandFacts = field(default_factory=brand_facts)
    time: FakeTime = field(default_factory=FakeTime)
    only: tuple[str, ...] = ()
    load_id: int = 0

    def source(self, **keys: Any) -> ApiSource:
        """The source with ``keys`` over its own."""
        config = api_config(self.word).model_validate(
            {"connector": self.word, "brand": "sib", "http": {"backoff_seconds": 1}, **self.keys, **keys}
        )
        connector = api_connector(self.word)
        if self.only:
            asked = connector.feeds
            connector = replace(
                connector,
                feeds=lambda config: [each for each in asked(config) if each.stream.id in self.only],
            )
        return ApiSource(SOURCE, config, connector, brand=self.brand, clock=self.time.clock)

    def tried(
        self, *, at: datetime = NOW, window: tuple[date, date] | None = None, **keys: Any
    ) -> dict[str, StreamLanding]:
        """Outcomes of a landing by stream id, whatever went wrong."""
        self.load_id += 1
        outcomes = self.source(**keys).land(self.zone, load_id=self.load_id, loaded_at=at, window=window)
        return {outcome.stream.id: outcome for outcome in outcomes}

    def land(self, **how: Any) -> dict[str, StreamLanding]:
        """Outcomes of a landing in which nothing may go wrong."""
        outcomes = self.tried(**how)
        assert {name: each.error for name, each in outcomes.items() if each.error} == {}
        return outcomes

    def errors(self, **how: Any) -> dict[str, str]:
        """What went wrong by stream id; under no id where the source wasn't reached at all."""
        try:
            outcomes = self.tried(**how)
        except ConnectorError as error:
            return {"": f"{type(error).__name__}: {error}"}
        return {name: each.error for name, each in outcomes.items() if each.error}

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the raw views."""
        with duckdb.connect() as con:
            self.zone.create_views(con, self.source().streams())
            return con.execute(sql).fetchall()


def zone_in(folder: Path) -> RawZone:
    """An empty raw zone."""
    return RawZone(folder / "raw", temp=folder / "temp", pii=None)
