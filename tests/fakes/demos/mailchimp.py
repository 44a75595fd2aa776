"""Mailchimp's server: the newsletters of Acme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_mailchimp import fill_mailchimp
from tests.fakes.demos import Opened
from tests.fakes.mailchimp import API_KEY, MailchimpApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One account."""
    newsletters = stack.enter_context(MailchimpApi())
    fill_mailchimp(newsletters, last_day, days=days)
    return Opened(
        apis={"mailchimp": newsletters},
        addresses={"http://mailchimp.local": newsletters.base_url},
        environment=lambda _: {"DEMO_MAILCHIMP_KEY": API_KEY},
    )
