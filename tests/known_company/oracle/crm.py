"""Leads of a CRM: one per person, merges and shared addresses seen through, on the day of the earliest record; kpi-formulas.md, "Leads".

Archived records stay counted for their day, tests and staff don't count at all. Converted within 90 days counts for
the lead's day; converted before it was seen as a lead counts too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from tests.known_company.oracle.cells import OVERALL
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.periods import local_day
from tests.known_company.records import Contact

MEASURES = ("leads", "qualified_leads", "lead_conversions", "lead_cohort_converted")
COHORT_DAYS = 90


def survivors(contacts: Iterable[Contact]) -> dict[tuple[str, str], str]:
    """(source, contact) -> id of the contact that is left after all merges."""
    merged = {(each.source, each.contact_id): each.merged_into for each in contacts}
    found = {}
    for source, contact_id in merged:
        at = contact_id
        while (into := merged.get((source, at))) is not None:
            at = into
        found[source, contact_id] = at
    return found


def answers(
    brand: Brand, contacts: Iterable[Contact], customer_of: Callable[[Contact], str | None] | None = None
) -> Answers:
    """Daily measures of leads; feeds are the caller's.

    Args:
        brand: whose days they are.
        contacts: every record.
        customer_of: one name for one person; without it, who survived the merges.
    """
    contacts = list(contacts)
    surviving = survivors(contacts)
    people: dict[str, list[Contact]] = defaultdict(list)
    for each in contacts:
        if not each.is_test:
            survivor = f"{each.source}:{surviving[each.source, each.contact_id]}"
            people[(customer_of(each) if customer_of else None) or survivor].append(each)
    found = Answers()
    for records in people.values():
        led = [each for each in records if each.lead_at is not None]
        if not led:
            continue
        first = min(led, key=lambda each: (each.lead_at, each.source, each.contact_id))
        source = first.source
        segments = (
            OVERALL,
            ("campaign", first.utm.campaign or "(none)"),
            ("lead_source", first.lead_source or "(none)"),
        )
        lead_day = local_day(min(each.lead_at for each in led if each.lead_at), brand.timezone)
        qualified = _earliest(each.qualified_at for each in records)
        converted = _earliest(each.converted_at for each in records)
        for segment in segments:
            found.add(source, "leads", lead_day, 1, segment)
            if qualified:
                found.add(source, "qualified_leads", local_day(qualified, brand.timezone), 1, segment)
            if converted:
                day = local_day(converted, brand.timezone)
                found.add(source, "lead_conversions", day, 1, segment)
                if (day - lead_day).days <= COHORT_DAYS:
                    found.add(source, "lead_cohort_converted", lead_day, 1, segment)
    return found


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
