"""Kinds of sources: from a connector's word to the model of its keys and to the connector at work.

Files by preset, event exports, APIs: what they have in common is the face that a run needs. Each is imported
when a source of its kind is configured, not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from connectors.registry import API_CONNECTORS, api_config, api_connector

if TYPE_CHECKING:
    from pathlib import Path

    from connectors.core.api import BrandFacts
    from connectors.core.api_config import ApiConfig
    from connectors.core.api_source import ApiSource
    from connectors.core.rate_limit import Limits
    from connectors.files.config import FileSourceConfig
    from connectors.files.source import FileSource
    from connectors.ga4_events.config import Ga4EventsConfig
    from connectors.ga4_events.source import Ga4EventsSource
    from orchestration.workspace import Workspace

    SourceConfig: TypeAlias = ApiConfig | FileSourceConfig | Ga4EventsConfig
    FilesSource: TypeAlias = FileSource | Ga4EventsSource
    OpenedSource: TypeAlias = ApiSource | FilesSource

GA4_EVENTS = "ga4_events"
DOES_NOT_SHAPE = {
    "http",
    "parallel",
    "base_url",
    "page_rows",
    "page_size",
    "transport",
    "api_version",
    "calls_per_10s",
}
"""Keys of a source that change how it is asked and not what it answers."""


def connector_words() -> tuple[str, ...]:
    """Every word that ``connector`` may have."""
    from connectors.files.registry import FILE_PRESETS  # noqa: PLC0415 - imports file formats

    return (*FILE_PRESETS, GA4_EVENTS, *API_CONNECTORS)


def config_model(word: str) -> type[SourceConfig]:
    """The model that validates the connector's own keys."""
    if word in API_CONNECTORS:
        return api_config(word)
    if word == GA4_EVENTS:
        from connectors.ga4_events.config import Ga4EventsConfig  # noqa: PLC0415

        return Ga4EventsConfig
    from connectors.files.config import FileSourceConfig  # noqa: PLC0415

    return FileSourceConfig


def open_source(
    source_id: str,
    word: str,
    config: SourceConfig,
    workspace: Workspace,
    *,
    brand: BrandFacts,
    limits: Limits | None = None,
) -> OpenedSource:
    """The connector of a source, ready to check and to land; nothing is read or called yet.

    Raises:
        ConnectorError: the configuration contradicts the connector.
    """
    from connectors.core.api_config import ApiConfig  # noqa: PLC0415

    if isinstance(config, ApiConfig):
        from connectors.core.api_source import ApiSource  # noqa: PLC0415

        return ApiSource(source_id, config, api_connector(word), brand=brand, limits=limits)
    return _open_files(source_id, config, workspace.root, brand)


def _open_files(
    source_id: str, config: FileSourceConfig | Ga4EventsConfig, root: Path, brand: BrandFacts
) -> FilesSource:
    from connectors.files.config import FileSourceConfig  # noqa: PLC0415

    if isinstance(config, FileSourceConfig):
        from connectors.files.source import FileSource  # noqa: PLC0415

        return FileSource(
            source_id,
            config,
            workspace=root,
            default_timezone=brand.timezone,
            default_currency=brand.currency,
        )
    from connectors.ga4_events.source import Ga4EventsSource  # noqa: PLC0415

    return Ga4EventsSource(
        source_id,
        config,
        workspace=root,
        default_timezone=brand.timezone,
        default_currency=brand.currency,
    )
