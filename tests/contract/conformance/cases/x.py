"""X: items are posts of one account; the label is what a post refers to, the amount its likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.x.streams import FOLLOWERS, POSTS
from tests.contract.conformance.bench import PERSIAN
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.reshape import Reshaping, renamed, without
from tests.fakes.x import APP_KEY, Post, User, XApi

_KEY = "SUITE_X_BEARER"
_USER, _NAME = 2_244_994_945, "sib_shop"
_FIELD = "like_count"
_WORDS = "Ask @mina_ahmadi about order"


class _Api(Reshaping, XApi):
    """X that may change its shape."""


class XCase(NetworkedCase):
    """Posts of one account; deleted ones show when all are listed again."""

    name = "x"
    connector = "x"
    stream = POSTS
    another_account = ("usernames", ["sib_help"])
    label = "quoted"
    beside = frozenset({FOLLOWERS.id})
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api())
        self._user = User(_USER, _NAME, PERSIAN, followers=12_345)
        self.api.users = [self._user]

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Posts have no moment of change."""
        del at
        posts = [
            Post(
                _id(item),
                _moment(item),
                text=f"{_WORDS} {item.text}",
                reference=item.label,
                counters={"like_count": item.amount or 0, "impression_count": 1000},
            )
            for item in items
        ]
        others = Post(1, noon(self.first_day), reference="retweeted", counters={"retweet_count": 99_999})
        self._user.posts = [*posts, others]

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Posts, and the account as it is now."""
        return {
            POSTS.id: [
                {
                    "account_id": str(_USER),
                    "username": _NAME,
                    "post_id": str(_id(item)),
                    "created_at": _moment(item).replace(tzinfo=None),
                    "reference_type": item.label,
                    "like_count": item.amount or 0,
                    "retweet_count": 0,
                    "impression_count": 1000,
                }
                for item in items
            ],
            FOLLOWERS.id: [
                {
                    "captured_at": self.time.replace(tzinfo=None),
                    "account_id": str(_USER),
                    "name": PERSIAN,
                    "followers_count": 12_345,
                }
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One account."""
        return {
            "token_env": _KEY,
            "usernames": [f"@{_NAME}"],
            "base_url": self.api.base_url,
            "page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The app's token."""
        return {_KEY: APP_KEY}

    @property
    def secrets(self) -> Sequence[str]:
        """The app's token."""
        return (APP_KEY,)

    def asks_for_stream(self, request: Request) -> bool:
        """A page of posts."""
        return request.path.endswith("/tweets")

    def in_front(self, items: Sequence[Item]) -> Item:
        """Newest first."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label)

    def repeat_pages(self) -> None:
        """Every page names itself as the next one."""
        self.api.repeats_token = True

    def drift(self, kind: Drift) -> None:
        """Of the likes."""
        self.api.lies = True
        self.api.reshape = lambda body, _: _drifted(body, kind)

    def heal(self) -> None:
        """Of everything."""
        super().heal()
        self.api.repeats_token = False
        self.api.reshape = None


def _drifted(body: dict[str, Any], kind: Drift) -> dict[str, Any]:
    if not isinstance(body.get("data"), list):
        return body | ({"includes": {}} if kind is Drift.NEW else {})
    return body | {"data": [_shaped(post, kind) for post in body["data"]]}


def _shaped(post: dict[str, Any], kind: Drift) -> dict[str, Any]:
    counters = post["public_metrics"]
    match kind:
        case Drift.VANISHED:
            return post | {"public_metrics": without(counters, _FIELD)}
        case Drift.RENAMED:
            return post | {"public_metrics": renamed(counters, _FIELD, "heart_count")}
        case Drift.RETYPED:
            return post | {"public_metrics": counters | {_FIELD: "many"}}
        case Drift.NEW:
            return post | {"mood": "شاد", "public_metrics": counters | {"sigh_count": 3}}


def _id(item: Item) -> int:
    return 1_800_000_000_000_000_000 + item.number


def _moment(item: Item) -> datetime:
    return noon(item.day) + timedelta(seconds=item.number)


CASES = (XCase,)
