"""What the core and a connector know of each other: context in, client and account out.

The core gives a connector a :class:`Context`; its ``client.connect`` makes a :class:`Client` of that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from connectors.core.clock import Clock
from connectors.core.rate_limit import Limits
from connectors.core.window import DateWindow


@dataclass(frozen=True)
class Period:
    """Days ``[start, end)`` of a brand's calendar; grain ``day``, ``week``, ``month`` or ``quarter``."""

    grain: str
    start: date
    end: date

    @property
    def key(self) -> str:
        """``<grain>/<first day>``, the slice of the period."""
        return f"{self.grain}/{self.start}"


@dataclass(frozen=True, kw_only=True)
class BrandFacts:
    """What a connector may know of the brand it works for.

    Attributes:
        timezone: IANA name.
        currency: ISO code of reports.
        search_terms: what names the brand in a search.
        exclude_terms: what doesn't, though a term is in it.
        periods: the periods of the brand's calendar that overlap a window, longest first.
    """

    timezone: str
    currency: str
    search_terms: tuple[str, ...] = ()
    exclude_terms: tuple[str, ...] = ()
    periods: Callable[[DateWindow], list[Period]] = lambda _: []


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a client works with.

    Attributes:
        source_id: id in ``sanjeh.yml``, for errors.
        brand: see :class:`BrandFacts`.
        now: the run's clock, UTC.
        clock: measures and waits.
        limits: rate limits shared by all sources of the run.
    """

    source_id: str
    brand: BrandFacts
    now: datetime
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who the credentials are, as the cheapest authenticated call tells.

    Attributes:
        identity: account, property or site, in words.
        permission: what the credentials may do there, in words.
        timezone: IANA name of the account's days; None where the API doesn't say.
        currency: ISO code; None where the API doesn't say.
        quota: what is left of it, in words; None where the API doesn't say.
        notes: what is worth knowing.
    """

    identity: str
    permission: str
    timezone: str | None = None
    currency: str | None = None
    quota: str | None = None
    notes: tuple[str, ...] = ()


class Client(Protocol):
    """A connector's client; what its feeds call besides is its own affair."""

    def account(self) -> Account:
        """Ask once who this is; later calls give the same answer.

        Raises:
            ConnectorError: unreachable, or credentials refused.
        """

    def close(self) -> None:
        """Let go of connections."""
