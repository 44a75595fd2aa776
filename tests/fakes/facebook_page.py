"""FacebookPageApi: pages as the Graph API serves them: the page, its published posts, insights of both.

What habits it shows: a page token is asked of a person's token, shares of a post never shared are absent, one retired
metric refuses the whole question, a reel has no insights, a page's own are there from 100 likes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.graph_api import GraphApi, GraphError, Record, asked_fields, graph_time
from tests.fakes.instagram import unseen
from tests.fakes.server import json_response

PAGE_TOKEN = "EAApage-token-of-the-local-server"  # noqa: S105 - of no page
_OF_PAGES = frozenset(
    {
        "page_follows",
        "page_daily_follows",
        "page_daily_unfollows_unique",
        "page_media_view",
        "page_total_media_view_unique",
        "page_post_engagements",
        "page_views_total",
    }
)
_OF_POSTS = frozenset({"post_media_view", "post_total_media_view_unique", "post_clicks"})
_MOST_DAYS = 90
_LIKES_NEEDED = 100


@dataclass
class FacebookPage:
    """One page.

    Attributes:
        posts: as the API writes them, in any order; ``has_insights`` is the server's own.
        insights: by id of a post and metric.
        days: by metric and day.
    """

    name: str
    username: str | None = None
    followers_count: int = 1000
    fan_count: int = 900
    posts: list[Record] = field(default_factory=list)
    insights: dict[str, dict[str, int]] = field(default_factory=dict)
    days: dict[str, dict[date, int]] = field(default_factory=dict)


class FacebookPageApi(GraphApi):
    """The Graph API with pages.

    Attributes:
        pages: by id.
        page_token: of every page; the tokens of the base are persons'.
        administered: pages that the persons have a task on.
        retired: metrics that Meta has retired since, besides those that nobody knows.
    """

    contract: ClassVar[Contract | None] = Contract.of("facebook_page")
    business = "pages"

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.pages: dict[str, FacebookPage] = {}
        self.page_token = PAGE_TOKEN
        self.administered: set[str] = set()
        self.retired: set[str] = set()

    def answer(self, request: Request) -> Response:
        """The answer of a healthy host; it takes the page's own token as well."""
        with self._lock:
            persons = set(self.tokens)
            self.tokens = persons | {self.page_token}
            try:
                return super().answer(request)
            finally:
                self.tokens = persons

    def routed(self, parts: Any, request: Request) -> Response:
        """The page, its posts, insights of the page or of a post."""
        is_page_token = request.headers["Authorization"].endswith(f" {self.page_token}")
        match parts:
            case [id_] if id_ in self.pages:
                return json_response(self._page(id_, request, is_page_token=is_page_token))
            case [id_, *_] if not is_page_token:
                raise GraphError(
                    190, "This method must be called with a Page Access Token", error_subcode=2069032
                )
            case [id_, "published_posts"] if id_ in self.pages:
                return self.page(request, self._posts(self.pages[id_], request))
            case [id_, "insights"] if id_ in self.pages:
                return json_response({"data": self._page_insights(id_, self.pages[id_], request)})
            case [id_, "insights"]:
                return json_response({"data": self._post_insights(id_, request)})
        raise unseen(parts[0] if parts else "")

    def _page(self, id_: str, request: Request, *, is_page_token: bool) -> Record:
        page = self.pages[id_]
        told: Record = {
            "name": page.name,
            "username": page.username,
            "followers_count": page.followers_count,
            "fan_count": page.fan_count,
            "access_token": self.page_token if is_page_token or id_ in self.administered else None,
        }
        asked = asked_fields(request)
        return {**{name: told[name] for name in asked if told.get(name) is not None}, "id": id_}

    def _posts(self, page: FacebookPage, request: Request) -> list[Record]:
        asked = asked_fields(request)
        newest_first = sorted(page.posts, key=lambda row: (row["created_time"], row["id"]), reverse=True)
        return [_shown(row, asked) for row in newest_first]

    def _post_insights(self, id_: str, request: Request) -> list[Record]:
        for page in self.pages.values():
            for row in page.posts:
                if row["id"] == id_:
                    metrics = self._metrics(request, _OF_POSTS)
                    if not row.get("has_insights", True):
                        raise GraphError(100, "(#100) Tried accessing nonexisting field (insights)")
                    values = page.insights.get(id_, {})
                    return [
                        _metric(id_, name, "lifetime", [{"value": values[name]}])
                        for name in metrics
                        if name in values
                    ]
        raise unseen(id_)

    def _page_insights(self, id_: str, page: FacebookPage, request: Request) -> list[Record]:
        metrics = self._metrics(request, _OF_PAGES)
        if page.fan_count < _LIKES_NEEDED:
            return []
        days = {
            name: self.days_of(request, page.days.get(name, {}), most_days=_MOST_DAYS) for name in metrics
        }
        return [_metric(id_, name, "day", values) for name, values in days.items() if values]

    def _metrics(self, request: Request, known: frozenset[str]) -> list[str]:
        metrics = request.args["metric"].split(",")
        if not set(metrics) <= known - self.retired:
            raise GraphError(100, "(#100) The value must be a valid insights metric")
        return metrics


def _shown(row: Record, asked: dict[str, str]) -> Record:
    """The row with the asked fields; how many there are of an edge only where ``summary`` asks for it."""
    shown: Record = {"id": row["id"]}
    for name, how in asked.items():
        if name not in row:
            continue
        value = row[name]
        if name in {"reactions", "comments"}:
            edge: Record = {"data": []}
            if "summary(" in how:
                edge["summary"] = {"total_count": value}
            value = edge
        elif name == "shares":
            value = {"count": value}
        shown[name] = value
    return shown


def _metric(id_: str, name: str, period: str, values: list[Record]) -> Record:
    return {
        "name": name,
        "period": period,
        "values": values,
        "title": name,
        "description": "",
        "id": f"{id_}/insights/{name}/{period}",
    }


def page_post(page_id: str, number: int, *, at: datetime, **more: Any) -> Record:
    """A post as the API writes it; counts of edges are plain, a value of None is a key that is absent."""
    row: Record = {
        "id": f"{page_id}_{number}",
        "created_time": graph_time(at),
        "status_type": "added_photos",
        "permalink_url": f"https://www.facebook.com/{page_id}/posts/{number}",
        "message": f"Post {number}",
        "reactions": 10,
        "comments": 2,
        "shares": None,
        **more,
    }
    return {name: value for name, value in row.items() if value is not None}
