"""New customers by their first won deal, where no shop is connected; kpi-catalogue.md, "customer_acquisition_cost"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from tests.known_company.oracle.cells import OVERALL, Amount
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.identity import Customers
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, local_day
from tests.known_company.records import Contact, Deal


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


def answers(brand: Brand, wins: Iterable[Deal], spans: Sequence[tuple[date, date]]) -> Answers:
    """New customers of every period whose deals are loaded, by their first won deals; feeds are the caller's."""
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
            found.periodic[None, "new_customers", grain, start, OVERALL] = Amount(count, count)
    return found
