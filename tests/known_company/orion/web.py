"""What GA4 knows of Orion's site: visits of every day, as each run finds them.

Planted: the two youngest days of a run are provisional; three days of the first run hold visits that Google took
back later; one old day is restated after its re-read window, which the warehouse can't know; a day without any visit;
days on which people come that come every month, so that users must not be summed; campaign names in mixed case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from tests.fakes.ga4_data import EventFact, Fact, PageFact, Property, SessionFact
from tests.known_company.clock import RUNS, START
from tests.known_company.oracle.periods import days
from tests.known_company.orion.dice import BERLIN, dice, yesterday

PROPERTY = "311"
SILENT_DAY = date(2024, 12, 25)
"""Nobody came: GA4 has no row, and the day is loaded and zero."""
TAKEN_BACK = (date(2025, 9, 28), date(2025, 9, 29), date(2025, 9, 30))
"""Held more visits at the first run than ever after."""
RESTATED_TOO_LATE = date(2025, 6, 15)
"""Doubled at Google before the last run, half a year after anybody asks for it."""
_SHARES = {0: 0.6, 1: 0.9}
_DEVICES = (("desktop", 62), ("mobile", 33), ("tablet", 5))
_PATHS = ("/", "/pricing", "/contact", "/blog/automation", "/docs/start")
ORIGINS: dict[tuple[str, str, str, str], int] = {
    ("Organic Search", "google", "organic", "(organic)"): 34,
    ("Direct", "(direct)", "(none)", "(direct)"): 22,
    ("Paid Search", "google", "cpc", "brand-de"): 13,
    ("Paid Social", "linkedin", "paid_social", "LinkedIn-Leads"): 8,
    ("Paid Social", "LinkedIn", "Paid_Social", "linkedin-leads"): 3,
    ("Email", "hubspot", "email", "b2b nurture"): 9,
    ("Referral", "partner.example", "referral", "(referral)"): 6,
    ("AI Assistant", "chat.example", "referral", "(referral)"): 2,
    ("Cross-network", "google", "cpc", "pmax"): 2,
    ("Unassigned", "(not set)", "(not set)", "(not set)"): 1,
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor's sessions of a day; idle visitors had events but were not active."""

    day: date
    user: str
    channel: str
    source: str
    medium: str
    campaign: str
    landing_page: str
    device: str
    sessions: int
    engaged: int
    seconds: int
    views: int
    signs_up: bool = False
    shares: bool = False

    @property
    def is_idle(self) -> bool:
        """No engagement at all."""
        return self.engaged == 0 and self.seconds == 0


@cache
def visits(day: date) -> tuple[Visit, ...]:
    """All visits of a day, as they are once Google has settled."""
    if day == SILENT_DAY:
        return ()
    thrown = dice("web", day)
    growth = 1 + (day - START).days / 730
    crowd = round((9 if day.weekday() < 5 else 4) * growth * thrown.uniform(0.8, 1.3))
    users = list(dict.fromkeys(_user(day, thrown.random(), thrown.randrange(10_000)) for _ in range(crowd)))
    return tuple(_visit(day, user, place) for place, user in enumerate(users))


def _user(day: date, kind: float, number: int) -> str:
    """A regular, somebody of the month, or a stranger."""
    if kind < 0.35:
        return f"regular {number % 60}"
    if kind < 0.6:
        return f"{day:%Y-%m} {number % 40}"
    return f"{day} {number}"


def _visit(day: date, user: str, place: int) -> Visit:
    thrown = dice("visit", day, place)
    channel, source, medium, campaign = thrown.choices(list(ORIGINS), list(ORIGINS.values()))[0]
    sessions = 2 if thrown.random() < 0.08 else 1
    is_active = thrown.random() < 0.72
    return Visit(
        day=day,
        user=user,
        channel=channel,
        source=source,
        medium=medium,
        campaign=campaign,
        landing_page=thrown.choice(_PATHS),
        device=thrown.choices([name for name, _ in _DEVICES], [weight for _, weight in _DEVICES])[0],
        sessions=sessions,
        engaged=thrown.randint(1, sessions) if is_active else 0,
        seconds=thrown.randint(5, 400) if is_active else 0,
        views=thrown.randint(1, 5),
        signs_up=is_active and thrown.random() < 0.05,
        shares=is_active and thrown.random() < 0.03,
    )


def visits_at(run: int) -> Iterator[Visit]:
    """Visits as GA4 tells them at a run."""
    last = yesterday(run)
    for day in days(START, last + timedelta(days=1)):
        of_day = visits(day)
        of_day = of_day[: round(len(of_day) * _SHARES.get((last - day).days, 1.0))]
        yield from of_day
        if run == 0 and day in TAKEN_BACK:
            yield from (replace(visit, user=f"bot {visit.user}") for visit in of_day[:5])
        if run == len(RUNS) - 1 and day == RESTATED_TOO_LATE:
            yield from (replace(visit, user=f"late {visit.user}") for visit in of_day)


def landed_visits() -> Iterator[Visit]:
    """What the warehouse can know after the last run: its own answers, but for what nobody asks for any more."""
    for visit in visits_at(len(RUNS) - 1):
        if not visit.user.startswith("late "):
            yield visit


def property_at(run: int) -> Property:
    """The GA4 property as it stands at a run."""
    data = Property(time_zone=str(BERLIN), currency_code="EUR")
    data.state(_facts(visits_at(run)))
    return data


def _facts(seen: Iterator[Visit]) -> Iterator[Fact]:
    sessions: dict[tuple[date, str, str, str, str, str, str], list[Visit]] = defaultdict(list)
    pages: dict[tuple[date, str], list[Visit]] = defaultdict(list)
    events: dict[tuple[date, str], list[Visit]] = defaultdict(list)
    for visit in seen:
        key = (
            visit.day,
            visit.channel,
            visit.source,
            visit.medium,
            visit.campaign,
            visit.landing_page,
            visit.device,
        )
        sessions[key].append(visit)
        pages[visit.day, visit.landing_page].append(visit)
        for name, fires in (("sign_up", visit.signs_up), ("share", visit.shares), ("session_start", True)):
            if fires:
                events[visit.day, name].append(visit)
    for (day, channel, source, medium, campaign, page, device), group in sessions.items():
        yield SessionFact(
            day=day,
            channel=channel,
            source=source,
            medium=medium,
            campaign=campaign,
            landing_page=page,
            device=device,
            sessions=sum(visit.sessions for visit in group),
            engaged_sessions=sum(visit.engaged for visit in group),
            engagement_seconds=sum(visit.seconds for visit in group),
            page_views=sum(visit.views for visit in group),
            users=frozenset(visit.user for visit in group),
            idle_users=frozenset(visit.user for visit in group if visit.is_idle),
        )
    for (day, page), group in pages.items():
        yield PageFact(
            day=day,
            path=page,
            page_views=sum(visit.views for visit in group),
            engagement_seconds=sum(visit.seconds for visit in group),
            users=frozenset(visit.user for visit in group),
        )
    for (day, name), group in events.items():
        yield EventFact(day=day, name=name, count=len(group), users=frozenset(visit.user for visit in group))
