"""Sessions from raw events: midnight, duplicates, late events, own traffic, missing consent; incremental equals full."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.ga4_events.streams import EVENTS
from tests.properties.drawn import PROFILE, DrawnBrand, brands, moments
from tests.properties.engine import World, settings_of
from tests.properties.families import FIRST, LAST, Daily, build, window, world_of
from tests.properties.invariants import check_amounts, check_facts
from tests.properties.periods import CALENDAR_KEYS, GRAINS, ONE_DAY, period_of, periods_of
from tests.properties.zone import MemoryZone

STEPS = (
    "int_event_session_days",
    "int_event_actions",
    "int_event_sessions",
    "int_event_traffic_daily",
    "int_event_users",
    "int_measures_daily__events",
    "fct_sessions",
)
CHANNELS = {None: "direct", "Organic Search": "organic_search", "Email": "email"}


@st.composite
def events(draw: st.DrawFn, brand: DrawnBrand) -> list[dict[str, Any]]:
    """Events of a few browsers, minutes apart from each other and from midnights."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        start = draw(moments(brand))
        user, session = draw(
            st.sampled_from([("u1", 1), ("u1", 2), ("u2", 1), ("u3", None), (None, None), (None, 5)])
        )
        for step in range(draw(st.integers(1, 5))):
            at = start + timedelta(minutes=7 * step, seconds=number, microseconds=len(found))
            if brand.day(at) > brand.today:
                continue
            event = {
                "event_date": brand.day(at),
                "event_timestamp": at,
                "event_name": draw(
                    st.sampled_from(["page_view", "Page_View", "screen_view", "scroll", "sign_up", "share"])
                ),
                "user_pseudo_id": user,
                "ga_session_id": session,
                "user_id_hmac": draw(st.sampled_from([None, None, "h1", "h2"])),
                "session_engaged": draw(st.sampled_from([None, "0", "1", "true"])),
                "engagement_time_msec": draw(st.sampled_from([None, 0, 1500, 40_001])),
                "is_active_user": draw(st.sampled_from([None, None, False, True])),
                "session_default_channel_group": draw(st.sampled_from([*CHANNELS])),
                "device_category": draw(st.sampled_from([None, "Mobile", "desktop"])),
                "debug_mode": draw(st.sampled_from([None, None, None, None, "1", "true", "0"])),
                "traffic_type": draw(st.sampled_from([None, None, None, "internal", "Developer", "partner"])),
                "table_kind": "daily",
            }
            found.append(event)
            if draw(st.sampled_from([False, False, True])):
                found.append(dict(event))
    return found


