"""Stripe's server: the billing of Acme."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date

from tests.fakes.demo_stripe import fill_stripe
from tests.fakes.demos import Opened, clock_after
from tests.fakes.stripe import KEY, StripeApi


def open_servers(last_day: date, days: int, stack: ExitStack) -> Opened:
    """One account."""
    billing = stack.enter_context(StripeApi())
    fill_stripe(billing, last_day, days=days)
    billing.now = clock_after(last_day)
    return Opened(
        apis={"stripe": billing},
        addresses={"http://stripe.local": billing.base_url},
        environment=lambda _: {"DEMO_STRIPE_KEY": KEY},
    )
