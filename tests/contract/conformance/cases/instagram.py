"""Instagram: items are posts; the text is the caption, the label the type of media, the amount the likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.instagram.streams import ACCOUNT_DAYS, FOLLOWERS, POSTS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import EARLIER, RECENT, noon
from tests.contract.conformance.reshape import renamed, without
from tests.fakes.graph_api import ACCESS_TOKEN
from tests.fakes.instagram import InstagramAccount, InstagramApi, media

_ID = "17841400000000001"
_FIELD = "permalink"


class InstagramCase(NetworkedCase):
    """Posts, which tell no moment of change: what is gone shows when all are listed again."""

    name = "instagram"
    connector = "instagram"
    stream = POSTS
    label = "CAROUSEL_ALBUM"
    beside = frozenset({FOLLOWERS.id})
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: InstagramApi = self._open.enter_context(InstagramApi())
        self._items: list[Item] = []
        self._kind: Drift | None = None

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Posts have no moment of change."""
        del at
        self._items = list(items)
        rows = [self._shaped(_post(item)) for item in items]
        self.api.accounts = {
            _ID: InstagramAccount(
                "sib.fruit",
                followers_count=1234,
                media=rows,
                insights={
                    str(row["id"]): {"reach": 50, "views": 70, "saved": 0, "shares": 3} for row in rows
                },
                days={
                    "reach": {EARLIER: 400, RECENT: 410},
                    "follower_count": {RECENT: 5},
                    "views": {EARLIER: 900},
                },
            )
        }

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """The account, its posts, its days; what Instagram says nothing of is null."""
        return {
            FOLLOWERS.id: [{"account_id": _ID, "username": "sib.fruit", "followers_count": 1234}],
            POSTS.id: [
                {
                    "media_id": _post(item)["id"],
                    "timestamp": (noon(item.day) + timedelta(seconds=item.number)).replace(tzinfo=None),
                    "caption": item.text,
                    "media_type": item.label,
                    "like_count": item.amount,
                    "reach": 50,
                    "views": 70,
                    "saved": None,
                    "shares": 3,
                }
                for item in items
            ],
            ACCOUNT_DAYS.id: [
                {"date": day, "metric": metric, "value": value}
                for day, metric, value in (
                    (EARLIER, "reach", 400),
                    (RECENT, "reach", 410),
                    (RECENT, "follower_count", 5),
                    (EARLIER, "views", 900),
                )
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One account."""
        return {
            "account_id": _ID,
            "token_env": "SUITE_INSTAGRAM_TOKEN",
            "base_url": self.api.base_url,
            "page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The access token."""
        return {"SUITE_INSTAGRAM_TOKEN": ACCESS_TOKEN}

    @property
    def secrets(self) -> Sequence[str]:
        """The access token."""
        return (ACCESS_TOKEN,)

    def set_time(self, at: datetime) -> None:
        """New followers are told of the last 30 days, insights two days late."""
        super().set_time(at)
        self.api.now = at

    def asks_for_stream(self, request: Request) -> bool:
        """A list of posts."""
        return request.path.endswith("/media")

    def in_front(self, items: Sequence[Item]) -> Item:
        """Newest first."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label, amount=3)

    def repeat_pages(self) -> None:
        """Every page names itself as the next."""
        self.api.repeats_cursor = True

    def drift(self, kind: Drift) -> None:
        """Of the address, and of the moment."""
        self._kind = kind
        self.api.lies = True
        self.hold(self._items, at=noon(self.first_day))

    def heal(self) -> None:
        """Also of repeated pages."""
        super().heal()
        self.api.repeats_cursor = False
        self._kind = None
        self.hold(self._items, at=noon(self.first_day))

    def _shaped(self, row: dict[str, Any]) -> dict[str, Any]:
        match self._kind:
            case Drift.VANISHED:
                return without(row, _FIELD)
            case Drift.RENAMED:
                return renamed(row, _FIELD, "permanent_link")
            case Drift.RETYPED:
                return row | {"like_count": "many"}
            case Drift.NEW:
                return row | {"mood": "شاد"}
            case None:
                return row


def _post(item: Item) -> dict[str, Any]:
    at = noon(item.day) + timedelta(seconds=item.number)
    return media(item.number, at=at, caption=item.text, media_type=item.label, like_count=item.amount)


CASES = (InstagramCase,)
