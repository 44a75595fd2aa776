"""Hotjar's server: the surveys of Sib."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_hotjar import fill_hotjar
from tests.fakes.demos import Opened
from tests.fakes.hotjar import CLIENT_ID, CLIENT_KEY, HotjarApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One site."""
    surveys = stack.enter_context(HotjarApi())
    fill_hotjar(surveys, last_day, days=days)
    return Opened(
        apis={"hotjar": surveys},
        addresses={"http://hotjar.local": surveys.base_url},
        environment=lambda _: {"DEMO_HOTJAR_ID": CLIENT_ID, "DEMO_HOTJAR_SECRET": CLIENT_KEY},
    )
