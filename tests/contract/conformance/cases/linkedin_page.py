"""LinkedIn pages: items are posts of one page; the label is who may see them, the amount their reactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.linkedin_page.streams import FOLLOWER_GAINS, FOLLOWERS, POSTS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import EARLIER, RECENT, noon
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.linkedin_page import ACCESS, CompanyPage, LinkedInPageApi, PagePost, statistics

_KEY = "SUITE_LINKEDIN_ACCESS"
_PAGE = 2_414_183
_FIELD = "likeCount"
_GAINS = {EARLIER: (12, 3), RECENT: (-2, 0)}


class _Api(Reshaping, LinkedInPageApi):
    """LinkedIn that may change its shape."""


class LinkedInPageCase(NetworkedCase):
    """One page; deleted posts show when all are listed again."""

    name = "linkedin_page"
    connector = "linkedin_page"
    stream = POSTS
    another_account = ("organizations", [2_414_184])
    label = "PUBLIC"
    beside = frozenset({FOLLOWERS.id})
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())
        self._page = CompanyPage(_PAGE, followers=21_914, gains=dict(_GAINS))
        self.api.pages = {_PAGE: self._page}

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Posts have no moment of change that their statistics would move."""
        del at
        self._page.posts = [
            PagePost(
                id=_id(item),
                at=_moment(item),
                title=item.text,
                commentary=f"@[Mina Ahmadi](urn:li:person:{item.number}) said so",
                visibility=item.label,
                statistics=None
                if item.amount is None
                else statistics(impressions=1000, people=800, likes=item.amount),
            )
            for item in items
        ]

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Posts, the page as it is now, and its gains."""
        return {
            POSTS.id: [
                {
                    "account_id": str(_PAGE),
                    "post_id": _id(item),
                    "published_at": _moment(item).replace(tzinfo=None),
                    "visibility": item.label,
                    "title": item.text,
                    "like_count": item.amount,
                    "impression_count": None if item.amount is None else 1000,
                    "unique_impressions_count": None if item.amount is None else 800,
                }
                for item in items
            ],
            FOLLOWERS.id: [
                {
                    "captured_at": self.time.replace(tzinfo=None),
                    "account_id": str(_PAGE),
                    "first_degree_size": 21_914,
                }
            ],
            FOLLOWER_GAINS.id: [
                {
                    "day": day,
                    "account_id": str(_PAGE),
                    "organic_follower_gains": organic,
                    "paid_follower_gains": paid,
                }
                for day, (organic, paid) in _GAINS.items()
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One page."""
        return {
            "token_env": _KEY,
            "organizations": [_PAGE],
            "base_url": self.api.base_url,
            "page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The administrator's token."""
        return {_KEY: ACCESS}

    @property
    def secrets(self) -> Sequence[str]:
        """The administrator's token."""
        return (ACCESS,)

    def asks_for_stream(self, request: Request) -> bool:
        """A page of posts."""
        return request.path == "/rest/posts"

    def in_front(self, items: Sequence[Item]) -> Item:
        """Newest first."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label)

    def repeat_pages(self) -> None:
        """Every page is the first one, whatever its offset."""
        self.api.repeats_page = True

    def drift(self, kind: Drift) -> None:
        """Of the reactions."""
        self.api.lies = True
        self.api.reshape = lambda body, request: _drifted(body, request, kind)

    def heal(self) -> None:
        """Of everything."""
        super().heal()
        self.api.repeats_page = False
        self.api.reshape = None


def _drifted(body: dict[str, Any], request: Request, kind: Drift) -> dict[str, Any]:
    if kind is Drift.NEW:
        more = (
            {"elements": [each | {"mood": "شاد"} for each in body["elements"]]} if "elements" in body else {}
        )
        return body | {"mood": "شاد"} | more
    if not request.path.endswith("ShareStatistics"):
        return body
    name = "totalShareStatistics"
    return body | {"elements": [each | {name: _shaped(each[name], kind)} for each in body["elements"]]}


def _shaped(counters: dict[str, Any], kind: Drift) -> dict[str, Any]:
    match kind:
        case Drift.VANISHED:
            return without(counters, _FIELD)
        case Drift.RENAMED:
            return renamed(counters, _FIELD, "reactionCount")
    return counters | {_FIELD: "many"}


def _id(item: Item) -> str:
    kind = "share" if item.number % 2 else "ugcPost"
    return f"urn:li:{kind}:{7_000_000_000 + item.number}"


def _moment(item: Item) -> datetime:
    return noon(item.day) + timedelta(seconds=item.number)


CASES = (LinkedInPageCase,)
