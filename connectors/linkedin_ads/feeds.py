"""Which question to adAnalytics fills which stream; both are asked by windows of UTC days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from connectors.ad_goals.goals import UNCLAIMED, Row, asked_of, claimed
from connectors.core.api import Context
from connectors.core.feed import Batch, Feed, ReportFeed
from connectors.core.window import DateWindow
from connectors.linkedin_ads.config import BASE_METRICS, Config
from connectors.linkedin_ads.streams import CAMPAIGN_PERFORMANCE, CONVERSIONS

if TYPE_CHECKING:
    from connectors.linkedin_ads.client import LinkedInAdsClient

_COLUMNS = {"impressions": "impressions", "clicks": "clicks", "costInLocalCurrency": "cost"}
"""Column by metric."""


def _read_performance(client: LinkedInAdsClient, window: DateWindow) -> Iterator[Batch]:
    """A row per campaign and day that had any delivery; the first of ``conversions`` beside it."""
    chosen = client.config.conversions[:1]
    metrics = (*BASE_METRICS, *(name for each in chosen for name in each.metrics))
    for elements in client.elements(CAMPAIGN_PERFORMANCE.id, window, metrics):
        rows = [
            {
                **row,
                **_given(element, _COLUMNS),
                **(_given(campaign, {"type": "campaign_type"}) if campaign else {"campaign_type": None}),
                **(claimed(element, chosen[0], _given) if chosen else UNCLAIMED),
            }
            for element, campaign, row in _placed(client, elements)
        ]
        yield Batch.of_rows(CAMPAIGN_PERFORMANCE, rows)


def _read_conversions(client: LinkedInAdsClient, window: DateWindow) -> Iterator[Batch]:
    """A row per campaign, day, goal and window that LinkedIn gives a number for."""
    chosen = client.config.conversions
    metrics = tuple(dict.fromkeys(name for each in chosen for name in each.metrics))
    for elements in client.elements(CONVERSIONS.id, window, metrics):
        unknown = [name for name in metrics if elements and not any(name in each for each in elements)]
        if unknown:
            raise KeyError(", ".join(unknown))
        rows = [
            {**row, "attribution_window": each.window, **claimed(element, each, _given)}
            for element, _, row in _placed(client, elements)
            for each in chosen
            if element.get(each.metric) is not None
        ]
        yield Batch.of_rows(CONVERSIONS, rows)


def _placed(client: LinkedInAdsClient, elements: Sequence[Row]) -> Iterator[tuple[Row, Row, Row]]:
    """Each element, what is listed of its campaign, and the columns that say whose and when it is."""
    currency = client.account().currency or client.config.currency
    ids = [element["pivotValues"][0].rpartition(":")[2] for element in elements]
    campaigns = client.campaigns(ids)
    for element, campaign_id in zip(elements, ids, strict=True):
        start = element["dateRange"]["start"]
        campaign = campaigns.get(campaign_id, {})
        yield (
            element,
            campaign,
            {
                "date": f"{start['year']:04}-{start['month']:02}-{start['day']:02}",
                "account_id": str(client.config.account_id),
                "campaign_id": campaign_id,
                "campaign_name": campaign.get("name"),
                "currency_code": currency,
            },
        )


def _given(element: Row, columns: Mapping[str, str]) -> Row:
    """Columns by metric of those that ``element`` has; an absent one stays absent."""
    return {column: element[metric] for metric, column in columns.items() if metric in element}


def _asked(config: Config, _: Context) -> str:
    return (
        f"account {config.account_id}, currency {config.currency}, conversions {asked_of(config.conversions)}"
    )


def feeds(config: Config) -> Sequence[Feed]:
    """What a LinkedIn Ads source lands; conversions where any are configured."""
    feed = partial(ReportFeed, window_days=config.window_days, asked=partial(_asked, config))
    every = [feed(stream=CAMPAIGN_PERFORMANCE, read=_read_performance)]
    if config.conversions:
        every.append(feed(stream=CONVERSIONS, read=_read_conversions))
    return every
