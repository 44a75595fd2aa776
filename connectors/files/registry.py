"""FILE_PRESETS: every kind of export file, by its word in ``sanjeh.yml``; FILE_STREAMS: what they land in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from connectors.core.stream import Stream
from connectors.files.preset import FilePreset
from connectors.files.presets import (
    ad_events_file,
    costs_file,
    crm_contacts_file,
    crm_deals_file,
    email_campaigns_file,
    exchange_rates_file,
    form_days_file,
    ga4_report_file,
    google_ads_file,
    meta_ads_file,
    novin_file,
    order_lines_file,
    orders_file,
    ravand_file,
    search_console_file,
    social_followers_file,
    social_posts_file,
    subscription_items_file,
    subscription_snapshots_file,
    survey_file,
)

FILE_PRESETS: Mapping[str, FilePreset] = MappingProxyType(
    {
        module.PRESET.connector: module.PRESET
        for module in (
            order_lines_file,
            orders_file,
            ga4_report_file,
            search_console_file,
            google_ads_file,
            meta_ads_file,
            email_campaigns_file,
            survey_file,
            subscription_snapshots_file,
            subscription_items_file,
            ad_events_file,
            crm_contacts_file,
            crm_deals_file,
            social_followers_file,
            social_posts_file,
            costs_file,
            exchange_rates_file,
            form_days_file,
            ravand_file,
            novin_file,
        )
    }
)
"""Preset by connector word."""

FILE_STREAMS: Mapping[str, Stream] = MappingProxyType(
    {stream.id: stream for preset in FILE_PRESETS.values() for stream in preset.streams}
)
"""Streams that a file can land in, by id; ``stream:`` of a source names one."""


def preset_for(stream: Stream) -> FilePreset:
    """The first preset that feeds ``stream``: its headers and constants hold for redirected sources too."""
    return next(preset for preset in FILE_PRESETS.values() if stream in preset.streams)
