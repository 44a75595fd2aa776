"""HubSpot's server: the CRM of Sib."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_hubspot import fill_hubspot
from tests.fakes.demos import Opened
from tests.fakes.hubspot import SERVICE_KEY, HubSpotApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One portal."""
    crm = stack.enter_context(HubSpotApi())
    fill_hubspot(crm, last_day, days=days)
    return Opened(
        apis={"hubspot": crm},
        addresses={"http://hubspot.local": crm.base_url},
        environment=lambda _: {"DEMO_HUBSPOT_TOKEN": SERVICE_KEY},
    )
