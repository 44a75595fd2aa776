"""Instagram: items are posts; the text is the caption, the label the type of media, the amount the likes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.instagram.streams import ACCOUNT_DAYS, FOLLOWERS, POSTS
from tests.contract.conformance.case import PAGE, Item, Row
from tests.contract.conformance.moments import EARLIER, RECENT, noon
from tests.contract.conformance.newest_first import NewestFirstCase
from tests.fakes.graph_api import ACCESS_TOKEN
from tests.fakes.instagram import InstagramAccount, InstagramApi, media

_ID = "17841400000000001"


class InstagramCase(NewestFirstCase):
    """Posts, which tell no moment of change: what is gone shows when all are listed again."""

    name = "instagram"
    connector = "instagram"
    stream = POSTS
    another_account = ("account_id", "17841400000000002")
    renaming = ("permalink", "permanent_link")
    retyping = ("like_count", "many")
    label = "CAROUSEL_ALBUM"
    beside = frozenset({FOLLOWERS.id})
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: InstagramApi = self._open.enter_context(InstagramApi())

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Posts have no moment of change."""
        del at
        self._items = list(items)
        rows = [self.shaped(_post(item)) for item in items]
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


def _post(item: Item) -> dict[str, Any]:
    at = noon(item.day) + timedelta(seconds=item.number)
    return media(item.number, at=at, caption=item.text, media_type=item.label, like_count=item.amount)


CASES = (InstagramCase,)
