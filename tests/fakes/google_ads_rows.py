"""Rows of Google Ads: what an account answers to a question, in Google's JSON.

int64 are text, doubles numbers, names lowerCamelCase; a segmented row without any selected metric isn't told, and
days older than 37 months have no rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tests.fakes.google_ads_data import Ad, AdAccount, AdFact, AdGroup, Campaign, Claim
from tests.fakes.google_ads_query import FIELDS, Query

_MONTHS_KEPT = 37
_COUNTED: Mapping[str, Callable[[AdFact], int]] = {
    "metrics.impressions": lambda fact: fact.impressions,
    "metrics.clicks": lambda fact: fact.clicks,
    "metrics.cost_micros": lambda fact: fact.cost_micros,
}
_CLAIMED: Mapping[str, Callable[[Claim], Decimal]] = {
    "metrics.conversions": lambda claim: claim.conversions,
    "metrics.conversions_value": lambda claim: claim.value,
}
_LEVELS = {"customer": 0, "campaign": 1, "ad_group": 2, "ad_group_ad": 3}
"""How many ids of campaign, ad group and ad tell rows of a resource apart."""

Flat = dict[str, Any]
Key = tuple[tuple[int, ...], date | None, int | None]


def rows_of(query: Query, account: AdAccount, *, today: date, omits_zeros: bool) -> list[Flat]:
    """The rows, nested."""
    flat = list(_rows(query, account, today=today))
    kept = [row for row in flat if not query.is_segmented or any(row[metric] for metric in query.metrics)]
    shown = kept if query.limit is None else kept[: query.limit]
    return [_nested(query, account, row, omits_zeros=omits_zeros) for row in shown]


def camel(path: str) -> str:
    """A path in lowerCamelCase."""
    return ".".join(
        part[0] + "".join(map(str.capitalize, part[1:]))
        for part in (each.split("_") for each in path.split("."))
    )


def first_day(today: date) -> date:
    """The first day that Google still tells."""
    months = today.year * 12 + today.month - 1 - _MONTHS_KEPT
    return date(months // 12, months % 12 + 1, min(today.day, 28))


def _rows(query: Query, account: AdAccount, *, today: date) -> Iterator[Flat]:
    if query.resource == "customer_client":
        manager = query.equals.get("customer_client.manager")
        for client in (account, *account.clients):
            if manager is None or (manager == "TRUE") == client.is_manager:
                yield _of_customer(account) | {
                    "customer_client.id": client.id,
                    "customer_client.descriptive_name": client.name,
                    "customer_client.manager": client.is_manager,
                }
    elif query.resource == "conversion_action":
        for number in account.actions:
            yield _of_customer(account) | _of_action(account, number)
    elif query.resource == "customer" and not query.metrics:
        yield _of_customer(account)
    else:
        yield from _measured(query, account, today=today)


def _measured(query: Query, account: AdAccount, *, today: date) -> Iterator[Flat]:
    first, last = query.days or (date.min, date.max)
    first = max(first, first_day(today))
    by_action = any(field.startswith("segments.conversion_action") for field in query.fields)
    sums: dict[Key, Flat] = defaultdict(lambda: dict.fromkeys(query.metrics, 0))
    level = _LEVELS[query.resource]

    def add(fact: AdFact | Claim, action: int | None, of: Mapping[str, Callable[[Any], Any]]) -> None:
        ids = (fact.campaign, fact.ad_group, fact.ad)[:level]
        if None in ids or not first <= fact.day <= last:
            return
        day = fact.day if "segments.date" in query.fields else None
        row = sums[tuple(each for each in ids if each is not None), day, action]
        for metric in query.metrics:
            if metric in of:
                row[metric] += of[metric](fact)

    for fact in () if by_action else account.facts:
        add(fact, None, _COUNTED)
    for claim in account.claims:
        add(claim, claim.action if by_action else None, _CLAIMED)
    for (ids, day, action), metrics in sorted(sums.items(), key=lambda item: repr(item[0])):
        yield _of_customer(account) | _of_ids(account, ids) | _of_segments(account, day, action) | metrics


def _of_customer(account: AdAccount) -> Flat:
    return {
        "customer.id": account.id,
        "customer.descriptive_name": account.name,
        "customer.currency_code": account.currency_code,
        "customer.time_zone": account.time_zone,
        "customer.manager": account.is_manager,
        "customer.status": account.status,
        "customer.test_account": account.is_test,
        "customer.auto_tagging_enabled": True,
    }


def _of_ids(account: AdAccount, ids: Iterable[int]) -> Flat:
    campaign, ad_group, ad = [*ids, None, None, None][:3]
    row: Flat = {}
    if campaign is not None:
        what = account.campaigns.get(campaign, Campaign(name=f"Campaign {campaign}"))
        row |= {
            "campaign.id": campaign,
            "campaign.name": what.name,
            "campaign.status": what.status,
            "campaign.advertising_channel_type": what.type,
        }
    if ad_group is not None:
        group = account.ad_groups.get(ad_group, AdGroup(name=f"Ad group {ad_group}"))
        row |= {
            "ad_group.id": ad_group,
            "ad_group.name": group.name,
            "ad_group.status": group.status,
            "ad_group.type": group.type,
        }
    if ad is not None:
        shown = account.ads.get(ad, Ad())
        row |= {
            "ad_group_ad.status": shown.status,
            "ad_group_ad.ad.id": ad,
            "ad_group_ad.ad.name": shown.name,
            "ad_group_ad.ad.type": shown.type,
        }
    return row


def _of_segments(account: AdAccount, day: date | None, action: int | None) -> Flat:
    row: Flat = {"segments.date": day.isoformat() if day else None}
    if action is not None:
        row |= {
            "segments.conversion_action": f"customers/{account.id}/conversionActions/{action}",
            "segments.conversion_action_name": account.actions[action].name,
        }
    return row


def _of_action(account: AdAccount, number: int) -> Flat:
    action = account.actions[number]
    return {
        "conversion_action.id": number,
        "conversion_action.name": action.name,
        "conversion_action.status": action.status,
        "conversion_action.type": action.type,
        "conversion_action.category": action.category,
        "conversion_action.counting_type": action.counting_type,
        "conversion_action.primary_for_goal": action.is_primary,
        "conversion_action.include_in_conversions_metric": action.is_primary,
        "conversion_action.click_through_lookback_window_days": action.click_window_days,
        "conversion_action.view_through_lookback_window_days": action.view_window_days,
        "conversion_action.attribution_model_settings.attribution_model": action.model,
    }


def _nested(query: Query, account: AdAccount, row: Flat, *, omits_zeros: bool) -> Flat:
    nested: Flat = {}
    for field in query.fields:
        value = _in_json(row.get(field), FIELDS[field])
        if value in {None, ""} or (omits_zeros and field.startswith("metrics.") and float(value) == 0):
            continue
        *parents, name = camel(field).split(".")
        at = nested
        for parent in parents:
            at = at.setdefault(parent, {})
        at[name] = value
    for resource, named in _resource_names(account, row).items():
        if resource in nested:
            nested[resource] = {"resourceName": named} | nested[resource]
    return nested


def _in_json(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "int64":
        return str(value)
    return float(value) if kind == "double" else value


def _resource_names(account: AdAccount, row: Flat) -> dict[str, str]:
    customer = f"customers/{account.id}"
    named = {"customer": customer}
    for resource, collection, field in (
        ("campaign", "campaigns", "campaign.id"),
        ("adGroup", "adGroups", "ad_group.id"),
        ("conversionAction", "conversionActions", "conversion_action.id"),
        ("customerClient", "customerClients", "customer_client.id"),
    ):
        if field in row:
            named[resource] = f"{customer}/{collection}/{row[field]}"
    if "ad_group_ad.ad.id" in row:
        named["adGroupAd"] = f"{customer}/adGroupAds/{row['ad_group.id']}~{row['ad_group_ad.ad.id']}"
    return named
