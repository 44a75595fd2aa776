"""Which question to Google Ads fills which stream; days are those of the account's zone.

Numbers stay as they are sent: whole numbers come as text, micros become money by decimals, and what a row
lacks of the metrics that its answer holds is zero by Google's own contract. Names that it lacks stay unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from connectors.core.api import Context
from connectors.core.errors import SourceDataError
from connectors.core.feed import Batch, EntityFeed, Feed, ReportFeed
from connectors.core.stream import Stream
from connectors.core.window import DateWindow
from connectors.google_ads.client import camel
from connectors.google_ads.config import Config
from connectors.google_ads.streams import (
    AD_GROUP_PERFORMANCE,
    AD_PERFORMANCE,
    CAMPAIGN_PERFORMANCE,
    CONVERSION_ACTIONS,
    CONVERSIONS,
    CUSTOMERS,
)

if TYPE_CHECKING:
    from connectors.google_ads.client import GoogleAdsClient, Row

_MEMORY_DAYS = 1_120
"""Google tells days of 37 months; of older ones it gives no rows, which would pass for days without ads."""
_WINDOW_DAYS = 28
_PLACES_OF_MICROS = -6

_DAY = {"date": "segments.date", "account_id": "customer.id"}
_CAMPAIGN = {"campaign_id": "campaign.id", "campaign_name": "campaign.name"}
_CURRENCY = {"currency_code": "customer.currency_code"}
_SPENT = {
    "impressions": "metrics.impressions",
    "clicks": "metrics.clicks",
    "cost": "metrics.cost_micros",
}
_CLAIMS = {"conversions": "metrics.conversions", "conversion_value": "metrics.conversions_value"}
_AD_GROUP = {"ad_group_id": "ad_group.id", "ad_group_name": "ad_group.name"}

_REPORTS: Mapping[Stream, tuple[str, Mapping[str, str]]] = {
    CAMPAIGN_PERFORMANCE: (
        "campaign",
        _DAY
        | _CAMPAIGN
        | {"campaign_type": "campaign.advertising_channel_type"}
        | _SPENT
        | _CURRENCY
        | _CLAIMS,
    ),
    AD_GROUP_PERFORMANCE: (
        "ad_group",
        _DAY | _CAMPAIGN | _AD_GROUP | {"ad_group_type": "ad_group.type"} | _SPENT | _CURRENCY | _CLAIMS,
    ),
    AD_PERFORMANCE: (
        "ad_group_ad",
        _DAY
        | _CAMPAIGN
        | _AD_GROUP
        | {
            "ad_id": "ad_group_ad.ad.id",
            "ad_name": "ad_group_ad.ad.name",
            "ad_type": "ad_group_ad.ad.type",
        }
        | _SPENT
        | _CURRENCY
        | _CLAIMS,
    ),
    CONVERSIONS: (
        "campaign",
        _DAY
        | _CAMPAIGN
        | {
            "conversion_action": "segments.conversion_action",
            "conversion_action_name": "segments.conversion_action_name",
        }
        | _CURRENCY
        | _CLAIMS,
    ),
}
"""Resource and field by column of each report."""
_ACTIONS = {
    "account_id": "customer.id",
    "conversion_action": "conversion_action.id",
    "name": "conversion_action.name",
    "status": "conversion_action.status",
    "type": "conversion_action.type",
    "category": "conversion_action.category",
    "counting_type": "conversion_action.counting_type",
    "is_primary": "conversion_action.primary_for_goal",
    "is_in_conversions": "conversion_action.include_in_conversions_metric",
    "click_window_days": "conversion_action.click_through_lookback_window_days",
    "view_window_days": "conversion_action.view_through_lookback_window_days",
    "attribution_model": "conversion_action.attribution_model_settings.attribution_model",
}
_CUSTOMER = {
    "account_id": "id",
    "name": "descriptiveName",
    "currency_code": "currencyCode",
    "time_zone": "timeZone",
    "status": "status",
    "is_test_account": "testAccount",
    "is_auto_tagging": "autoTaggingEnabled",
}


def _read_report(stream: Stream, client: GoogleAdsClient, window: DateWindow) -> Iterator[Batch]:
    """Rows of the days of ``window``, a few days a question."""
    resource, fields = _REPORTS[stream]
    for part in window.split(client.config.days_per_request):
        query = (
            f"SELECT {', '.join(fields.values())} FROM {resource} "
            f"WHERE segments.date BETWEEN '{part.start}' AND '{part.last}'"
        )
        rows = client.rows(query, what=f"{stream.id} of {part}")
        yield _batch(client, stream, fields, rows)


def _read_actions(client: GoogleAdsClient, since: datetime | None) -> Iterator[Batch]:
    """Every conversion action."""
    del since
    query = f"SELECT {', '.join(_ACTIONS.values())} FROM conversion_action"
    rows = client.rows(query, what=f"{CONVERSION_ACTIONS.id}, all")
    yield _batch(client, CONVERSION_ACTIONS, _ACTIONS, rows)


def _read_customer(client: GoogleAdsClient, since: datetime | None) -> Iterator[Batch]:
    """The account itself."""
    del since
    customer = client.customer()
    yield Batch(CUSTOMERS, {column: [customer.get(name)] for column, name in _CUSTOMER.items()})


def _batch(client: GoogleAdsClient, stream: Stream, fields: Mapping[str, str], rows: Sequence[Row]) -> Batch:
    return Batch(
        stream,
        {column: [_value(client, stream, row, field) for row in rows] for column, field in fields.items()},
    )


def _value(client: GoogleAdsClient, stream: Stream, row: Row, field: str) -> object:
    """What a row says of a field."""
    at: object = row
    for name in field.split("."):
        at = at.get(camel(name)) if isinstance(at, dict) else None
    if field.startswith("metrics."):
        at = "0" if at is None else at
    if field.endswith("_micros"):
        return _money(client, stream, at, field)
    if field == "segments.conversion_action" and isinstance(at, str):
        return at.rpartition("/")[2]
    # Text keeps a double as it was sent; a cast of the double itself would be that of its binary neighbour.
    return repr(at) if isinstance(at, float) else at


def _money(client: GoogleAdsClient, stream: Stream, micros: object, field: str) -> str:
    """Micros, an int64 as text, in whole units."""
    text = str(micros)
    if not text.removeprefix("-").isdecimal():
        raise SourceDataError(
            f"Source {client.source_id}, stream {stream.id}: {field} should be a whole number of micros and "
            "is none. Google Ads gives another type than it did: nothing of this answer was stored, what was "
            "stored before is intact. Report it with this message.",
            column="cost",
        )
    return str(Decimal(text).scaleb(_PLACES_OF_MICROS))


def _asked(config: Config, _: Context) -> str:
    return f"account {config.customer_id}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a Google Ads source lands."""
    asked = partial(_asked, config)
    return (
        *(
            ReportFeed(
                stream=stream,
                read=partial(_read_report, stream),
                window_days=_WINDOW_DAYS,
                memory_days=_MEMORY_DAYS,
                asked=asked,
            )
            for stream in _REPORTS
        ),
        EntityFeed(stream=CONVERSION_ACTIONS, read=_read_actions, asked=asked),
        EntityFeed(stream=CUSTOMERS, read=_read_customer, asked=asked),
    )
