"""Leads: merges, archives, erasures, tests and re-imports, reckoned in Python person by person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from connectors.crm.streams import CONTACTS
from tests.properties.drawn import PROFILE, DrawnBrand, brands, moments
from tests.properties.families import FIRST, LAST, Daily, build, window, world_of
from tests.properties.invariants import check_facts
from tests.properties.zone import MemoryZone


@dataclass(frozen=True)
class Contact:
    contact_id: str
    created_at: datetime
    became_lead_at: datetime | None
    became_qualified_at: datetime | None
    became_customer_at: datetime | None
    lead_source: str | None
    utm_campaign: str | None
    merged_into: str | None = None
    is_deleted: bool | None = None
    is_test: bool | None = None
    email_flags: str | None = None
    _is_deleted: bool = False

    @property
    def counts_as_test(self) -> bool:
        flags = (self.email_flags or "").split(";")
        return bool(self.is_test) or "test" in flags or "staff" in flags or self.lead_source == "QA"


def channel_of(contact: Contact) -> str:
    """A campaign alone tells no channel, and of the sources only one is a channel's name."""
    return "organic_search" if contact.lead_source == "Organic" and not contact.utm_campaign else "unassigned"


@st.composite
def contacts(draw: st.DrawFn, brand: DrawnBrand) -> list[list[Contact]]:
    has_lead_dates = draw(st.booleans())
    loads: list[list[Contact]] = [[], [], []]
    for number in range(draw(st.integers(0, 10))):
        at = lambda: draw(st.one_of(st.none(), moments(brand)))  # noqa: E731
        contact = Contact(
            contact_id=f"p{number}",
            created_at=draw(moments(brand)),
            became_lead_at=at() if has_lead_dates else None,
            became_qualified_at=at(),
            became_customer_at=at(),
            lead_source=draw(st.sampled_from([None, "Ads", "Organic", "QA"])),
            utm_campaign=draw(st.sampled_from([None, "spring", "autumn"])),
            is_test=draw(st.sampled_from([None, False, False, True])),
            email_flags=draw(st.sampled_from([None, None, None, "vip", "staff"])),
        )
        load = draw(st.integers(0, 2))
        loads[load].append(contact)
        later = draw(st.integers(load, 2))
        change = draw(st.sampled_from(["none", "merge", "merge", "archive", "erase", "reopen"]))
        if later == load or change == "none":
            continue
        if change == "merge" and number:
            contact = replace(contact, merged_into=f"p{draw(st.integers(0, number - 1))}")
        elif change == "archive":
            contact = replace(contact, is_deleted=True)
        elif change == "erase":
            contact = replace(contact, _is_deleted=True)
        elif change == "reopen":
            contact = replace(contact, became_customer_at=at())
        loads[later].append(contact)
    return loads


def leads(loads: list[list[Contact]], brand: DrawnBrand) -> Daily:
    standing: dict[str, Contact] = {}
    for load in loads:
        standing.update({contact.contact_id: contact for contact in load})
    standing = {key: contact for key, contact in standing.items() if not contact._is_deleted}
    tells_leads = any(contact.became_lead_at for contact in standing.values())

    def survivor(contact_id: str) -> str:
        into = standing[contact_id].merged_into if contact_id in standing else None
        return survivor(into) if into else contact_id

    def lead_at(contact: Contact) -> datetime | None:
        return contact.became_lead_at if tells_leads else contact.created_at

    people: dict[str, list[Contact]] = {}
    for contact in standing.values():
        if not contact.counts_as_test:
            people.setdefault(survivor(contact.contact_id), []).append(contact)
    daily = Daily()
    for records in people.values():
        dated = sorted((at, each.contact_id, each) for each in records if (at := lead_at(each)) is not None)
        if not dated:
            continue
        first_at, _, first = dated[0]
        lead_day = brand.day(first_at)
        qualified = [each.became_qualified_at for each in records if each.became_qualified_at]
        converted = [each.became_customer_at for each in records if each.became_customer_at]
        for segment in (
            ("overall", "all"),
            ("campaign", first.utm_campaign or "(none)"),
            ("channel", channel_of(first)),
            ("lead_source", first.lead_source or "(none)"),
        ):
            daily.add("leads", segment, lead_day, 1)
            if qualified:
                daily.add("qualified_leads", segment, brand.day(min(qualified)), 1)
            if converted:
                day = brand.day(min(converted))
                daily.add("lead_conversions", segment, day, 1)
                if (day - lead_day).days <= 90:
                    daily.add("lead_cohort_converted", segment, lead_day, 1)
    return daily


@PROFILE
@given(st.data())
def test_leads_are_people_by_their_first_lead_day(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(20, 100, 200)))
    loads = data.draw(contacts(brand))
    zone = MemoryZone(brands={"crm": "acme"}, shuffled=1)
    zone.land(CONTACTS, "crm", "covered", [], load_id=1, window=window(brand))
    for load_id, load in enumerate(loads, start=1):
        zone.land(CONTACTS, "crm", f"{load_id}.csv", [vars(contact) for contact in load], load_id=load_id)
    world = world_of("crm")
    build(
        world,
        brand,
        zone,
        {"crm": {"connector": "crm_contacts_file", "path": "c.csv", "test_patterns": {"lead_source": "qa"}}},
    )
    check_facts(
        world, reconciled=("campaign", "channel", "lead_source"), unbounded=("lead_conversion_rate_flow",)
    )
    daily = leads(loads, brand)
    daily.check(world, brand, "leads", "leads")
    daily.check(world, brand, "qualified_leads", "qualified_leads")
    daily.check(world, brand, "lead_conversion_rate", "lead_cohort_converted", "leads")
    daily.check(world, brand, "lead_conversion_rate_flow", "lead_conversions", "leads")