def counted(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without own traffic and repeats, in the order they happened."""
    kept: list[dict[str, Any]] = []
    for event in sorted(found, key=lambda event: event["event_timestamp"]):
        is_own = (event["debug_mode"] or "") in {"1", "true"} or (event["traffic_type"] or "").lower() in {
            "internal",
            "developer",
        }
        if not is_own and event not in kept:
            kept.append(event)
    return kept


def reckon(found: list[dict[str, Any]]) -> Daily:
    daily = Daily()
    sessions: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for event in found:
        if event["user_pseudo_id"] is not None and event["ga_session_id"] is not None:
            sessions[event["user_pseudo_id"], event["ga_session_id"]].append(event)
    segments: dict[tuple[str, int], tuple[tuple[str, str], ...]] = {}
    for key, parts in sessions.items():
        named = [
            each["session_default_channel_group"] for each in parts if each["session_default_channel_group"]
        ]
        devices = [each["device_category"] for each in parts if each["device_category"]]
        segments[key] = (
            ("overall", "all"),
            ("channel", CHANNELS[named[0] if named else None]),
            ("device", devices[0].lower() if devices else "(not set)"),
        )
        is_engaged = any(each["session_engaged"] in {"1", "true"} for each in parts)
        for segment in segments[key]:
            daily.add("sessions", segment, parts[0]["event_date"], 1)
            daily.add("bounced", segment, parts[0]["event_date"], 0 if is_engaged else 1)
    nobody = (("overall", "all"), ("channel", "(not set)"), ("device", "(not set)"))
    signed_up = set()
    for event in found:
        day = event["event_date"]
        for segment in segments.get((event["user_pseudo_id"], event["ga_session_id"]), nobody):
            is_view = event["event_name"].lower() in {"page_view", "screen_view"}
            daily.add("page_views", segment, day, int(is_view))
            daily.add("seconds", segment, day, Decimal(event["engagement_time_msec"] or 0) / 1000)
        person = event["user_id_hmac"] or event["user_pseudo_id"]
        if event["event_name"] == "sign_up" and (person is None or person not in signed_up):
            signed_up.add(person)
            daily.add("sign_ups", ("overall", "all"), day, 1)
    return daily


def land(
    zone: MemoryZone, found: list[dict[str, Any]], *, load_id: int, days: set[date] | None = None
) -> None:
    """Land the days of ``found`` whole, and those of ``days`` even if nothing is left of them."""
    by_day: dict[date, list[dict[str, Any]]] = {day: [] for day in days or ()}
    for event in found:
        by_day.setdefault(event["event_date"], []).append(event)
    for day, rows in by_day.items():
        zone.land(EVENTS, "site", str(day), rows, load_id=load_id, window=(day, day + ONE_DAY))


@PROFILE
@given(st.data())
def test_sessions_and_users_of_raw_events(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(20, 45, 100)))
    found = data.draw(events(brand))
    zone = MemoryZone(brands={"site": "acme"}, shuffled=11)
    zone.land(EVENTS, "site", "covered", [], load_id=1, window=window(brand))
    land(zone, found, load_id=1)
    world = world_of("events")
    build(world, brand, zone, {"site": {"connector": "ga4_events", "path": "events/*.parquet"}})
    check_facts(world, reconciled=("channel", "device", "campaign"), uniques=("active_users",))
    kept = counted(found)
    daily = reckon(kept)
    daily.check(world, brand, "sessions", "sessions")
    daily.check(world, brand, "bounce_rate", "bounced", "sessions")
    daily.check(world, brand, "page_views", "page_views")
    daily.check(world, brand, "avg_time_on_page", "seconds", "page_views")
    daily.check(world, brand, "signups", "sign_ups")
    active: dict[tuple[str, date], set[str]] = {
        (grain, start): set()
        for grain in GRAINS
        for start, _ in periods_of(brand.calendar_key, grain, brand.first_day, brand.today)
    }
    for event in kept:
        is_active = event["is_active_user"]
        if is_active is None:
            is_active = (event["engagement_time_msec"] or 0) > 0
        if event["user_pseudo_id"] is not None and is_active:
            for grain in GRAINS:
                start, _ = period_of(brand.calendar_key, grain, event["event_date"])
                active[grain, start].add(event["user_pseudo_id"])
    check_amounts(
        world, "active_users", "numerator", {at: Decimal(len(users)) for at, users in active.items()}
    )


@cache
def step_worlds() -> tuple[World, World]:
    return tuple(  # type: ignore[return-value]
        World(
            STEPS,
            families={"events"},
            first=date(2025, 6, 1),
            last=date(2026, 12, 31),
            calendar_keys=CALENDAR_KEYS[:1],
        )
        for _ in range(2)
    )


@PROFILE
@given(st.data())
def test_late_events_and_restated_days_leave_what_a_full_refresh_gives(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(5, 20)))
    pool = data.draw(events(brand))
    settings = settings_of(
        {
            "project": {"name": "Acme", "currency": "EUR"},
            "brands": {"acme": {"name": "Acme", "timezone": brand.timezone}},
            "sources": {"site": {"connector": "ga4_events", "brand": "acme", "path": "events/*.parquet"}},
        }
    )
    incremental, full = step_worlds()
    zone = MemoryZone(brands={"site": "acme"})
    built_through = 0
    for load_id in range(1, data.draw(st.integers(2, 4)) + 1):
        landed = [event for event in pool if data.draw(st.booleans())]
        days = {event["event_date"] for event in pool}
        land(
            zone,
            landed,
            load_id=load_id,
            days=data.draw(st.sets(st.sampled_from(sorted(days)))) if days else None,
        )
        listed = zone.slices_of(EVENTS, "site")
        if listed and data.draw(st.sampled_from([False, False, True])):
            zone.remove(EVENTS, "site", data.draw(st.sampled_from(listed)), load_id=load_id)
        if data.draw(st.sampled_from([False, False, True])):
            continue
        zone.shuffled = None
        incremental.build(settings, zone, as_of=brand.as_of, load_id=load_id, built_through=built_through)
        built_through = load_id
        zone.shuffled = load_id
        full.build(settings, zone, as_of=brand.as_of, load_id=load_id)
        for model in STEPS:
            assert incremental.content(model) == full.content(model), model


def test_the_reckoning_knows_a_session_over_midnight() -> None:
    """The reference itself: two days, one session, on the first of them."""
    event = {
        "event_name": "page_view",
        "user_pseudo_id": "u",
        "ga_session_id": 1,
        "user_id_hmac": None,
        "session_engaged": "1",
        "engagement_time_msec": 1,
        "session_default_channel_group": None,
        "device_category": None,
    }
    days = [date(2026, 3, 1), date(2026, 3, 2)]
    found = [{**event, "event_date": day, "event_timestamp": datetime(2026, 3, day.day)} for day in days]  # noqa: DTZ001
    daily = reckon(found)
    assert daily.amounts["sessions", ("overall", "all")] == {days[0]: 1}
    assert daily.amounts["page_views", ("overall", "all")] == dict.fromkeys(days, 1)
