"""GA4 event exports of a site: sessions drawn by dice, written as BigQuery exports them, with the traps of such exports.

Planted: sessions over midnight, also on days of 23 and 25 hours; one session number shared by strangers; lines that are
there twice; events without consent; a developer's and the office's own traffic; ``session_engaged`` as text and as
number; visits that name a source late, by tags, by click id or only as the session's last click; the last click missing
before June 2025; a person who signs up twice, in two browsers; days whose file comes late, never, or is rewritten with
late events; an intraday table as the youngest day.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.known_company.clock import RUNS
from tests.known_company.oracle.periods import days, local_day, midnight

LAST_CLICK_SINCE = date(2025, 6, 1)
ORIGINS: tuple[tuple[str | None, str | None, str | None, str | None, int], ...] = (
    # Source, medium, campaign, Google's channel group, weight.
    ("google", "organic", None, "Organic Search", 30),
    (None, None, None, "Direct", 26),
    ("google", "cpc", "Autumn Sale", "Paid Search", 14),
    ("Google", "CPC", "autumn sale", "Paid Search", 4),
    ("newsletter", "email", "weekly", "Email", 10),
    ("partner.example", "referral", None, "Referral", 8),
    ("facebook", "paid_social", "Lookalike", "Paid Social", 6),
    ("some-tool", "widget", None, "Unassigned", 2),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event, in no tool's words.

    Attributes:
        day: of the property. at: UTC. place: order within one moment.
        user, session: None without consent.
        named: source, medium and campaign that came with the event.
        click: source, medium, campaign and channel group of the session's last click, as GA4 shows it.
        copies: how often the line is in the file.
        is_own: a developer's or the office's.
    """

    day: date
    at: datetime
    place: int
    name: str
    user: str | None
    session: int | None
    engaged: bool | None = None
    milliseconds: int | None = None
    page: str | None = None
    device: str | None = None
    named: tuple[str | None, str | None, str | None] = (None, None, None)
    gclid: str | None = None
    click: tuple[str | None, str | None, str | None, str] | None = None
    is_active: bool | None = None
    user_id: str | None = None
    transaction_id: str | None = None
    revenue: float | None = None
    copies: int = 1
    own: str | None = None
    is_late: bool = False
    is_intraday: bool = False


@dataclass(frozen=True, kw_only=True)
class Site:
    """A property whose events are exported.

    Attributes:
        word: keeps the dice of two sites apart.
        first: day of its first file.
        crowd: sessions a day, about.
        purchases: day -> orders placed on that day, each (moment, transaction id, revenue, e-mail or None).
        missing: days whose file never comes. late: days whose file comes after the first run.
        rewritten: days whose file gets late events after the first run.
    """

    word: str
    zone: str
    property_id: str
    first: date
    crowd: int
    missing: frozenset[date] = frozenset()
    late: frozenset[date] = frozenset()
    rewritten: frozenset[date] = frozenset()
    purchases: Callable[[date], tuple[Any, ...]] = field(default=lambda _: ())

    def last(self, run: int) -> date:
        """The youngest day of the export at a run: yesterday, as an intraday table."""
        return local_day(RUNS[run], self.zone) - timedelta(days=1)


def events_of(site: Site, day: date) -> list[Event]:
    """Events of sessions that begin on a day; those after midnight bear the next day."""
    thrown = random.Random(f"{site.word} events {day}")
    found: list[Event] = []
    for number in range(round(site.crowd * thrown.uniform(0.6, 1.4) * (0.6 if day.weekday() > 4 else 1))):
        found += _session(site, day, number, random.Random(f"{site.word} session {day} {number}"))
    start = midnight(day, site.zone)
    anonymous = {"user": None, "session": None, "device": "desktop", "place": 0, "day": day}
    found += [
        Event(at=start + timedelta(hours=8), name="page_view", page="/", milliseconds=2_500, **anonymous),
        Event(at=start + timedelta(hours=9), name="user_engagement", milliseconds=1_234, **anonymous),
    ]
    for own in ("debug", "internal"):
        found.append(
            Event(
                day=day,
                at=start + timedelta(hours=10),
                place=0,
                name="page_view",
                user=f"{own} person",
                session=1,
                engaged=True,
                own=own,
                page="/",
            )
        )
    if day in site.rewritten:
        late = [each for each in found if each.user and not each.own][:2]
        found += [
            replace(each, at=each.at + timedelta(seconds=41), name="page_view", is_late=True) for each in late
        ]
    return found


