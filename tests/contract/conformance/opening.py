"""Opens sources as the orchestration does; knows no server, so that a process which only lands starts quickly."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from connectors.core.api_config import ApiConfig
from connectors.core.api_source import ApiConnector, ApiSource
from connectors.core.clock import Clock
from connectors.core.feed import Feed
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from connectors.files.discovery import Settling
from connectors.ga4_events.config import Ga4EventsConfig
from connectors.ga4_events.source import Ga4EventsSource
from connectors.registry import API_CONNECTORS, api_config, api_connector
from tests.contract.conformance.brand import BRAND

Source = ApiSource | Ga4EventsSource
SOURCE = "web"
"""Id of the source that lands."""
PII_KEY = b"the suite's key of thirty bytes."
SETTLED = 1_700_000_000
"""When files were last written, in seconds since 1970: long ago."""


def open_zone(workspace: Path) -> RawZone:
    """The raw zone of a scenario; people are hashed with the suite's key."""
    return RawZone(workspace / "raw", temp=workspace / "temp", pii=Pseudonymiser(key=PII_KEY))


def open_source(
    word: str,
    source_id: str,
    keys: Mapping[str, Any],
    *,
    workspace: Path,
    clock: Clock,
    only: Collection[str] | None = None,
) -> Source:
    """The source of a registered connector.

    Args:
        word: the connector's.
        source_id: id in ``sanjeh.yml``.
        keys: its keys there.
        workspace: folder of files, if any.
        clock: waits of calls.
        only: ids of the streams to land; all if None.
    """
    if word in API_CONNECTORS:
        return open_api(api_config(word), api_connector(word), source_id, keys, clock=clock, only=only)
    return Ga4EventsSource(
        source_id,
        Ga4EventsConfig.model_validate({"connector": word, **keys}),
        workspace=workspace,
        default_timezone=BRAND.timezone,
        default_currency=BRAND.currency,
        settling=Settling(now=lambda: SETTLED + 100.0, wait=lambda _: None),
    )


def open_api(
    model: type[ApiConfig],
    connector: ApiConnector,
    source_id: str,
    keys: Mapping[str, Any],
    *,
    clock: Clock,
    only: Collection[str] | None,
) -> ApiSource:
    """The source of an API's connector, registered or not; arguments as for :func:`open_source`."""
    if only is not None:
        connector = replace(connector, feeds=partial(_some, connector.feeds, only))
    config = model.model_validate({"connector": connector.word, **keys})
    return ApiSource(source_id, config, connector, brand=BRAND, clock=clock)


def _some(feeds: Callable[[Any], Sequence[Feed]], wanted: Collection[str], config: Any) -> Sequence[Feed]:
    return [feed for feed in feeds(config) if feed.stream.id in wanted]
