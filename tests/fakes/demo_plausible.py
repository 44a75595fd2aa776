"""The sites of the demo as Plausible sees them: Sib's blog, whose visits of a day depend on the day alone."""

from __future__ import annotations

from datetime import date

from tests.fakes.demo_brands import SIB
from tests.fakes.demo_calendar import Happenings, dice
from tests.fakes.plausible import PlausibleApi, Site
from tests.fakes.plausible_data import DIRECT, NOT_SET, Visits

BLOG = "blog.sib.example"
_CAMPAIGN = next(campaign for _, _, medium, campaign in SIB.origins if medium == "email")
_ORIGINS = {
    ("Organic Search", "Google", NOT_SET, NOT_SET): 44,
    ("Direct", DIRECT, NOT_SET, NOT_SET): 26,
    ("Organic Social", "Instagram", "social", "پویش پاییزهٔ میوه‌ها"): 12,
    ("Email", "newsletter", "email", _CAMPAIGN): 9,
    ("Referral", "mizbanha.example", NOT_SET, NOT_SET): 6,
}
_PATHS = ("/وبلاگ/فواید-سیب", "/وبلاگ/پاییز‌و‌میوه", "/", "/وبلاگ/دستور-مربا")
_GOAL, _GOAL_CHANCE = "عضویت در خبرنامه", 0.05
_PEOPLE = 900


def fill_plausible(api: PlausibleApi, last_day: date, *, days: int = 120) -> None:
    """Fill an empty server with ``days`` days up to ``last_day``, the days of Tehran."""
    happenings = Happenings(last_day, days=days, zone=SIB.time_zone)
    facts = [visit for day in happenings.days() for visit in _visits(day)]
    api.sites[BLOG] = Site(SIB.time_zone, facts=facts)


def _visits(day: date) -> list[Visits]:
    """A day's visits: fewer at the weekend, some people come twice, most look at one page."""
    thrown = dice("blog", day)
    count = int((14 if day.weekday() in SIB.weekend else 22) * (0.8 + 0.4 * thrown.random()))
    visits = []
    for _ in range(count):
        channel, source, medium, campaign = thrown.choices(list(_ORIGINS), weights=list(_ORIGINS.values()))[0]
        pages = thrown.sample(_PATHS, thrown.choices((1, 2, 3), weights=(6, 3, 1))[0])
        goals = {_GOAL: 1} if thrown.random() < _GOAL_CHANCE else {}
        visits.append(
            Visits(
                day=day,
                visitors=frozenset({day.toordinal() * _PEOPLE + thrown.randrange(_PEOPLE)}),
                channel=channel,
                source=source,
                medium=medium,
                campaign=campaign,
                pages=dict.fromkeys(pages, 1),
                goals=goals,
                bounces=int(len(pages) == 1 and not goals),
                seconds=thrown.randrange(5, 400) if len(pages) > 1 else 0,
            )
        )
    return visits
