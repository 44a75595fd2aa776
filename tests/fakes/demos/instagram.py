"""Instagram's server: the accounts of Sib and Acme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_social import fill_instagram
from tests.fakes.demos import Opened
from tests.fakes.graph_api import ACCESS_TOKEN
from tests.fakes.instagram import InstagramApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """Two accounts."""
    api = stack.enter_context(InstagramApi())
    fill_instagram(api, last_day, days=days)
    return Opened(
        apis={"instagram": api},
        addresses={"http://instagram.local": api.base_url},
        environment=lambda _: {"DEMO_INSTAGRAM_TOKEN": ACCESS_TOKEN},
    )
