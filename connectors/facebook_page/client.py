"""Calls of the Graph API for one Facebook page: the page, its posts, insights; with the page's own token.

Facts: developers.facebook.com (Pages API, page insights): one retired metric refuses the whole question,
days at most 90 a call, a post without insights is a refusal or an empty list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import Auth, BearerKey, FetchedToken
from connectors.core.http import Answer
from connectors.core.retry import CallError, Kind
from connectors.core.window import DateWindow
from connectors.facebook_page.config import Config
from connectors.graph.client import Graph, Record
from connectors.graph.days import bounds
from connectors.graph.judge import error_of, judge

_PAGE = "name,username,followers_count,fan_count"
_POST = (
    "id,created_time,status_type,permalink_url,shares,"
    "reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count)"
)
_RANKED_A_YEAR = 600
"""Facebook lists about as many posts of a year, those it ranks highest."""
_REFUSED = 100
_NO_INSIGHTS = "nonexisting field (insights)"
"""Said of a post of a kind that has no insights, such as a reel."""


def _has_none(answer: Answer) -> bool:
    told = error_of(answer)
    return told is not None and told.get("code") == _REFUSED and _NO_INSIGHTS in str(told.get("message", ""))


def judge_insights(answer: Answer) -> CallError | None:
    """As :func:`judge`; a post that has no insights is no error, and a retired metric names the keys."""
    if _has_none(answer):
        return None
    error = judge(answer)
    if error is not None and error.kind is Kind.REFUSED and "insights metric" in error.said:
        keys = "reach_metric, views_metric, clicks_metric or day_metrics"
        return CallError(
            Kind.REFUSED, f"{error.said}; Meta retires metrics, and one refuses all: mend {keys}"
        )
    return error


def _judge_token(answer: Answer) -> CallError | None:
    """As :func:`judge`; a page without a token is one that this person has no task on."""
    error = judge(answer)
    if error is None and not answer.json.get("access_token"):
        return CallError(Kind.FORBIDDEN, "no page token is given: this person has no task on the page")
    return error


class FacebookPageClient:
    """Asks one page."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        token = BearerKey(secret_of(config.token_env, source_id=context.source_id))
        self._users = Graph(config, context, auth=token, account=config.page_id, judge=_judge_token)
        auth: Auth = token if config.access == "page" else FetchedToken(self._page_token)
        how: dict[str, Any] = {"auth": auth, "account": config.page_id}
        self._graph = Graph(config, context, **how)
        self._insights = Graph(config, context, judge=judge_insights, **how)
        self._listed: Counter[str] = Counter()

    def account(self) -> Account:
        """The page, and whether its insights may be read: the followers of its newest day."""
        page = self.page()
        if self.config.day_metrics:
            metric = {"metric": self.config.day_metrics[0], "period": "day"}
            self._insights.get(f"{self.config.page_id}/insights", metric, what="insights of the page")
        used = self._insights.used
        return Account(
            identity=f"Facebook page {page['name']} ({self.config.page_id})",
            permission=f"reads page, posts and insights; {page['followers_count']:,} followers",
            quota=None if used is None else f"{used:.0f} % of the calls of this hour used",
        )

    def page(self) -> Record:
        """Name and counts as they are now."""
        return dict(self._graph.get(self.config.page_id, {"fields": _PAGE}, what="the page").json)

    def posts(self) -> Iterator[list[Record]]:
        """Pages of published posts, newest first."""
        fields = _POST if self.config.captions == "drop" else f"{_POST},message"
        path = f"{self.config.page_id}/published_posts"
        self._listed.clear()
        for page in self._graph.pages(path, {"fields": fields}, what="the posts"):
            self._listed.update(str(post["created_time"])[:4] for post in page)
            yield page

    def listed_all(self) -> bool:
        """Whether the list that was read last can be whole: Facebook leaves posts out of a year with many."""
        return max(self._listed.values(), default=0) < _RANKED_A_YEAR * 0.9

    def post_insights(self, post_id: str) -> dict[str, object]:
        """Value by metric of a post, of those that Facebook gives."""
        config = self.config
        metrics = [name for name in (config.reach_metric, config.views_metric, config.clicks_metric) if name]
        if not metrics:
            return {}
        asked = {"metric": ",".join(metrics)}
        answer = self._insights.get(f"{post_id}/insights", asked, what=f"insights of the post {post_id}")
        if _has_none(answer):
            return {}
        return {metric["name"]: each["value"] for metric in answer.json["data"] for each in metric["values"]}

    def days(self, window: DateWindow) -> list[Record]:
        """Metrics of the page with a value per day."""
        asked = {"metric": ",".join(self.config.day_metrics), "period": "day", **bounds(window)}
        path = f"{self.config.page_id}/insights"
        return list(self._insights.get(path, asked, what=f"insights of the page, {window}").json["data"])

    def close(self) -> None:
        """Close connections."""
        for graph in (self._users, self._graph, self._insights):
            graph.close()

    def _page_token(self) -> str:
        asked = {"fields": "access_token"}
        answer = self._users.get(self.config.page_id, asked, what="the page's token")
        return str(answer.json["access_token"])


def connect(config: Config, context: Context) -> FacebookPageClient:
    """The client; nothing is called yet."""
    return FacebookPageClient(config, context)
