"""Facebook's server: the page of Acme, read with a person's token."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_social import ACME_PAGE, fill_facebook_page
from tests.fakes.demos import Opened
from tests.fakes.facebook_page import FacebookPageApi
from tests.fakes.graph_api import ACCESS_TOKEN


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One page."""
    api = stack.enter_context(FacebookPageApi())
    api.administered = {ACME_PAGE}
    fill_facebook_page(api, last_day, days=days)
    return Opened(
        apis={"facebook_page": api},
        addresses={"http://facebook-page.local": api.base_url},
        environment=lambda _: {"DEMO_FACEBOOK_PAGE_TOKEN": ACCESS_TOKEN},
    )
