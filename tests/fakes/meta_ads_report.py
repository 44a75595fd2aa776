"""Insights as Meta writes them: days of ads summed by level, numbers as text, and nothing where there is nothing.

``value`` of an action is that of the default windows; the asked ones stand beside it, each left out where it is zero.
Windows that Meta stopped are taken and told nothing for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.fakes.meta_ads_data import AdAccount, AdDay, Windows

LEVELS = ("account", "campaign", "adset", "ad")
FIELDS = frozenset(
    {
        "account_id",
        "account_name",
        "account_currency",
        "campaign_id",
        "campaign_name",
        "adset_id",
        "adset_name",
        "ad_id",
        "ad_name",
        "spend",
        "impressions",
        "reach",
        "frequency",
        "clicks",
        "inline_link_clicks",
        "actions",
        "action_values",
    }
)
_DEFAULT = ("7d_click", "1d_view")
_STOPPED = frozenset({"7d_view", "28d_view"})
_NAMED = ("campaign", "adset", "ad")


class QuestionError(Exception):
    """A question that Meta refuses; the message is Meta's."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a request asks for."""

    level: str
    since: date
    until: date
    fields: tuple[str, ...]
    windows: tuple[str, ...]
    is_daily: bool

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Question:
        """The question of a request's parameters.

        Raises:
            QuestionError: it isn't one.
        """
        fields = tuple(name for name in asked.get("fields", "").split(",") if name)
        for name in fields:
            if name not in FIELDS:
                raise QuestionError(
                    f"(#100) {name} is not valid for fields param. Valid: {', '.join(sorted(FIELDS))}"
                )
        if asked.get("level", "account") not in LEVELS:
            raise QuestionError(f"(#100) level must be one of the following values: {', '.join(LEVELS)}")
        if asked.get("time_increment", "all_days") not in {"1", "all_days"}:
            raise QuestionError("(#100) this server on loopback answers days or their sum")
        if _parsed(asked, "action_breakdowns", ["action_type"]) != ["action_type"]:
            raise QuestionError("(#100) this server on loopback breaks actions down by action_type alone")
        days = _parsed(asked, "time_range", {})
        try:
            since, until = date.fromisoformat(days["since"]), date.fromisoformat(days["until"])
        except (KeyError, TypeError, ValueError):
            raise QuestionError(
                "(#100) Must be a valid time range in the form {'since':YYYY-MM-DD,…}"
            ) from None
        if since > until:
            raise QuestionError("(#100) time_range: since must be before until")
        return cls(
            level=asked.get("level", "account"),
            since=since,
            until=until,
            fields=fields,
            windows=tuple(_parsed(asked, "action_attribution_windows", ["default"])),
            is_daily=asked.get("time_increment") == "1",
        )


def rows_of(account_id: str, account: AdAccount, question: Question) -> list[dict[str, Any]]:
    """Every row, oldest day first, and of a day the most expensive first."""
    groups: dict[tuple[Any, ...], list[AdDay]] = {}
    depth = LEVELS.index(question.level)
    for each in account.days:
        if question.since <= each.day <= question.until:
            day = each.day if question.is_daily else question.since
            key = (day, *(getattr(each, name)[0] for name in _NAMED[:depth]))
            groups.setdefault(key, []).append(each)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], -_spent(item[1]), item[0]))
    return [_row(account_id, account, group, question) for _, group in ordered]


def _row(account_id: str, account: AdAccount, ads: Sequence[AdDay], question: Question) -> dict[str, Any]:
    first = ads[0]
    told: dict[str, Any] = {
        "account_id": account_id,
        "account_name": account.name,
        "account_currency": account.currency,
        "spend": str(_spent(ads)),
        "impressions": str(sum(each.impressions for each in ads)),
        "reach": str(max(each.reach for each in ads)),
        "clicks": str(sum(each.clicks for each in ads)),
        "actions": _actions([each.actions for each in ads], question.windows),
        "action_values": _actions([each.values for each in ads], question.windows),
    }
    for name in _NAMED[: LEVELS.index(question.level)]:
        told[f"{name}_id"], told[f"{name}_name"] = getattr(first, name)
    link_clicks = sum(each.link_clicks for each in ads)
    if link_clicks:
        told["inline_link_clicks"] = str(link_clicks)
    since, until = (first.day, first.day) if question.is_daily else (question.since, question.until)
    found = {name: told[name] for name in question.fields if told.get(name) not in (None, [])}
    return {**found, "date_start": str(since), "date_stop": str(until)}


def _actions(lists: Iterable[Mapping[str, Windows]], windows: Sequence[str]) -> list[dict[str, str]]:
    sums: dict[str, dict[str, Decimal]] = {}
    for each in lists:
        for action, counts in each.items():
            for window, amount in counts.items():
                of_action = sums.setdefault(action, {})
                of_action[window] = of_action.get(window, Decimal(0)) + amount
    entries = []
    for action, counts in sums.items():
        total = sum((counts.get(window, Decimal(0)) for window in _DEFAULT), Decimal(0))
        asked = {
            window: counts[window] for window in windows if counts.get(window) and window not in _STOPPED
        }
        if total or asked:
            shown = {"value": total} | asked
            entries.append({"action_type": action} | {name: str(amount) for name, amount in shown.items()})
    return entries


def _spent(ads: Iterable[AdDay]) -> Decimal:
    return sum((each.spend for each in ads), Decimal(0))


def _parsed(asked: Mapping[str, str], name: str, default: Any) -> Any:
    try:
        return json.loads(asked[name]) if name in asked else default
    except ValueError:
        raise QuestionError(f"(#100) Param {name} must be JSON") from None
