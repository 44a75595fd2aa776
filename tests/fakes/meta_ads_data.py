"""The data of a Meta ad account: what a test states, an ad's day at a time.

Amounts and counts are exact; how Meta writes them, and what it leaves out, is :mod:`tests.fakes.meta_ads_report`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Windows = Mapping[str, Decimal | int]
"""Counts or values by attribution window, such as ``7d_click``."""


@dataclass(frozen=True, kw_only=True)
class AdDay:
    """One day of one ad.

    Attributes:
        day: in the account's zone.
        campaign: id and name. adset: likewise. ad: likewise.
        clicks: of any kind. link_clicks: those of them on links.
        reach: people; campaigns have that of their largest ad, since the same people see all of them.
        actions: counts by action type and window. values: money likewise.
    """

    day: date
    campaign: tuple[str, str]
    adset: tuple[str, str]
    ad: tuple[str, str]
    spend: Decimal = Decimal(0)
    impressions: int = 0
    reach: int = 0
    clicks: int = 0
    link_clicks: int = 0
    actions: Mapping[str, Windows] = field(default_factory=dict)
    values: Mapping[str, Windows] = field(default_factory=dict)


@dataclass(kw_only=True)
class AdAccount:
    """One ad account.

    Attributes:
        status: 1 is active.
        days: what its ads did.
    """

    name: str
    currency: str = "EUR"
    timezone: str = "Europe/Berlin"
    status: int = 1
    days: list[AdDay] = field(default_factory=list)

    def restate(self, day: date, ads: Iterable[AdDay]) -> None:
        """Replace what is known of ``day``."""
        self.days = [*(each for each in self.days if each.day != day), *ads]
