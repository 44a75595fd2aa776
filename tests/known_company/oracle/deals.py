"""New customers by their first won deal, where no shop is connected; kpi-catalogue.md, "customer_acquisition_cost"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from tests.known_company.oracle.cells import OVERALL, Amount
from tests.known_company.oracle.crm import survivors
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.periods import GRAINS, ONE_DAY, local_day
from tests.known_company.records import Contact, Deal


def first_wins(brand: Brand, deals: Iterable[Deal], contacts: Iterable[Contact]) -> dict[str, date]:
    """Day of the first won deal of each customer; deals of nobody and of tests have none."""
    contacts = list(contacts)
    surviving = survivors(contacts)
    tests = {(each.source, each.contact_id) for each in contacts if each.is_test}
    found: dict[str, date] = {}
    for deal in deals:
        if not deal.is_won or deal.closed_at is None or deal.contact_id is None:
            continue
        if (deal.source, deal.contact_id) in tests:
            continue
        customer = surviving.get((deal.source, deal.contact_id), deal.contact_id)
        day = local_day(deal.closed_at, brand.timezone)
        found[customer] = min(day, found.get(customer, day))
    return found


def answers(
    brand: Brand, deals: Iterable[Deal], contacts: Iterable[Contact], spans: Sequence[tuple[date, date]]
) -> Answers:
    """New customers of every period whose deals are loaded; feeds are the caller's."""
    days = list(first_wins(brand, deals, contacts).values())
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
