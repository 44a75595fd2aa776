"""What a site of Plausible saw: visits by day, and the numbers that Plausible makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

NOT_SET, DIRECT = "(not set)", "Direct / None"


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Some visits of one day that have all in common.

    Attributes:
        day: of the site. visitors: who came. visits: how often.
        channel, source, medium, campaign: where from.
        pages: views by path. goals: how often each was reached.
        bounces: visits with one view and nothing else. seconds: of all visits together.
    """

    day: date
    visitors: frozenset[int]
    visits: int = 1
    channel: str = "Direct"
    source: str = DIRECT
    medium: str = NOT_SET
    campaign: str = NOT_SET
    pages: Mapping[str, int] = field(default_factory=lambda: {"/": 1})
    goals: Mapping[str, int] = field(default_factory=dict)
    bounces: int = 0
    seconds: int = 60


@dataclass(frozen=True)
class Seen:
    """Visits as a breakdown sees them: with the views and events that belong to its row."""

    of: Visits
    views: int
    events: int


Key = tuple[str, ...]
_VISIT_DIMENSIONS: Mapping[str, Callable[[Visits], str]] = {
    "visit:channel": lambda visits: visits.channel,
    "visit:source": lambda visits: visits.source,
    "visit:utm_medium": lambda visits: visits.medium,
    "visit:utm_campaign": lambda visits: visits.campaign,
}
EVENT_DIMENSIONS = frozenset({"event:page", "event:goal"})
DIMENSIONS = frozenset({"time:day", *_VISIT_DIMENSIONS, *EVENT_DIMENSIONS})
SESSION_METRICS = frozenset({"bounce_rate", "visit_duration", "views_per_visit"})
METRICS: Mapping[str, Callable[[Sequence[Seen]], float]] = {
    "visitors": lambda seen: len(frozenset().union(*(each.of.visitors for each in seen))),
    "visits": lambda seen: sum(each.of.visits for each in seen),
    "pageviews": lambda seen: sum(each.views for each in seen),
    "events": lambda seen: sum(each.events for each in seen),
    "bounce_rate": lambda seen: _share(100, seen, lambda visits: visits.bounces),
    "visit_duration": lambda seen: _share(1, seen, lambda visits: visits.seconds),
}


def _share(unit: int, seen: Sequence[Seen], part: Callable[[Visits], int]) -> float:
    """A part per visit, rounded as Plausible rounds it; 0 where there is no visit."""
    visits = sum(each.of.visits for each in seen)
    return round(unit * sum(part(each.of) for each in seen) / visits) if visits else 0


def grouped(facts: Sequence[Visits], dimensions: Sequence[str]) -> dict[Key, list[Seen]]:
    """Facts by their values of ``dimensions``; without any, one group that is there though nobody came."""
    groups: dict[Key, list[Seen]] = {} if dimensions else {(): []}
    for fact in facts:
        for key, seen in _keyed(fact, dimensions):
            groups.setdefault(key, []).append(seen)
    return groups


def _keyed(fact: Visits, dimensions: Sequence[str]) -> Iterator[tuple[Key, Seen]]:
    views, reached = sum(fact.pages.values()), sum(fact.goals.values())
    parts: list[tuple[dict[str, str], Seen]] = [({}, Seen(fact, views, views + reached))]
    if "event:page" in dimensions:
        parts = [({"event:page": page}, Seen(fact, count, count)) for page, count in fact.pages.items()]
    elif "event:goal" in dimensions:
        parts = [({"event:goal": goal}, Seen(fact, 0, count)) for goal, count in fact.goals.items()]
    common = {"time:day": fact.day.isoformat()}
    common |= {name: value(fact) for name, value in _VISIT_DIMENSIONS.items()}
    for own, seen in parts:
        values = common | own
        yield tuple(values[name] for name in dimensions), seen
