"""Sessions, views, users and sign-ups from single events; contracts.md, section 1.

A session is a browser and its session number; it is one over midnight and counts on the day of its first event. Events
without consent are views and seconds, never sessions or users. Own traffic is out, repeated lines count once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tests.known_company.clickstream import Event
from tests.known_company.oracle import channels
from tests.known_company.oracle.cells import OVERALL, Amount, Segment
from tests.known_company.oracle.feeding import feeds
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.periods import GRAINS, ONE_DAY

TRAFFIC = ("sessions", "engaged_sessions", "engagement_seconds", "page_views")
USABLE_AFTER, FINAL_AFTER = 2, 3
UNKNOWN = "(not set)"


@dataclass(frozen=True, slots=True)
class Session:
    """A session with what its first events say of it."""

    user: str
    number: int
    day: date
    started_at: datetime
    is_engaged: bool
    channel: str
    campaign: str | None
    device: str | None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Where its sessions, views and seconds count."""
        return (
            OVERALL,
            ("channel", self.channel),
            ("campaign", self.campaign or UNKNOWN),
            ("device", (self.device or UNKNOWN).lower()),
        )


def counted(events: Iterable[Event]) -> list[Event]:
    """Events that count, in their order."""
    return sorted((each for each in events if each.own is None), key=lambda each: (each.at, each.place))


def sessions(events: Sequence[Event]) -> dict[tuple[str, int], Session]:
    """Sessions of counted events, by browser and number."""
    groups: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in events:
        if event.user is not None and event.session is not None:
            groups[event.user, event.session].append(event)
    return {key: _session(key, group) for key, group in groups.items()}


def _session(key: tuple[str, int], events: list[Event]) -> Session:
    first = events[0]
    click = next((each.click for each in events if each.click is not None), None)
    tagged = next((each for each in events if any(each.named[:2]) or each.gclid), None)
    if click is not None:
        channel, campaign = channels.of_group(click[3]), click[2]
    elif tagged is not None:
        source, medium, campaign = tagged.named
        channel = channels.of_words(source, medium, "gclid" if tagged.gclid else None)
    else:
        channel, campaign = ("unassigned" if first.is_intraday else "direct"), None
    return Session(
        user=key[0],
        number=key[1],
        day=first.day,
        started_at=first.at,
        is_engaged=any(each.engaged for each in events),
        channel=channel,
        campaign=campaign,
        device=next((each.device for each in events if each.device), None),
    )


def traffic(brand: Brand, source: str, events: Iterable[Event], loaded: Sequence[date]) -> Answers:
    """Measures of an export that is the brand's only source of traffic."""
    found, seen = Answers(), counted(events)
    of = sessions(seen)
    for session in of.values():
        for segment in session.segments:
            found.add(source, "sessions", session.day, 1, segment)
            found.add(source, "engaged_sessions", session.day, int(session.is_engaged), segment)
            for measure in ("engagement_seconds", "page_views"):
                found.add(source, measure, session.day, 0, segment)
    nobody: tuple[Segment, ...] = (OVERALL, ("channel", UNKNOWN), ("campaign", UNKNOWN), ("device", UNKNOWN))
    users: dict[tuple[str, date], set[str]] = defaultdict(set)
    for event in seen:
        session = of.get((event.user or "", event.session if event.session is not None else -1))
        for segment in session.segments if session else nobody:
            found.add(source, "page_views", event.day, int(event.name == "page_view"), segment)
            seconds = Decimal(event.milliseconds or 0) / 1000
            found.add(source, "engagement_seconds", event.day, seconds, segment)
            found.add(source, "sessions", event.day, 0, segment)
            found.add(source, "engaged_sessions", event.day, 0, segment)
        is_active = event.is_active if event.is_active is not None else (event.milliseconds or 0) > 0
        if event.user is not None and is_active:
            for grain in GRAINS:
                users[grain, brand.calendar.period(grain, event.day).start].add(event.user)
    for grain in GRAINS:
        for start in {brand.calendar.period(grain, day).start for day in loaded}:
            count = len(users[grain, start])
            for segment in (OVERALL, ("source", source)):
                found.periodic[source, "active_users", grain, start, segment] = Amount(count, count)
    found.feeds = _feeds(source, (*TRAFFIC, "active_users"), loaded)
    found.merge(sign_ups(source, seen, loaded))
    return found


def sign_ups(source: str, events: Iterable[Event], loaded: Sequence[date]) -> Answers:
    """Persons by the day of their first sign-up; an event of nobody is a person of its own."""
    found = Answers()
    known: set[str] = set()
    for event in counted(events):
        if event.name != "sign_up":
            continue
        person = event.user_id.lower() if event.user_id else event.user
        if person is None or person not in known:
            found.add(source, "ga4_sign_ups", event.day, 1)
        known.add(person or "")
    found.feeds = _feeds(source, ("ga4_sign_ups",), loaded)
    return found


def _feeds(source: str, measures: tuple[str, ...], loaded: Sequence[date]) -> list:
    return feeds(
        source,
        measures,
        [(day, day + ONE_DAY) for day in loaded],
        expect="none",
        usable_after_days=USABLE_AFTER,
        final_after_days=FINAL_AFTER,
    )
