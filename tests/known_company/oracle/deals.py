"""New customers by their first won deal, where no shop is connected, and by the touches that led to it.

kpi-catalogue.md, "customer_acquisition_cost"; contracts.md, section 4.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.known_company.clickstream import Event
from tests.known_company.oracle.attribution import Touch, split
from tests.known_company.oracle.attribution import credited as credited_by
from tests.known_company.oracle.campaigns import NAMELESS
from tests.known_company.oracle.cells import OVERALL, Amount, Segment
from tests.known_company.oracle.clickstream import Session, counted, sessions
from tests.known_company.oracle.crm import origin
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.identity import Customers, address
from tests.known_company.oracle.orders import Credit
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, local_day
from tests.known_company.oracle.text import folded
from tests.known_company.records import Contact, Deal, Utm


def first_wins(deals: Iterable[Deal], contacts: Iterable[Contact], people: Customers) -> dict[str, Deal]:
    """The first won deal of each customer; deals of nobody and of tests are nobody's."""
    known = {(each.source, each.contact_id): each for each in contacts}
    found: dict[str, Deal] = {}
    for deal in deals:
        contact = known.get((deal.source, deal.contact_id or ""))
        if (
            not deal.is_won
            or deal.closed_at is None
            or deal.contact_id is None
            or (contact and contact.is_test)
        ):
            continue
        customer = people.of_contact(contact) if contact else f"{deal.source}:{deal.contact_id}"
        earlier = found.get(customer or "")
        if earlier is None or _place(deal) < _place(earlier):
            found[customer or ""] = deal
    return found


def _place(deal: Deal) -> tuple[datetime | None, str, str]:
    return deal.closed_at, deal.source, deal.deal_id


def answers(
    brand: Brand,
    wins: Iterable[Deal],
    spans: Sequence[tuple[date, date]],
    credits_of: Callable[[Deal], list[Credit]],
) -> Answers:
    """New customers of every period whose deals are loaded; feeds are the caller's.

    Args:
        brand: whose periods they are.
        wins: first won deals.
        spans: loaded days.
        credits_of: what the touches of a deal get of the customer.
    """
    wins = list(wins)
    days = [local_day(deal.closed_at, brand.timezone) for deal in wins if deal.closed_at]
    found = Answers()
    for grain in GRAINS:
        counts: dict[date, int] = {
            period.start: 0
            for start, end in spans
            for period in brand.calendar.periods(grain, start, min(end - ONE_DAY, brand.today))
        }
        for day in days:
            start = brand.calendar.period(grain, day).start
            if start <= brand.today:
                counts[start] = counts.get(start, 0) + 1
        for start, count in counts.items():
            found.periodic[None, "new_customers", grain, start, OVERALL] = Amount(Decimal(count), count)
    sums: dict[tuple[str, date, Segment], Decimal] = defaultdict(Decimal)
    for deal in wins:
        credited = credits_of(deal)
        parts = split(Decimal(1), [share for _, _, share in credited])
        for grain, (channel, campaign, _), part in (
            (grain, credit, part) for grain in GRAINS for credit, part in zip(credited, parts, strict=True)
        ):
            if part and deal.closed_at:
                start = brand.calendar.period(grain, local_day(deal.closed_at, brand.timezone)).start
                sums[grain, start, channel] += part
                sums[grain, start, campaign] += part
    for (grain, start, segment), amount in sums.items():
        found.periodic[None, "new_customers", grain, start, segment] = Amount(amount)
    return found


def credits_by(rule: str, touches: Callable[[Deal], list[Touch]]) -> Callable[[Deal], list[Credit]]:
    """Who gets what of a won deal; ``rule`` as for :func:`attribution.shares`."""
    return lambda deal: credited_by(rule, touches(deal))


def touches_by(
    window_days: int,
    people: Customers,
    contacts: Iterable[Contact],
    events: Iterable[Event],
    *,
    shown: Callable[[str], str],
    channel_of: Callable[[Utm], str] | None = None,
) -> Callable[[Deal], list[Touch]]:
    """Touches of a won deal: sessions of the customer's browsers in the window, and how the lead came.

    Args:
        window_days: how many times 24 hours before the deal a session may begin; a lead's origin always counts.
        people: whose browsers are found by address.
        contacts: every record; the customer's earliest lead tells its origin.
        events: of the brand's one export.
        shown: the name of a campaign.
        channel_of: the channel of what a lead says itself; its source speaks where that says nothing.
    """
    seen = counted(events)
    by_user: dict[str, list[Session]] = defaultdict(list)
    for session in sessions(seen).values():
        by_user[session.user].append(session)
    known_in: dict[str, set[str]] = defaultdict(set)
    for event in seen:
        if event.user is not None and event.session is not None and (who := address(event.user_id)):
            known_in[who].add(event.user)
    records: dict[str, list[Contact]] = defaultdict(list)
    of: dict[tuple[str, str], str] = {}
    for contact in contacts:
        customer = people.of_contact(contact) or ""
        of[contact.source, contact.contact_id] = customer
        if not contact.is_test and contact.lead_at is not None:
            records[customer].append(contact)

    def touches(deal: Deal) -> Iterator[Touch]:
        customer = of.get((deal.source, deal.contact_id or ""), "")
        users = set().union(*(known_in.get(who, set()) for who in people.addresses(customer)))
        for session in (each for user in users for each in by_user[user]):
            age = (deal.closed_at or session.started_at) - session.started_at
            if timedelta(0) <= age <= timedelta(days=window_days):
                named = session.campaign if folded(session.campaign or "") not in NAMELESS else None
                campaign = shown(named) if named else "(not set)"
                key = f"{session.user}|{session.number}"
                yield Touch(session.started_at, key, session.channel, campaign)
        first = min(records[customer], key=lambda each: (each.lead_at, each.contact_id), default=None)
        if first is not None and first.lead_at is not None and (channel := origin(first, channel_of)):
            name = first.utm.campaign
            campaign = shown(name) if name and folded(name) not in NAMELESS else "(not set)"
            yield Touch(first.lead_at, "lead", channel, campaign)

    return lambda deal: sorted(touches(deal))
