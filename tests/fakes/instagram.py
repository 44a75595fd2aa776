"""InstagramApi: professional accounts as the Graph API serves them: profile, media, insights.

What a vendor's habit it shows: insights are an empty list instead of zero, hidden likes are absent, retired metrics and
posts from before the account was professional are refusals, account totals want ``metric_type=total_value``, new followers
are told for 30 days and from 100 followers on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.graph_api import GraphApi, GraphError, Record, asked_fields, graph_time
from tests.fakes.server import json_response

_BY_DAY = frozenset({"reach", "follower_count"})
_TOTALS = frozenset(
    {
        "reach",
        "views",
        "accounts_engaged",
        "total_interactions",
        "likes",
        "comments",
        "shares",
        "saves",
        "replies",
        "follows_and_unfollows",
        "profile_links_taps",
    }
)
_OF_MEDIA = frozenset({"reach", "views", "saved", "shares", "total_interactions", "likes", "comments"})
_WITH_INSIGHTS = frozenset({"FEED", "REELS"})
_MOST_DAYS = 30
_FOLLOWERS_NEEDED = 100


@dataclass
class InstagramAccount:
    """One professional account.

    Attributes:
        media: as the API writes them, in any order; a key that a row lacks is absent in the answer.
        insights: by id of a post and metric; lifetime totals, zero is told as nothing.
        days: by metric and day: the account's own.
        professional_since: posts from before have no insights.
        pinned: ids of posts that stand first, however old.
        hides: fields of the profile that aren't given.
    """

    username: str
    followers_count: int = 1000
    follows_count: int = 10
    media: list[Record] = field(default_factory=list)
    insights: dict[str, dict[str, int]] = field(default_factory=dict)
    days: dict[str, dict[date, int]] = field(default_factory=dict)
    professional_since: datetime | None = None
    pinned: tuple[str, ...] = ()
    hides: frozenset[str] = frozenset()


class InstagramApi(GraphApi):
    """The Graph API with Instagram accounts.

    Attributes:
        accounts: by id of the Instagram user.
        retired: metrics that Meta has retired since, besides those that nobody knows.
    """

    contract: ClassVar[Contract | None] = Contract.of("instagram")
    business = "instagram"

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.accounts: dict[str, InstagramAccount] = {}
        self.retired: set[str] = set()

    def routed(self, parts: Any, request: Request) -> Response:
        """Profile, media, insights of the account or of a post."""
        match parts:
            case [id_] if id_ in self.accounts:
                return json_response(self._profile(id_, request))
            case [id_, "media"] if id_ in self.accounts:
                return self.page(request, self._media(self.accounts[id_], request))
            case [id_, "insights"] if id_ in self.accounts:
                return json_response({"data": self._account_insights(id_, self.accounts[id_], request)})
            case [id_, "insights"]:
                return json_response({"data": self._media_insights(id_, request)})
        raise unseen(parts[0] if parts else "")

    def _profile(self, id_: str, request: Request) -> Record:
        account = self.accounts[id_]
        told = {
            "username": account.username,
            "followers_count": account.followers_count,
            "follows_count": account.follows_count,
            "media_count": len(account.media),
        }
        names = [name for name in asked_fields(request) if name in told and name not in account.hides]
        return {**{name: told[name] for name in names}, "id": id_}

    def _media(self, account: InstagramAccount, request: Request) -> list[Record]:
        names = {*asked_fields(request), "id"}
        newest_first = sorted(
            account.media,
            key=lambda row: (row["id"] in account.pinned, row["timestamp"], row["id"]),
            reverse=True,
        )
        rows = [{"username": account.username, **row} for row in newest_first]
        return [{name: value for name, value in row.items() if name in names} for row in rows]

    def _media_insights(self, id_: str, request: Request) -> list[Record]:
        for account in self.accounts.values():
            for row in account.media:
                if row["id"] == id_:
                    return self._insights_of(account, row, request)
        raise unseen(id_)

    def _insights_of(self, account: InstagramAccount, row: Record, request: Request) -> list[Record]:
        metrics = self._metrics(request, _OF_MEDIA)
        if row.get("media_product_type") not in _WITH_INSIGHTS:
            raise GraphError(100, "(#100) The requested metric is not supported for this media product type")
        since = account.professional_since
        if since and datetime.fromisoformat(row["timestamp"]) < since:
            raise GraphError(
                100,
                "Invalid parameter",
                error_subcode=2108006,
                is_transient=False,
                error_user_title="Media posted before business account conversion",
                error_user_msg="The media was posted before the account was converted to a business account.",
            )
        values = account.insights.get(row["id"], {})
        return [
            {
                "name": name,
                "period": "lifetime",
                "values": [{"value": values[name]}],
                "title": name,
                "description": "",
                "id": f"{row['id']}/insights/{name}/lifetime",
            }
            for name in metrics
            if values.get(name)
        ]

    def _account_insights(self, id_: str, account: InstagramAccount, request: Request) -> list[Record]:
        is_total = request.args.get("metric_type") == "total_value"
        metrics = self._metrics(request, _TOTALS if is_total else _BY_DAY | _TOTALS)
        wants_total = [name for name in metrics if not is_total and name not in _BY_DAY]
        if wants_total:
            raise GraphError(
                100,
                f"(#100) The following metrics ({', '.join(wants_total)}) should be specified with parameter "
                "metric_type=total_value",
            )
        if "follower_count" in metrics:
            self._may_tell_new_followers(account, request)
        told = []
        for name in metrics:
            days = self.days_of(request, account.days.get(name, {}), most_days=_MOST_DAYS)
            about = {
                "name": name,
                "period": "day",
                "title": name,
                "description": "",
                "id": f"{id_}/insights/{name}/day",
            }
            total = sum(each["value"] for each in days)
            if is_total and total:
                told.append({**about, "total_value": {"value": total}})
            elif not is_total and days:
                told.append({**about, "values": days})
        return told

    def _may_tell_new_followers(self, account: InstagramAccount, request: Request) -> None:
        if account.followers_count < _FOLLOWERS_NEEDED:
            raise GraphError(
                100, f"(#100) follower_count is not available for fewer than {_FOLLOWERS_NEEDED} followers"
            )
        since, _ = self.span(request, most_days=_MOST_DAYS)
        if since < self.now - timedelta(days=_MOST_DAYS):
            raise GraphError(
                100,
                "(#100) (follower_count) metric only supports querying data for the last 30 days excluding the "
                "current day",
            )

    def _metrics(self, request: Request, known: frozenset[str]) -> list[str]:
        metrics = request.args["metric"].split(",")
        left = known - self.retired
        for place, name in enumerate(metrics):
            if name not in left:
                raise GraphError(
                    100,
                    f"(#100) metric[{place}] must be one of the following values: {', '.join(sorted(left))}",
                )
        return metrics


def unseen(id_: str) -> GraphError:
    """An object that isn't there or that the token may not see: the Graph API doesn't tell which."""
    return GraphError(
        100,
        f"Unsupported get request. Object with ID '{id_}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation.",
        error_subcode=33,
    )


def media(number: int, *, at: datetime, **more: Any) -> Record:
    """A post as the API writes it; a value of None is a key that is absent."""
    row: Mapping[str, Any] = {
        "id": f"{17_900_000_000_000_000 + number}",
        "timestamp": graph_time(at),
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "permalink": f"https://www.instagram.com/p/C{number}/",
        "caption": f"Post {number}",
        "like_count": 10,
        "comments_count": 2,
        **more,
    }
    return {name: value for name, value in row.items() if value is not None}
