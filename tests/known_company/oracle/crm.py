"""Leads of a CRM: one per person, merges and shared addresses seen through, on the day of the earliest record; kpi-formulas.md, "Leads".

Archived records stay counted for their day, tests and staff don't count at all. Converted within 90 days counts for
the lead's day; converted before it was seen as a lead counts too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tests.known_company.oracle.cells import OVERALL
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.periods import local_day
from tests.known_company.records import Contact, Utm

MEASURES = ("leads", "qualified_leads", "lead_conversions", "lead_cohort_converted")
COHORT_DAYS = 90
LEAD_CHANNELS = {
    "organic_search": "organic_search",
    "direct_traffic": "direct",
    "email_marketing": "email",
    "paid_search": "paid_search",
    "paid_social": "paid_social",
    "social_media": "organic_social",
    "referrals": "referral",
}
"""Channels by the words of a CRM's lead source; others are unassigned."""


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


@dataclass(frozen=True)
class Lead:
    """A person who became a lead; days are the brand's, ``first`` is the record that tells where they came from."""

    first: Contact
    lead_day: date
    qualified_day: date | None
    converted_day: date | None

    @property
    def source(self) -> str:
        """Source of the first record."""
        return self.first.source

    @property
    def is_converted_in_time(self) -> bool:
        """Converted within the cohort's days."""
        return self.converted_day is not None and (self.converted_day - self.lead_day).days <= COHORT_DAYS


def people(
    brand: Brand, contacts: Iterable[Contact], customer_of: Callable[[Contact], str | None] | None = None
) -> list[Lead]:
    """Everybody who became a lead.

    Args:
        brand: whose days they are.
        contacts: every record.
        customer_of: one name for one person; without it, who survived the merges.
    """
    contacts = list(contacts)
    surviving = survivors(contacts)
    of_person: dict[str, list[Contact]] = defaultdict(list)
    for each in contacts:
        if not each.is_test:
            survivor = f"{each.source}:{surviving[each.source, each.contact_id]}"
            of_person[(customer_of(each) if customer_of else None) or survivor].append(each)
    found = []
    for records in of_person.values():
        led = [(each.lead_at, each.source, each.contact_id, each) for each in records if each.lead_at]
        if led:
            lead_at, _, _, first = min(led, key=lambda each: each[:3])
            qualified = _earliest(each.qualified_at for each in records)
            converted = _earliest(each.converted_at for each in records)
            found.append(
                Lead(
                    first,
                    local_day(lead_at, brand.timezone),
                    local_day(qualified, brand.timezone) if qualified else None,
                    local_day(converted, brand.timezone) if converted else None,
                )
            )
    return found


def origin(contact: Contact, channel_of: Callable[[Utm], str] | None) -> str | None:
    """The channel a contact came by; None where it tells nothing.

    Args:
        contact: whose UTM words speak, or else its lead source.
        channel_of: the channel of UTM words; None where the CRM keeps none.
    """
    if channel_of and not contact.utm.is_empty:
        return channel_of(contact.utm)
    return LEAD_CHANNELS.get(contact.lead_source.lower(), "unassigned") if contact.lead_source else None


def answers(
    brand: Brand,
    contacts: Iterable[Contact],
    customer_of: Callable[[Contact], str | None] | None = None,
    channel_of: Callable[[Utm], str] | None = None,
) -> Answers:
    """Daily measures of leads; arguments as of :func:`people` and :func:`origin`, feeds are the caller's."""
    found = Answers()
    for lead in people(brand, contacts, customer_of):
        segments = (
            OVERALL,
            ("campaign", lead.first.utm.campaign or "(none)"),
            ("channel", origin(lead.first, channel_of) or "unassigned"),
            ("lead_source", lead.first.lead_source or "(none)"),
        )
        for segment in segments:
            found.add(lead.source, "leads", lead.lead_day, 1, segment)
            if lead.qualified_day:
                found.add(lead.source, "qualified_leads", lead.qualified_day, 1, segment)
            if lead.converted_day:
                found.add(lead.source, "lead_conversions", lead.converted_day, 1, segment)
            if lead.is_converted_in_time:
                found.add(lead.source, "lead_cohort_converted", lead.lead_day, 1, segment)
    return found


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
