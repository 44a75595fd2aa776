"""What happened at a company, in records that no source or model knows: the input of the oracle's families.

A record is true as of the last landing. Instants are aware and UTC, money is Decimal in ``currency``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utm:
    """Where a visit came from, as the shop or CRM wrote it down."""

    source: str | None = None
    medium: str | None = None
    campaign: str | None = None

    @property
    def is_empty(self) -> bool:
        """Nothing is named."""
        return not (self.source or self.medium or self.campaign)


NO_UTM = Utm()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A shop order.

    Attributes:
        customer_id: number in the shop, None for guests. email: as typed.
        counts: False for tests, staff, and orders cancelled before payment.
        goods: before discount, without tax and shipping. total: what was paid; None where the shop leaves it out.
    """

    source: str
    order_id: str
    ordered_at: datetime
    customer_id: str | None = None
    email: str | None = None
    goods: Decimal
    discount: Decimal = NOTHING
    shipping: Decimal = NOTHING
    tax: Decimal = NOTHING
    total: Decimal | None = None
    refunded: Decimal = NOTHING
    refunded_at: datetime | None = None
    currency: str
    utm: Utm = NO_UTM
    country: str | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AdDay:
    """A campaign's day on an ad platform; conversions are what the platform claims, None where it claims none."""

    source: str
    platform: str
    day: date
    campaign: str
    channel: str
    impressions: int
    clicks: int
    cost: Decimal
    currency: str
    conversions: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A cost outside the platforms, spread evenly from ``first`` to ``last``; channel and campaign may be for all."""

    source: str
    first: date
    last: date
    amount: Decimal
    currency: str
    channel: str = "(all)"
    campaign: str = "(all)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowerCount:
    """Followers of an account on a day."""

    source: str
    day: date
    platform: str
    account: str
    followers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCapture:
    """Lifetime counters of a post as read at one moment; None where the network doesn't tell."""

    source: str
    platform: str
    account: str
    post_id: str
    published_at: datetime
    captured_at: datetime
    reach: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    saves: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """An e-mail send with its newest counts.

    Attributes:
        day: day of sending in the brand's zone.
        delivered: None where neither it nor bounces are known.
        human_opens, machine_only: None where the tool doesn't tell machine opens apart.
    """

    source: str
    send_id: str
    day: date
    campaign: str
    delivered: int | None
    unique_opens: int | None
    human_opens: int | None
    machine_only: int | None
    unique_clicks: int | None
    unsubscribes: int | None
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A survey answer; a score outside 0..10 and a blank one are no answers."""

    source: str
    day: date
    answered_at: datetime
    survey: str
    wave: str | None
    person: str | None
    score: int | None
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A CRM record. Erased ones are not here at all; archived ones are."""

    source: str
    contact_id: str
    email: str | None = None
    merged_into: str | None = None
    lead_at: datetime | None = None
    qualified_at: datetime | None = None
    converted_at: datetime | None = None
    lead_source: str | None = None
    utm: Utm = NO_UTM
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A CRM deal."""

    source: str
    deal_id: str
    contact_id: str | None
    closed_at: datetime | None
    amount: Decimal | None
    currency: str
    is_won: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRow:
    """One row of a full list of subscriptions; ``amount`` is the price of a unit per billing period."""

    subscriber: str
    status: str
    quantity: Decimal
    amount: Decimal
    currency: str
    interval: str = "month"
    interval_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A full list of subscriptions, possibly empty, at one moment."""

    source: str
    taken_at: datetime
    rows: tuple[SubscriptionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficDay:
    """A line of a web statistics tool: a day and, where told, channel and campaign. None is not told."""

    source: str
    day: date
    channel: str | None
    campaign: str | None
    sessions: int | None
    engaged_sessions: int | None
    engagement_seconds: Decimal | None
    page_views: int | None
