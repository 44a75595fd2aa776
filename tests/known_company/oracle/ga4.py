"""Web traffic by GA4's own reports: sums of the property's days, users asked for each period and never summed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.known_company.oracle.cells import OVERALL, Amount
from tests.known_company.oracle.feeds import Answers, Brand, Feed
from tests.known_company.oracle.periods import GRAINS, ONE_DAY

FINAL_AFTER = 3
USABLE_AFTER = 2
MEASURES = ("sessions", "engaged_sessions", "engagement_seconds", "page_views")
CHANNELS = {
    "Organic Search": "organic_search",
    "Direct": "direct",
    "Paid Search": "paid_search",
    "Paid Social": "paid_social",
    "Organic Social": "organic_social",
    "Email": "email",
    "Referral": "referral",
    "Cross-network": "cross_network",
    "Unassigned": "unassigned",
}
"""Our channels by Google's default channel groups; others keep their own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebVisit:
    """Sessions of one visitor on a day of the property, as the last landing of that day told them."""

    day: date
    user: str
    is_active: bool
    channel: str
    campaign: str
    device: str
    sessions: int
    engaged: int
    seconds: int
    views: int
    sign_ups: int
    shares: int


def traffic(brand: Brand, source: str, visits: Iterable[WebVisit], first: date, last: date) -> Answers:
    """Measures of one property whose days from ``first`` to ``last`` are loaded."""
    answers = Answers()
    people: dict[tuple[str, date], set[str]] = defaultdict(set)
    for visit in visits:
        amounts = dict(
            zip(MEASURES, (visit.sessions, visit.engaged, visit.seconds, visit.views), strict=True)
        )
        segments = (
            OVERALL,
            ("channel", CHANNELS.get(visit.channel, visit.channel.lower())),
            ("campaign", visit.campaign),
            ("device", visit.device.lower()),
        )
        for measure, amount in amounts.items():
            for segment in segments:
                answers.add(source, measure, visit.day, amount, segment)
        answers.add(source, "ga4_sign_ups", visit.day, visit.sign_ups)
        answers.add(source, "site_shares", visit.day, visit.shares)
        for grain in GRAINS:
            seen = people[grain, brand.calendar.period(grain, visit.day).start]
            if visit.is_active:
                seen.add(visit.user)
    for grain in GRAINS:
        for period in brand.calendar.periods(grain, first, last):
            count = len(people.get((grain, period.start), ()))
            for segment in (OVERALL, ("source", source)):
                key = (source, "active_users", grain, period.start, segment)
                answers.periodic[key] = Amount(count, sample_size=count)
    answers.feeds += [
        Feed(
            source_id=source,
            measure=measure,
            spans=((first, last + ONE_DAY),),
            usable_after_days=USABLE_AFTER,
            final_after_days=FINAL_AFTER,
        )
        for measure in (*MEASURES, "ga4_sign_ups", "site_shares", "active_users")
    ]
    return answers
