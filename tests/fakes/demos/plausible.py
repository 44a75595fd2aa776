"""Plausible's server: the blog of Sib."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_plausible import fill_plausible
from tests.fakes.demos import Opened
from tests.fakes.plausible import STATS_KEY, PlausibleApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One site."""
    statistics = stack.enter_context(PlausibleApi())
    fill_plausible(statistics, last_day, days=days)
    return Opened(
        apis={"plausible": statistics},
        addresses={"http://plausible.local": statistics.base_url},
        environment=lambda _: {"DEMO_PLAUSIBLE_KEY": STATS_KEY},
    )
