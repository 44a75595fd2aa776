"""Facebook page: items are posts; the text is the message, the label the type, the amount the reactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.facebook_page.streams import FOLLOWERS, PAGE_DAYS, POSTS
from tests.contract.conformance.case import PAGE, Item, Row
from tests.contract.conformance.moments import EARLIER, RECENT, noon
from tests.contract.conformance.newest_first import NewestFirstCase
from tests.fakes.facebook_page import PAGE_TOKEN, FacebookPage, FacebookPageApi, page_post

_ID = "104000000000001"


class FacebookPageCase(NewestFirstCase):
    """Posts, which tell no moment of change: what is gone shows when all are listed again."""

    name = "facebook_page"
    connector = "facebook_page"
    stream = POSTS
    another_account = ("page_id", "104000000000002")
    renaming = ("permalink_url", "permanent_link")
    retyping = ("reactions", "many")
    label = "added_video"
    beside = frozenset({FOLLOWERS.id})
    absence_seen_after: ClassVar[timedelta] = timedelta(days=31)
    renews_credentials: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: FacebookPageApi = self._open.enter_context(FacebookPageApi())

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Posts have no moment of change."""
        del at
        self._items = list(items)
        rows = [self.shaped(_post(item)) for item in items]
        self.api.pages = {
            _ID: FacebookPage(
                "سیب",
                followers_count=1234,
                posts=rows,
                insights={str(row["id"]): {"post_media_view": 70, "post_clicks": 0} for row in rows},
                days={"page_follows": {EARLIER: 1200, RECENT: 1210}, "page_daily_follows": {RECENT: 10}},
            )
        }

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """The page, its posts, its days; what Facebook says nothing of is null."""
        return {
            FOLLOWERS.id: [{"page_id": _ID, "name": "سیب", "username": None, "followers_count": 1234}],
            POSTS.id: [
                {
                    "post_id": _post(item)["id"],
                    "created_time": (noon(item.day) + timedelta(seconds=item.number)).replace(tzinfo=None),
                    "message": item.text,
                    "status_type": item.label,
                    "reactions": item.amount,
                    "comments": 2,
                    "shares": None if item.number % 2 else item.number,
                    "reach": None,
                    "views": 70,
                    "clicks": 0,
                }
                for item in items
            ],
            PAGE_DAYS.id: [
                {"date": day, "metric": metric, "value": value}
                for day, metric, value in (
                    (EARLIER, "page_follows", 1200),
                    (RECENT, "page_follows", 1210),
                    (RECENT, "page_daily_follows", 10),
                )
            ],
        }

    def keys(self) -> dict[str, Any]:
        """One page."""
        return {
            "page_id": _ID,
            "token_env": "SUITE_PAGE_TOKEN",
            "base_url": self.api.base_url,
            "page_size": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """The page's token."""
        return {"SUITE_PAGE_TOKEN": PAGE_TOKEN}

    @property
    def secrets(self) -> Sequence[str]:
        """The page's token."""
        return (PAGE_TOKEN,)

    def set_time(self, at: datetime) -> None:
        """Insights are two days late."""
        super().set_time(at)
        self.api.now = at

    def asks_for_stream(self, request: Request) -> bool:
        """A list of posts."""
        return request.path.endswith("/published_posts")


def _post(item: Item) -> dict[str, Any]:
    return page_post(
        _ID,
        item.number,
        at=noon(item.day) + timedelta(seconds=item.number),
        message=item.text,
        status_type=item.label,
        reactions=item.amount,
        shares=None if item.number % 2 else item.number,
    )


CASES = (FacebookPageCase,)
