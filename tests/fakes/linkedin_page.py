"""LinkedInPageApi: company pages as LinkedIn serves them to an administrator.

Comes in: a bearer token, a living version and the protocol in headers, parameters whose parentheses aren't encoded.
Goes out: Rest.li collections by offset, so that a post that comes meanwhile moves the others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar
from urllib.parse import unquote

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.linkedin import LinkedInApi, RefusalError
from tests.fakes.server import json_response

ACCESS = "AQV-access-of-the-local-administrator"
VERSIONS = frozenset({"202512", "202601", "202603", "202606", "202609", "202611"})
"""Those that live."""

_SIZE = re.compile(r"/rest/networkSizes/urn:li:organization:(\d+)")
_INTERVALS = re.compile(r"\(timeRange:\(start:(\d+),end:(\d+)\),timeGranularityType:DAY\)")
_LIST = re.compile(r"List\((.+)\)")
_MEMORY, _LAG = timedelta(days=366), timedelta(days=2)


@dataclass
class PagePost:
    """One post.

    Attributes:
        id: urn of a share or of a ugcPost.
        title: of the article in it; None where there is none.
        statistics: as LinkedIn names them; None where it tells none.
    """

    id: str
    at: datetime
    title: str | None = None
    commentary: str = ""
    visibility: str | None = "PUBLIC"
    statistics: dict[str, object] | None = None


@dataclass
class CompanyPage:
    """One page.

    Attributes:
        gains: organic and paid by day.
        is_administered: whether the token's owner is an administrator.
    """

    id: int
    followers: int
    gains: dict[date, tuple[int, int]] = field(default_factory=dict)
    posts: list[PagePost] = field(default_factory=list)
    is_administered: bool = True


class LinkedInPageApi(LinkedInApi):
    """LinkedIn as one administrator meets it.

    Attributes:
        access: the token that is good.
        pages: by id.
        today: its day; gains end two days before.
        repeats_page: every page of posts is the first one.
    """

    contract: ClassVar[Contract | None] = Contract.of("linkedin_page")

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.access = ACCESS
        self.pages: dict[int, CompanyPage] = {}
        self.today = date(2026, 11, 10)
        self.repeats_page = False

    def routed(self, request: Request) -> Response:
        """The answer, or a refusal."""
        self._check(request)
        size = _SIZE.fullmatch(request.path)
        if size:
            asked = self._page(int(size[1]))
            if request.args.get("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
                raise RefusalError(400, "PARAM_INVALID", "Invalid value for edgeType")
            return json_response({"firstDegreeSize": asked.followers})
        match request.path:
            case "/rest/organizationalEntityFollowerStatistics":
                return self._gains(request.args)
            case "/rest/posts":
                if request.headers.get("X-RestLi-Method") != "FINDER":
                    raise RefusalError(400, "INVALID_METHOD", "X-RestLi-Method must be FINDER")
                return self._posts(request.args)
            case "/rest/organizationalEntityShareStatistics":
                return self._statistics(request)
        raise RefusalError(404, "RESOURCE_NOT_FOUND", f"No virtual resource found for {request.path}")

    def _check(self, request: Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self.access}":
            raise RefusalError(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        version = request.headers.get("LinkedIn-Version")
        if version is None:
            raise RefusalError(400, "VERSION_MISSING", "A version must be present.")
        if version not in VERSIONS:
            raise RefusalError(426, "NONEXISTENT_VERSION", f"Requested version {version} is not active")
        query = request.query_string.decode().lower()
        if request.headers.get("X-Restli-Protocol-Version") != "2.0.0" or "%28" in query or "%29" in query:
            raise RefusalError(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")

    def _page(self, page_id: int) -> CompanyPage:
        if page_id not in self.pages:
            raise RefusalError(404, "NOT_FOUND", f"Could not find entity urn:li:organization:{page_id}")
        if not self.pages[page_id].is_administered:
            raise RefusalError(403, "ACCESS_DENIED", "Not enough permissions to access: the organization")
        return self.pages[page_id]

    def _asked_page(self, urn: str) -> CompanyPage:
        return self._page(int(urn.removeprefix("urn:li:organization:")))

    def _gains(self, asked: Mapping[str, str]) -> Response:
        page, intervals = (
            self._asked_page(asked["organizationalEntity"]),
            _INTERVALS.fullmatch(asked["timeIntervals"]),
        )
        if intervals is None:
            raise RefusalError(400, "PARAM_INVALID", "Invalid value for timeIntervals")
        first, end = (datetime.fromtimestamp(int(each) / 1000, tz=UTC).date() for each in intervals.groups())
        if first < self.today - _MEMORY:
            raise RefusalError(400, "PARAM_INVALID", "Start time must be within the last 12 months")
        elements = [
            {
                "timeRange": {"start": milliseconds(day), "end": milliseconds(day + timedelta(days=1))},
                "followerGains": {"organicFollowerGains": organic, "paidFollowerGains": paid},
                "organizationalEntity": asked["organizationalEntity"],
            }
            for day, (organic, paid) in sorted(page.gains.items())
            if first <= day < end and day <= self.today - _LAG
        ]
        return collection(elements)

    def _posts(self, asked: Mapping[str, str]) -> Response:
        page = self._asked_page(asked["author"])
        newest = sorted(page.posts, key=lambda post: (post.at, post.id), reverse=True)
        start, count = (0 if self.repeats_page else int(asked["start"])), int(asked["count"])
        return collection(
            [self.told(page, post) for post in newest[start : start + count]], start=start, count=count
        )

    def told(self, page: CompanyPage, post: PagePost) -> dict[str, Any]:
        """A post as it is told."""
        moment = int(post.at.timestamp() * 1000)
        said: dict[str, Any] = {
            "id": post.id,
            "author": f"urn:li:organization:{page.id}",
            "createdAt": moment,
            "publishedAt": moment,
            "lastModifiedAt": moment,
            "lifecycleState": "PUBLISHED",
            "commentary": post.commentary,
            "distribution": {"feedDistribution": "MAIN_FEED"},
            "isReshareDisabledByAuthor": False,
        }
        if post.visibility is not None:
            said["visibility"] = post.visibility
        if post.title is not None:
            said["content"] = {"article": {"source": "https://www.example.com/", "title": post.title}}
        return said

    def _statistics(self, request: Request) -> Response:
        page = self._asked_page(request.args["organizationalEntity"])
        # The list is taken apart before its parts are decoded, as Rest.li does.
        raw = dict(part.partition("=")[::2] for part in request.query_string.decode().split("&"))
        elements = []
        for name in ("share", "ugcPost"):
            listed = _LIST.fullmatch(raw.get(f"{name}s", ""))
            asked = {unquote(each) for each in listed[1].split(",")} if listed else set()
            elements += [
                {
                    "organizationalEntity": f"urn:li:organization:{page.id}",
                    name: post.id,
                    "totalShareStatistics": dict(post.statistics),
                }
                for post in page.posts
                if post.id in asked and post.statistics is not None
            ]
        return collection(elements)


def milliseconds(day: date) -> int:
    """The beginning of ``day``, UTC, in milliseconds since 1970."""
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp() * 1000)


def statistics(
    *, impressions: int, people: int, clicks: int = 0, likes: object = 0, comments: int = 0, shares: int = 0
) -> dict[str, object]:
    """Lifetime statistics of a post in LinkedIn's names, with the rate that it adds."""
    return {
        "impressionCount": impressions,
        "uniqueImpressionsCount": people,
        "clickCount": clicks,
        "likeCount": likes,
        "commentCount": comments,
        "shareCount": shares,
        "engagement": 0.0412,
    }


def collection(elements: Sequence[Mapping[str, Any]], *, start: int = 0, count: int = 10) -> Response:
    """A collection in Rest.li's form."""
    paging = {"start": start, "count": count, "links": []}
    return json_response({"paging": paging, "elements": list(elements)})
