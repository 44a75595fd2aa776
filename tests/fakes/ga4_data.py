"""The data of a GA4 property: what a test states, by session, by page and by event.

Users stand in the facts as sets of ids, so that users of any rows and range of days are counted, never summed.
Facts are immutable; replacing them changes the property's version, by which answers are cached.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from itertools import count
from zoneinfo import ZoneInfo

from tests.fakes.ga4_quota import Quota

Users = frozenset[Hashable]
NOBODY: Users = frozenset()
_VERSIONS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFact:
    """Sessions that share a day, an origin, a landing page and a device.

    Attributes:
        day: in the property's zone.
        engagement_seconds: summed.
        revenue: in the property's currency.
        users: everybody with any event.
        idle_users: those of ``users`` who weren't active.
        new_users: those of ``users`` seen for the first time.
    """

    day: date
    channel: str = "Direct"
    source: str = "(direct)"
    medium: str = "(none)"
    campaign: str = "(direct)"
    landing_page: str = "/"
    device: str = "desktop"
    sessions: int = 1
    engaged_sessions: int = 0
    engagement_seconds: float = 0
    page_views: int = 0
    key_events: float = 0
    revenue: float = 0
    users: Users = NOBODY
    idle_users: Users = NOBODY
    new_users: Users = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFact:
    """Views of one page on one day."""

    day: date
    path: str
    page_views: int = 1
    engagement_seconds: float = 0
    users: Users = NOBODY
    idle_users: Users = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFact:
    """How often one event fired on one day."""

    day: date
    name: str
    count: int = 1
    users: Users = NOBODY
    idle_users: Users = NOBODY


Fact = SessionFact | PageFact | EventFact


@dataclass(frozen=True, kw_only=True)
class Quality:
    """What Google says about the quality of an answer.

    Attributes:
        sampled: events read, and events there are; None if unsampled.
        is_thresholded: rows of few users are withheld.
        has_other_row: rare values are gathered under ``(other)``.
        truncations: type (as in the contract, without its long prefix; a number if the contract doesn't know it
            yet) and message.
        restricted_metrics: metrics that show zeros because the account may not see them; each with the kind of
            data it is, ``COST_DATA`` or ``REVENUE_DATA``.
        empty_reason: why there are no rows; empty if not said.
    """

    sampled: tuple[int, int] | None = None
    is_thresholded: bool = False
    has_other_row: bool = False
    truncations: tuple[tuple[str | int, str], ...] = ()
    restricted_metrics: tuple[tuple[str, str], ...] = ()
    empty_reason: str = ""


@dataclass
class Property:
    """One property.

    Attributes:
        time_zone: of its days.
        currency_code: of its money.
        rates: units of other currencies that a unit of its own buys; only these can be asked for.
        is_shared: whether the account may read it.
        quality: of every answer.
        quality_of_day: of answers whose range holds the day, instead of ``quality``.
        quota: what is left to spend.
        version: changes with the facts; no two properties share one.
    """

    time_zone: str = "Asia/Tehran"
    currency_code: str = "IRR"
    rates: dict[str, float] = field(default_factory=dict)
    is_shared: bool = True
    quality: Quality = field(default_factory=Quality)
    quality_of_day: dict[date, Quality] = field(default_factory=dict)
    quota: Quota = field(default_factory=Quota)
    version: int = field(default_factory=partial(next, _VERSIONS), init=False)
    _facts: dict[type[Fact], tuple[Fact, ...]] = field(default_factory=dict, init=False)

    def facts(self, kind: type[Fact]) -> tuple[Fact, ...]:
        """All facts of a kind, in the order they were stated."""
        return self._facts.get(kind, ())

    def state(self, facts: Iterable[Fact]) -> None:
        """Add facts of any kinds."""
        by_kind = {kind: list(each) for kind, each in self._facts.items()}
        for fact in facts:
            by_kind.setdefault(type(fact), []).append(fact)
        self._facts = {kind: tuple(each) for kind, each in by_kind.items()}
        self.version = next(_VERSIONS)

    def restate(self, day: date, facts: Iterable[Fact]) -> None:
        """Replace all facts of ``day``, of every kind; facts of other days may be among the new ones."""
        self._facts = {
            kind: tuple(fact for fact in each if fact.day != day) for kind, each in self._facts.items()
        }
        self.state(facts)

    def today(self, now: datetime) -> date:
        """The property's day at the instant ``now``."""
        return now.astimezone(ZoneInfo(self.time_zone)).date()
