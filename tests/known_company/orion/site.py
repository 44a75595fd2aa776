"""The raw event export of Orion's property: it knows the persons who sign up, and visits before a deal was won."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.known_company.clickstream import Site
from tests.known_company.orion import web
from tests.known_company.orion.people import crm


def _addresses() -> Iterator[tuple[str, str]]:
    """Regular visitors who are customers: browser and address, some with two browsers."""
    world = crm()
    buyers = [
        world.people[deal.contact]
        for deal in world.deals.values()
        if deal.is_won
        and deal.contact is not None
        and deal.closed_at
        and deal.closed_at.date() > date(2025, 7, 20)
    ]
    for place, person in enumerate(buyers[:60]):
        if person.email and not person.is_test:
            yield f"orion.{place}", person.email.strip()
            if place % 6 == 0:
                yield f"orion.{60 + place // 6}", person.email.strip()


SITE = Site(
    word="orion",
    zone="Europe/Berlin",
    property_id=web.PROPERTY,
    first=date(2025, 7, 1),
    crowd=5,
    missing=frozenset({date(2025, 8, 13)}),
    late=frozenset({date(2025, 9, 30)}),
    rewritten=frozenset({date(2025, 9, 29)}),
    addresses=dict(_addresses()),
)