def _session(site: Site, day: date, number: int, thrown: random.Random) -> Iterator[Event]:
    start = midnight(day, site.zone) + timedelta(minutes=thrown.randrange(380, 1_300))
    if thrown.random() < 0.08:
        start = midnight(day + timedelta(days=1), site.zone) - timedelta(minutes=thrown.randrange(1, 12))
    if thrown.random() < 0.5:
        user = f"{site.word}.{thrown.randrange(90)}"
    else:
        user = f"{site.word}.{day:%y%m%d}{number}"
    # Half of the session numbers are round, so that strangers share them.
    session = int(start.timestamp()) if number % 2 else int(midnight(day, site.zone).timestamp())
    source, medium, campaign, group, _ = thrown.choices(ORIGINS, [origin[-1] for origin in ORIGINS])[0]
    engaged, device = thrown.random() < 0.65, thrown.choice(("desktop", "mobile", "tablet", "desktop"))
    click = (source, medium, campaign, group) if day >= LAST_CLICK_SINCE and thrown.random() < 0.9 else None
    knows_active = thrown.random() < 0.5
    at, names = start, ["session_start", "page_view"]
    names += ["page_view"] * thrown.randrange(4) + (["user_engagement"] if engaged else [])
    names += [name for name, chance in (("sign_up", 0.05), ("share", 0.04)) if thrown.random() < chance]
    for place, name in enumerate(names):
        if place > 1:
            at += timedelta(seconds=thrown.randrange(5, 240))
        tags: dict[str, Any] = {}
        # The source may be named by the second event only.
        if place == (1 if number % 3 else 0) and source is not None:
            tags = {"named": (source, medium, campaign)}
            if medium in {"cpc", "CPC"} and number % 4 == 0:
                tags = {"named": (None, None, None), "gclid": f"click{number}"}
        local = local_day(at, site.zone)
        milliseconds = (
            thrown.randrange(100, 60_000) if name in {"user_engagement", "page_view"} and engaged else None
        )
        yield Event(
            day=local,
            at=at,
            place=place,
            name=name,
            user=user,
            session=session,
            engaged=(engaged and place > 0) if name != "share" else None,
            milliseconds=milliseconds,
            page=thrown.choice(("/", "/pricing", "/blog")),
            device=device,
            click=click,
            is_active=engaged if knows_active else None,
            user_id=f"{user.replace('.', '-')}@people.example"
            if thrown.random() < 0.5 and name == "sign_up"
            else None,
            copies=2 if thrown.random() < 0.02 else 1,
            **tags,
        )


def exported(site: Site, run: int) -> dict[date, list[Event]]:
    """Events by the day of their file, as the files hold them at a run."""
    last, found = site.last(run), defaultdict(list)
    for day in days(site.first, last + timedelta(days=1)):
        found[day] = found[day]
        for event in events_of(site, day):
            if event.at > RUNS[run] or (event.is_late and run == 0):
                continue
            found[event.day].append(event)
    youngest = {
        day: [replace(event, is_intraday=True, click=None, is_active=None) for event in events]
        for day, events in found.items()
        if day == last
    }
    return {
        day: youngest.get(day, events)
        for day, events in found.items()
        if day <= last and day not in site.missing and not (run == 0 and day in site.late)
    }


def write_export(site: Site, folder: Path, run: int) -> None:
    """One file a day, named as its table; the intraday table of a day goes when its daily one comes."""
    folder.mkdir(parents=True, exist_ok=True)
    for day, events in exported(site, run).items():
        kind = "events_intraday" if day == site.last(run) else "events"
        lines = "".join(
            json.dumps(_line(site, event), ensure_ascii=False) + "\n"
            for event in events
            for _ in range(event.copies)
        )
        if kind == "events":
            (folder / f"events_intraday_{day:%Y%m%d}.jsonl.gz").unlink(missing_ok=True)
        # Without a time in its header the same events are the same bytes.
        content = gzip.compress(lines.encode(), mtime=0)
        path = folder / f"{kind}_{day:%Y%m%d}.jsonl.gz"
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def landed(site: Site) -> tuple[list[Event], list[date]]:
    """Events and days as the last run knows them; of each day its newest file."""
    found: dict[date, list[Event]] = {}
    for run in range(len(RUNS)):
        found |= exported(site, run)
    return [event for events in found.values() for event in events], sorted(found)


def _line(site: Site, event: Event) -> Mapping[str, Any]:
    params: list[dict[str, Any]] = []

    def give(key: str, kind: str, value: object) -> None:
        if value is not None:
            params.append({"key": key, "value": {kind: value}})

    give("ga_session_id", "int_value", None if event.session is None else str(event.session))
    if event.engaged is not None:
        as_number = event.place % 2 == 0
        give("session_engaged", "int_value" if as_number else "string_value", "1" if event.engaged else "0")
    give("engagement_time_msec", "int_value", None if event.milliseconds is None else str(event.milliseconds))
    give(
        "page_location",
        "string_value",
        None if event.page is None else f"https://www.{site.word}.example{event.page}",
    )
    if event.own == "debug":
        give("debug_mode", "int_value", "1")
    elif event.own == "internal":
        give("traffic_type", "string_value", "internal")
    source, medium, campaign = event.named
    collected = {
        "manual_source": source,
        "manual_medium": medium,
        "manual_campaign_name": campaign,
        "gclid": event.gclid,
    }
    line: dict[str, Any] = {
        "event_date": f"{event.day:%Y%m%d}",
        "event_timestamp": str(_microseconds(event.at)),
        "event_name": event.name,
        "event_params": params,
        "user_pseudo_id": event.user,
        "user_id": event.user_id,
        "device": {"category": event.device},
        "collected_traffic_source": {key: value for key, value in collected.items() if value is not None},
        "batch_page_id": "1",
        "batch_ordering_id": "1",
        "batch_event_index": str(event.place),
        "is_active_user": event.is_active,
        "platform": "WEB",
        "stream_id": site.property_id,
    }
    if event.click is not None:
        names = ("source", "medium", "campaign_name", "default_channel_group")
        last = {name: value for name, value in zip(names, event.click, strict=True) if value is not None}
        line["session_traffic_source_last_click"] = {"cross_channel_campaign": last}
    if event.transaction_id is not None or event.revenue is not None:
        line["ecommerce"] = {"transaction_id": event.transaction_id, "purchase_revenue": event.revenue}
    return {key: value for key, value in line.items() if value is not None}


def _microseconds(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1))
