"""A workspace whose sources land and never fail: what the disturbed one is held against.

One lands at every clock. Where the disturbed one differs, another that lands for the first time tells what the servers hold
now: after an outage days are read again that the first one read a day earlier, for the last time. Only its raw zone is filled, by the connectors as the orchestration opens them; nothing is built.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from connectors.core.api_source import ApiSource
from connectors.core.feed import EntityFeed
from connectors.core.rate_limit import Limits
from connectors.core.raw_zone import RawZone
from connectors.registry import api_connector
from orchestration.control import open_raw_zone
from orchestration.settings import Settings, load_settings
from orchestration.source_settings import Source
from orchestration.workspace import Workspace
from tests.chaos.raw_content import Content, content_of

_AT_ONCE = 8


def land_undisturbed(home: Path, *, load_id: int, clock: datetime) -> dict[str, Content]:
    """Land every API source of the workspace; returns by source what its zone then holds.

    Raises:
        AssertionError: something went wrong, which nobody ordered.
    """
    workspace = Workspace(home)
    with variables_of(workspace):
        settings = load_settings(workspace)
        zone = open_raw_zone(workspace, settings)
        limits = Limits()

        def land(source: Source) -> list[str]:
            opened = source.open(workspace, limits=limits)
            assert isinstance(opened, ApiSource)
            outcomes = opened.land(zone, load_id=load_id, loaded_at=clock)
            return [f"{source.source_id}: {each.error}" for each in outcomes if each.error]

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            errors = [error for each in pool.map(land, api_sources(settings).values()) for error in each]
    if errors:
        raise AssertionError(f"The servers are sound, yet {errors}")
    return contents(zone, settings)


def api_sources(settings: Settings) -> Mapping[str, Source]:
    """Those that call a server."""
    return {source_id: source for source_id, source in settings.sources.items() if source.is_api}


def contents(zone: RawZone, settings: Settings) -> dict[str, Content]:
    """What ``zone`` holds, by source."""
    return {
        source_id: content_of(
            zone.root,
            source_id,
            source.streams,
            {feed.stream.id: feed.version for feed in _versioned(source) if feed.version},
        )
        for source_id, source in api_sources(settings).items()
    }


def asked_since(zone: RawZone, settings: Settings) -> dict[str, dict[str, datetime]]:
    """By source and stream of records, the moment from which the next run asks for changes."""
    return {
        source_id: {
            feed.stream.id: datetime.fromisoformat(seen).replace(tzinfo=None) - feed.overlap
            for feed in _versioned(source)
            if (seen := zone.manifest(feed.stream, source_id).state.get("seen_through"))
        }
        for source_id, source in api_sources(settings).items()
    }


def _versioned(source: Source) -> list[EntityFeed]:
    feeds = api_connector(source.connector).feeds(source.config)
    return [feed for feed in feeds if isinstance(feed, EntityFeed) and feed.version]


@contextmanager
def variables_of(workspace: Workspace) -> Iterator[None]:
    """This process's environment with what the workspace's ``.env`` sets, for the time being."""
    lines = workspace.env_file.read_text(encoding="utf-8").splitlines()
    values = dict(line.split("=", 1) for line in lines)
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
