"""The data of Google Ads accounts: what a test states, by day, campaign, ad group, ad and conversion action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign; ``type`` is the channel type as Google writes it, empty where it tells none."""

    name: str
    type: str = "SEARCH"
    status: str = "ENABLED"


@dataclass(frozen=True, kw_only=True)
class AdGroup:
    """An ad group of a campaign."""

    name: str
    type: str = "SEARCH_STANDARD"
    status: str = "ENABLED"


@dataclass(frozen=True, kw_only=True)
class Ad:
    """An ad; most have no name."""

    name: str = ""
    type: str = "RESPONSIVE_SEARCH_AD"
    status: str = "ENABLED"


@dataclass(frozen=True, kw_only=True)
class Action:
    """A conversion action."""

    name: str
    category: str = "PURCHASE"
    type: str = "WEBPAGE"
    status: str = "ENABLED"
    counting_type: str = "MANY_PER_CLICK"
    is_primary: bool = True
    click_window_days: int = 30
    view_window_days: int = 1
    model: str = "GOOGLE_SEARCH_ATTRIBUTION_DATA_DRIVEN"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdFact:
    """What was shown and spent; of campaigns without ad groups, ``ad_group`` and ``ad`` are empty."""

    day: date
    campaign: int
    ad_group: int | None = None
    ad: int | None = None
    impressions: int = 0
    clicks: int = 0
    cost_micros: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Conversions that Google claims for the clicks of a day."""

    day: date
    campaign: int
    action: int
    ad_group: int | None = None
    ad: int | None = None
    conversions: Decimal = Decimal(1)
    value: Decimal = Decimal(0)


@dataclass(kw_only=True)
class AdAccount:
    """One account.

    Attributes:
        managers: login customer ids through which it may be reached.
        is_direct: whether the credentials are users of the account itself, so that no login id is needed.
        clients: of a manager account, those below it.
        campaigns, ad_groups, ads, actions: by id; names may change, days keep the newest.
        facts, claims: what happened.
    """

    id: str
    name: str
    currency_code: str
    time_zone: str
    is_manager: bool = False
    is_test: bool = False
    status: str = "ENABLED"
    managers: frozenset[str] = frozenset()
    is_direct: bool = True
    clients: tuple[AdAccount, ...] = ()
    campaigns: dict[int, Campaign] = field(default_factory=dict)
    ad_groups: dict[int, AdGroup] = field(default_factory=dict)
    ads: dict[int, Ad] = field(default_factory=dict)
    actions: dict[int, Action] = field(default_factory=dict)
    facts: list[AdFact] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    def restate(self, day: date, facts: Iterable[AdFact] = (), claims: Iterable[Claim] = ()) -> None:
        """Replace what happened on ``day``."""
        self.facts = [*(each for each in self.facts if each.day != day), *facts]
        self.claims = [*(each for each in self.claims if each.day != day), *claims]
