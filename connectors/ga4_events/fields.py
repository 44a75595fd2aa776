"""Where each column of the stream stands in the export: records by path, event parameters by key.

Older and newer schemas put some values elsewhere, so a column may have several places; the first that is
filled counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from connectors.core.stream import Type
from connectors.ga4_events.streams import EVENTS


@dataclass(frozen=True)
class Place:
    """Places of one column, in order.

    Attributes:
        paths: dotted paths of records. params: keys of event parameters, looked at after the paths.
    """

    paths: tuple[str, ...] = ()
    params: tuple[str, ...] = ()


PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "stream_id": Place(("stream_id",)),
        "platform": Place(("platform",)),
        "hostname": Place(("device.web_info.hostname", "event_dimensions.hostname")),
        "user_pseudo_id": Place(("user_pseudo_id",)),
        "user_id": Place(("user_id",)),
        "is_active_user": Place(("is_active_user",)),
        "analytics_storage": Place(("privacy_info.analytics_storage",)),
        "ads_storage": Place(("privacy_info.ads_storage",)),
        "ga_session_id": Place(params=("ga_session_id",)),
        "ga_session_number": Place(params=("ga_session_number",)),
        "session_engaged": Place(params=("session_engaged",)),
        "engagement_time_msec": Place(params=("engagement_time_msec",)),
        "page_location": Place(params=("page_location",)),
        "page_referrer": Place(params=("page_referrer",)),
        "source": Place(params=("source",)),
        "medium": Place(params=("medium",)),
        "campaign": Place(params=("campaign",)),
        "manual_source": Place(("collected_traffic_source.manual_source",)),
        "manual_medium": Place(("collected_traffic_source.manual_medium",)),
        "manual_campaign_name": Place(("collected_traffic_source.manual_campaign_name",)),
        "manual_campaign_id": Place(("collected_traffic_source.manual_campaign_id",)),
        "gclid": Place(("collected_traffic_source.gclid",), ("gclid",)),
        "session_source": Place(("session_traffic_source_last_click.cross_channel_campaign.source",)),
        "session_medium": Place(("session_traffic_source_last_click.cross_channel_campaign.medium",)),
        "session_campaign_name": Place(
            ("session_traffic_source_last_click.cross_channel_campaign.campaign_name",)
        ),
        "session_default_channel_group": Place(
            ("session_traffic_source_last_click.cross_channel_campaign.default_channel_group",)
        ),
        "event_value": Place(params=("value",)),
        "event_value_in_usd": Place(("event_value_in_usd",)),
        "purchase_revenue": Place(("ecommerce.purchase_revenue",)),
        "refund_value": Place(("ecommerce.refund_value",)),
        "currency_code": Place(params=("currency",)),
        "transaction_id": Place(("ecommerce.transaction_id",), ("transaction_id",)),
        "device_category": Place(("device.category",)),
        "country": Place(("geo.country",)),
        "traffic_type": Place(params=("traffic_type",)),
        "debug_mode": Place(params=("debug_mode",)),
        "event_bundle_sequence_id": Place(("event_bundle_sequence_id",)),
        "batch_page_id": Place(("batch_page_id",), ("batch_page_id",)),
        "batch_ordering_id": Place(("batch_ordering_id",), ("batch_ordering_id",)),
        "batch_event_index": Place(("batch_event_index",), ("batch_event_index",)),
    }
)
"""Places by column; day, moment and name are read apart, since each event has them."""

AMOUNTS = tuple(column.name for column in EVENTS.columns if column.type is Type.MONEY)
ADDRESSES = ("page_location", "page_referrer")
REQUIRED = ("event_timestamp", "event_name", "event_params")
"""Columns without which a file is no raw export."""
VALUE_FIELDS = ("string_value", "int_value", "double_value", "float_value")
"""Fields of a parameter's value; one of them is filled."""

KNOWN_COLUMNS = frozenset(
    {
        "app_info",
        "batch_event_index",
        "batch_ordering_id",
        "batch_page_id",
        "collected_traffic_source",
        "device",
        "ecommerce",
        "event_bundle_sequence_id",
        "event_date",
        "event_dimensions",
        "event_name",
        "event_original_occurrence_timestamp",
        "event_params",
        "event_previous_timestamp",
        "event_server_timestamp_offset",
        "event_timestamp",
        "event_value_in_usd",
        "geo",
        "is_active_user",
        "items",
        "platform",
        "privacy_info",
        "publisher",
        "session_traffic_source_last_click",
        "stream_id",
        "traffic_source",
        "user_first_touch_timestamp",
        "user_id",
        "user_ltv",
        "user_properties",
        "user_pseudo_id",
    }
)
"""Top-level columns of the export as of November 2026; any other is news."""


def record_paths() -> tuple[str, ...]:
    """Every record path that is read, the parameters apart."""
    return (
        "event_date",
        "event_timestamp",
        "event_name",
        *(path for place in PLACES.values() for path in place.paths),
    )
