"""Which question to TikTok's report fills which stream; both are asked by the advertiser's days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from connectors.ad_goals.goals import UNCLAIMED, Row, asked_of, claimed
from connectors.core.api import Context
from connectors.core.feed import Batch, Feed, ReportFeed
from connectors.core.window import DateWindow
from connectors.tiktok_ads.config import Config
from connectors.tiktok_ads.streams import CAMPAIGN_PERFORMANCE, CONVERSIONS

if TYPE_CHECKING:
    from connectors.tiktok_ads.client import TikTokAdsClient

_NAME = {"campaign_name": "campaign_name"}
_COLUMNS = {
    **_NAME,
    "objective_type": "campaign_type",
    "spend": "cost",
    "impressions": "impressions",
    "clicks": "clicks",
}
"""Column by metric."""
_MIDNIGHT = " 00:00:00"
_NOTHING = "-"
"""What TikTok writes for a metric that has no value."""


def _read_performance(client: TikTokAdsClient, window: DateWindow) -> Iterator[Batch]:
    """A row per campaign and day that the report has; the first of ``conversions`` beside it."""
    chosen = client.config.conversions[:1]
    metrics = tuple(dict.fromkeys((*_COLUMNS, *(name for each in chosen for name in each.metrics))))
    for page in client.rows(CAMPAIGN_PERFORMANCE.id, window, metrics):
        rows = [
            {
                **_placed(client, found),
                **_given(found, _COLUMNS),
                **(claimed(found, chosen[0], _given) if chosen else UNCLAIMED),
            }
            for found in page
        ]
        yield Batch.of_rows(CAMPAIGN_PERFORMANCE, rows)


def _read_conversions(client: TikTokAdsClient, window: DateWindow) -> Iterator[Batch]:
    """A row per campaign, day, goal and window that TikTok gives a number for; one without has none."""
    chosen = client.config.conversions
    metrics = tuple(dict.fromkeys((*_NAME, *(name for each in chosen for name in each.metrics))))
    for page in client.rows(CONVERSIONS.id, window, metrics):
        rows = [
            {
                **_placed(client, found),
                **_given(found, _NAME),
                "attribution_window": each.window,
                **claimed(found, each, _given),
            }
            for found in page
            for each in chosen
            if found["metrics"][each.metric] not in {None, _NOTHING}
        ]
        yield Batch.of_rows(CONVERSIONS, rows)


def _placed(client: TikTokAdsClient, found: Row) -> Row:
    """The columns that say whose and when a row is; a day comes as its midnight."""
    dimensions = found["dimensions"]
    return {
        "date": dimensions["stat_time_day"].removesuffix(_MIDNIGHT),
        "account_id": client.config.advertiser_id,
        "campaign_id": dimensions["campaign_id"],
        "currency_code": client.account().currency or client.config.currency,
    }


def _given(found: Row, columns: Mapping[str, str]) -> Row:
    """Columns by metric of those that a row has; an absent one stays absent."""
    metrics = found["metrics"]
    return {
        column: None if metrics[metric] == _NOTHING else metrics[metric]
        for metric, column in columns.items()
        if metric in metrics
    }


def _asked(config: Config, _: Context) -> str:
    chosen = asked_of(config.conversions)
    return f"advertiser {config.advertiser_id}, currency {config.currency}, conversions {chosen}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a TikTok Ads source lands; conversions where any are configured."""
    feed = partial(ReportFeed, window_days=config.window_days, asked=partial(_asked, config))
    every = [feed(stream=CAMPAIGN_PERFORMANCE, read=_read_performance)]
    if config.conversions:
        every.append(feed(stream=CONVERSIONS, read=_read_conversions))
    return every
