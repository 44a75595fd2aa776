"""An Http of a test, with a clock that doesn't wait."""

from __future__ import annotations

from connectors.core.api import BrandFacts, Context
from connectors.core.api_config import HttpConfig
from connectors.core.auth import Auth
from connectors.core.http import Http
from connectors.core.rate_limit import Rate, RateLimiter
from tests.unit.core.fake_clock import FakeClock
from tests.unit.core.toy_workspace import noon


def caller(
    base_url: str,
    clock: FakeClock,
    *,
    limiter: RateLimiter | None = None,
    auth: Auth | None = None,
    **config: float,
) -> Http:
    """An Http that tries thrice."""
    context = Context(
        source_id="shop", brand=BrandFacts(timezone="UTC", currency="EUR"), now=noon(1), clock=clock.clock
    )
    return Http(
        context,
        HttpConfig.model_validate({"attempts": 3, **config}),
        base_url=base_url,
        limiter=limiter or RateLimiter(Rate(calls=1000, seconds=1), clock.clock),
        auth=auth,
    )
