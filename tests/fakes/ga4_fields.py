"""Dimensions and metrics that the GA4 server knows, and which facts hold them.

A report is answered from the first kind of facts that holds all its fields. Fields that no kind holds
together are refused as incompatible, in Google's words; the real API can combine more of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from tests.fakes.ga4_data import EventFact, Fact, PageFact, SessionFact
from tests.fakes.google_api import GoogleError

KINDS: tuple[type[Fact], ...] = (SessionFact, PageFact, EventFact)
DATE_RANGE = "dateRange"
Number = float | int
Measure = Callable[[Sequence[Any]], Number]


@dataclass(frozen=True)
class Dimension:
    """One dimension: where each kind of facts holds it."""

    title: str
    attributes: Mapping[type[Fact], str]


@dataclass(frozen=True)
class Metric:
    """One metric: its unit in Google's words, and how each kind of facts gives it."""

    title: str
    unit: str
    measures: Mapping[type[Fact], Measure]


def _total(attribute: str) -> Measure:
    value = attrgetter(attribute)
    return lambda facts: sum(map(value, facts))


def _exact_total(attribute: str) -> Measure:
    value = attrgetter(attribute)
    return lambda facts: math.fsum(map(value, facts))


def _all_users(facts: Sequence[Any]) -> int:
    return len(frozenset().union(*(fact.users for fact in facts)))


def _active_users(facts: Sequence[Any]) -> int:
    return len(frozenset().union(*(fact.users - fact.idle_users for fact in facts)))


def _new_users(facts: Sequence[Any]) -> int:
    return len(frozenset().union(*(fact.new_users for fact in facts)))


def _engagement_rate(facts: Sequence[Any]) -> float:
    sessions = sum(fact.sessions for fact in facts)
    return sum(fact.engaged_sessions for fact in facts) / sessions if sessions else 0.0


_EVERYWHERE = dict.fromkeys(KINDS, "day")
_SECONDS = _exact_total("engagement_seconds")
_VIEWS = _total("page_views")

DIMENSIONS: Mapping[str, Dimension] = {
    "date": Dimension("Date", _EVERYWHERE),
    "sessionDefaultChannelGroup": Dimension("Session default channel group", {SessionFact: "channel"}),
    "sessionSource": Dimension("Session source", {SessionFact: "source"}),
    "sessionMedium": Dimension("Session medium", {SessionFact: "medium"}),
    "sessionCampaignName": Dimension("Session campaign", {SessionFact: "campaign"}),
    "landingPage": Dimension("Landing page", {SessionFact: "landing_page"}),
    "deviceCategory": Dimension("Device category", {SessionFact: "device"}),
    "pagePath": Dimension("Page path", {PageFact: "path"}),
    "eventName": Dimension("Event name", {EventFact: "name"}),
}
METRICS: Mapping[str, Metric] = {
    "sessions": Metric("Sessions", "TYPE_INTEGER", {SessionFact: _total("sessions")}),
    "engagedSessions": Metric("Engaged sessions", "TYPE_INTEGER", {SessionFact: _total("engaged_sessions")}),
    "engagementRate": Metric("Engagement rate", "TYPE_FLOAT", {SessionFact: _engagement_rate}),
    "bounceRate": Metric(
        "Bounce rate", "TYPE_FLOAT", {SessionFact: lambda facts: 1 - _engagement_rate(facts)}
    ),
    "userEngagementDuration": Metric(
        "User engagement", "TYPE_SECONDS", {SessionFact: _SECONDS, PageFact: _SECONDS}
    ),
    "screenPageViews": Metric("Views", "TYPE_INTEGER", {SessionFact: _VIEWS, PageFact: _VIEWS}),
    "activeUsers": Metric("Active users", "TYPE_INTEGER", dict.fromkeys(KINDS, _active_users)),
    "totalUsers": Metric("Total users", "TYPE_INTEGER", dict.fromkeys(KINDS, _all_users)),
    "newUsers": Metric("New users", "TYPE_INTEGER", {SessionFact: _new_users}),
    "keyEvents": Metric("Key events", "TYPE_FLOAT", {SessionFact: _exact_total("key_events")}),
    "totalRevenue": Metric("Total revenue", "TYPE_CURRENCY", {SessionFact: _exact_total("revenue")}),
    "eventCount": Metric("Event count", "TYPE_INTEGER", {EventFact: _total("count")}),
}


def kind_with(fields: Iterable[str]) -> type[Fact]:
    """The kind of facts that holds all of these valid fields.

    Raises:
        GoogleError: no kind does.
    """
    asked = list(dict.fromkeys(fields))
    for kind in KINDS:
        if all(_holds(kind, field) for field in asked):
            return kind
    raise GoogleError(
        400,
        f"Please remove {asked[-1]} to make the request compatible. The request's dimensions & metrics are "
        "incompatible. To learn more, see https://ga-dev-tools.google/ga4/dimensions-metrics-explorer/",
    )


def text(value: str | date) -> str:
    """A dimension value as the API writes it."""
    return f"{value:%Y%m%d}" if isinstance(value, date) else value


def number(value: Number) -> str:
    """A metric value as the API writes it: shortest of 15 or 17 digits, no ``.0``."""
    if value == int(value):
        return str(int(value))
    short = f"{value:.15g}"
    return short if float(short) == value else f"{value:.17g}"


def _holds(kind: type[Fact], field: str) -> bool:
    dimension = DIMENSIONS.get(field)
    return kind in (dimension.attributes if dimension else METRICS[field].measures)
