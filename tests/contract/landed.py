"""Workbench: one source of a connector against its local server, landed run by run into a real raw zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from connectors.core.api import BrandFacts
from connectors.core.api_source import ApiSource
from connectors.core.clock import Clock
from connectors.core.outcome import SourceCheck, StreamLanding
from connectors.core.raw_zone import RawZone
from connectors.registry import api_config, api_connector

BRAND = BrandFacts(timezone="Asia/Tehran", currency="IRR")


@dataclass
class Seconds:
    """A clock whose seconds pass by waiting only; ``waits`` are all of them so far."""

    waits: list[float] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        """The same, for the core."""
        return Clock(monotonic=lambda: sum(self.waits), sleep=self.waits.append)


class Workbench:
    """Lands a source again and again.

    Args:
        zone: where it lands.
        keys: of the source in ``sanjeh.yml``.
    """

    def __init__(self, zone: RawZone, keys: Mapping[str, Any]) -> None:
        self.zone = zone
        self.keys = {"brand": "sib", **keys}
        self.seconds = Seconds()
        self.load_id = 0

    def source(self, **keys: Any) -> ApiSource:
        """The source, with ``keys`` over its own."""
        config = api_config(self.keys["connector"]).model_validate(self.keys | keys)
        connector = api_connector(config.connector)
        return ApiSource("crm", config, connector, brand=BRAND, clock=self.seconds.clock)

    def check(self, *, now: datetime, **keys: Any) -> SourceCheck:
        """What ``sanjeh check`` would tell."""
        return self.source(**keys).check(now=now)

    def land(self, at: datetime, **keys: Any) -> dict[str, StreamLanding]:
        """One run; outcomes by name of the stream."""
        self.load_id += 1
        landed = self.source(**keys).land(self.zone, load_id=self.load_id, loaded_at=at)
        return {each.stream.name: each for each in landed}

    def landed(self, at: datetime, **keys: Any) -> dict[str, StreamLanding]:
        """One run in which nothing may fail."""
        found = self.land(at, **keys)
        assert errors_of(found) == {}, errors_of(found)
        return found

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query over the raw views."""
        con = duckdb.connect()
        self.zone.create_views(con, self.source().streams())
        return con.execute(sql).fetchall()

    def everything_stored(self) -> str:
        """Every value of every raw file, as one text."""
        con = duckdb.connect()
        files = sorted(self.zone.root.glob("**/*.parquet"))
        return "\n".join(
            str(value)
            for path in files
            for row in con.execute("select * from read_parquet($1)", [str(path)]).fetchall()
            for value in row
        )


def errors_of(landed: Mapping[str, StreamLanding]) -> dict[str, str]:
    """What went wrong, by name of the stream."""
    return {name: each.error for name, each in landed.items() if each.error}
