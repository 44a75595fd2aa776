"""Which question to Meta fills which stream.

Campaigns and their actions are asked for at campaign level; ads by jobs where there are many days. Numbers
are Meta's text. Two things are zero where Meta leaves them out: link clicks, and the chosen action.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.core.api import Context
from connectors.core.errors import SchemaError
from connectors.core.feed import Batch, Feed, ReportFeed
from connectors.core.stream import Stream
from connectors.core.window import DateWindow
from connectors.meta_ads.config import Config
from connectors.meta_ads.streams import AD_PERFORMANCE, CAMPAIGN_PERFORMANCE, CONVERSIONS

if TYPE_CHECKING:
    from connectors.meta_ads.client import MetaAdsClient, Row

_MEMORY_DAYS = 1_120
"""37 months, whichever they are, less some days for the account's zone."""
_TOTAL = "total"
_CAMPAIGN = ("account_id", "account_currency", "campaign_id", "campaign_name")
_AD = (*_CAMPAIGN, "adset_id", "adset_name", "ad_id", "ad_name")
_ACTIONS = ("actions", "action_values")
_DELIVERY = ("spend", "impressions", "reach", "clicks", "inline_link_clicks")
_COLUMNS = {
    "account_currency": "currency_code",
    "spend": "cost",
    "clicks": "clicks_all",
    "inline_link_clicks": "clicks",
}
"""Columns that aren't called as Meta's fields."""


def _read_performance(
    stream: Stream, level: str, names: Sequence[str], client: MetaAdsClient, window: DateWindow
) -> Iterator[Batch]:
    """Delivery of each campaign or ad, and the chosen action of each."""
    fields = (*names, *_DELIVERY, *_ACTIONS)
    as_job = level == "ad" and len(window) > client.config.job_above_days
    for page in client.insights(stream.id, window, level=level, fields=fields, as_job=as_job):
        what = f"Source {client.source_id}, stream {stream.id}"
        yield Batch.of_rows(stream, [_performance(what, row, names, client.config) for row in page])


def _performance(what: str, row: Row, names: Sequence[str], config: Config) -> dict[str, object]:
    told = {_COLUMNS.get(name, name): row[name] for name in (*names, *_DELIVERY) if name in row}
    if row.get("inline_link_clicks") is None:
        told["clicks"] = _no_link_clicks(what, row)
    goal = config.conversion_action
    if goal is not None:
        # Of an action that nobody took Meta tells nothing; of one without a value neither.
        told["conversions"] = _actions(what, row, "actions").get(goal, {"value": "0"}).get("value")
        told["conversion_value"] = _actions(what, row, "action_values").get(goal, {}).get("value")
    return {
        "date": _day(what, row),
        **told,
        "attribution_setting": ",".join(config.attribution_windows),
        "conversion_goal": goal,
    }


def _no_link_clicks(what: str, row: Row) -> str:
    """Meta leaves out what is zero; that it is, its list of actions says as well."""
    if "link_click" in _actions(what, row, "actions"):
        raise _other_shape(what, row, "inline_link_clicks is missing, though there are clicks on links")
    return "0"


def _read_conversions(client: MetaAdsClient, window: DateWindow) -> Iterator[Batch]:
    """A row per action and window that Meta names."""
    fields = (*_CAMPAIGN, *_ACTIONS)
    for page in client.insights(CONVERSIONS.id, window, level="campaign", fields=fields):
        what = f"Source {client.source_id}, stream {CONVERSIONS.id}"
        yield Batch.of_rows(
            CONVERSIONS, [each for row in page for each in _conversions(what, row, client.config)]
        )


def _conversions(what: str, row: Row, config: Config) -> Iterator[dict[str, object]]:
    counts, values = (_actions(what, row, name) for name in _ACTIONS)
    told = {_COLUMNS.get(name, name): row[name] for name in _CAMPAIGN if name in row}
    for action in dict.fromkeys((*counts, *values)):
        if config.action_types and action not in config.action_types:
            continue
        count, value = counts.get(action, {}), values.get(action, {})
        for window, key in ((_TOTAL, "value"), *((name, name) for name in config.attribution_windows)):
            if key in count or key in value:
                yield {
                    "date": _day(what, row),
                    **told,
                    "action_type": action,
                    "attribution_window": window,
                    "conversions": count.get(key),
                    "conversion_value": value.get(key),
                }


def _actions(what: str, row: Row, name: str) -> dict[str, Mapping[str, Any]]:
    """Entries of a list of actions by their type; Meta leaves an empty list out."""
    entries = row.get(name) or []
    found = {str(entry["action_type"]): entry for entry in entries}
    if len(found) < len(entries):
        raise _other_shape(what, row, f"{name} names one action type twice")
    return found


def _day(what: str, row: Row) -> str:
    if row["date_start"] != row["date_stop"]:
        raise _other_shape(what, row, f"a row covers {row['date_start']} to {row['date_stop']}, not a day")
    return str(row["date_start"])


def _other_shape(what: str, row: Row, found: str) -> SchemaError:
    return SchemaError(
        f"{what}, campaign {row.get('campaign_id')} on {row.get('date_start')}: {found}. Nothing of it was "
        "stored, what was stored before is intact. The API has changed: report this message."
    )


def _asked(config: Config, more: str, _: Context) -> str:
    return f"{config.account_id} {','.join(config.attribution_windows)} {more}".rstrip()


def feeds(config: Config) -> Sequence[Feed]:
    """What a Meta Ads source lands."""
    feed = partial(ReportFeed, window_days=config.window_days, memory_days=_MEMORY_DAYS)
    asked_of_goal = partial(_asked, config, config.conversion_action or "")
    asked_of_actions = partial(_asked, config, ",".join(sorted(config.action_types)))
    return (
        feed(
            stream=CAMPAIGN_PERFORMANCE,
            read=partial(_read_performance, CAMPAIGN_PERFORMANCE, "campaign", _CAMPAIGN),
            asked=asked_of_goal,
        ),
        feed(stream=CONVERSIONS, read=_read_conversions, asked=asked_of_actions),
        feed(
            stream=AD_PERFORMANCE,
            read=partial(_read_performance, AD_PERFORMANCE, "ad", _AD),
            asked=asked_of_goal,
        ),
    )
