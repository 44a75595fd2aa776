"""Calls of the Graph API for one Instagram account: profile, posts, insights.

Facts: developers.facebook.com (Instagram platform: user, media, insights): insights are an empty list where
there are none, of posts from before the account became a professional one a refusal; account totals come one
window a call, days at most 30 a call, new followers of the last 30 days only and from 100 followers on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.http import Answer
from connectors.core.retry import CallError, Kind
from connectors.core.window import DateWindow
from connectors.graph.client import Graph, Record
from connectors.graph.days import bounds
from connectors.graph.judge import error_of, judge
from connectors.instagram.config import Config

_PROFILE = "username,followers_count,follows_count,media_count"
_POST = "id,username,timestamp,media_type,media_product_type,permalink,like_count,comments_count"
_BEFORE_PROFESSIONAL = (100, 2108006)
"""Code and subcode of a post from before the account became a professional one."""


def judge_insights(answer: Answer) -> CallError | None:
    """As :func:`judge`; a post that has no insights is no error, and a retired metric names the key."""
    told = error_of(answer)
    if told is not None and (told.get("code"), told.get("error_subcode")) == _BEFORE_PROFESSIONAL:
        return None
    error = judge(answer)
    if error is not None and error.kind is Kind.REFUSED and "metric" in error.said:
        keys = "media_metrics, day_metrics or total_metrics"
        return CallError(Kind.REFUSED, f"{error.said}; Meta retires metrics, take it out of {keys}")
    return error


class InstagramClient:
    """Asks one account."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        how: dict[str, Any] = {
            "auth": BearerKey(secret_of(config.token_env, source_id=context.source_id)),
            "account": config.account_id,
        }
        self._graph = Graph(config, context, **how)
        self._insights = Graph(config, context, judge=judge_insights, **how)

    def account(self) -> Account:
        """The profile, and whether insights may be read: the newest day's reach."""
        profile = self.profile()
        metric = {"metric": "reach", "period": "day"}
        self._insights.get(f"{self.config.account_id}/insights", metric, what="insights of the account")
        used = self._insights.used
        return Account(
            identity=f"Instagram account {profile['username']} ({self.config.account_id})",
            permission=f"reads profile, posts and insights; {profile['followers_count']:,} followers",
            quota=None if used is None else f"{used:.0f} % of the calls of this hour used",
        )

    def profile(self) -> Record:
        """Handle and counts as they are now."""
        asked = {"fields": _PROFILE}
        return dict(self._graph.get(self.config.account_id, asked, what="the profile").json)

    @cached_property
    def followers(self) -> int:
        """How many they are, asked once."""
        return int(self.profile()["followers_count"])

    def posts(self) -> Iterator[list[Record]]:
        """Pages of posts, newest first."""
        fields = _POST if self.config.captions == "drop" else f"{_POST},caption"
        return self._graph.pages(f"{self.config.account_id}/media", {"fields": fields}, what="the posts")

    def post_insights(self, media_id: str) -> dict[str, object]:
        """Value by metric of a post, of those that Instagram gives."""
        asked = {"metric": ",".join(self.config.media_metrics)}
        answer = self._insights.get(f"{media_id}/insights", asked, what=f"insights of the post {media_id}")
        if error_of(answer) is not None:
            return {}
        return {metric["name"]: value for metric in answer.json["data"] for value in _values(metric)}

    def days(self, metrics: Sequence[str], window: DateWindow) -> list[Record]:
        """Metrics of the account with a value per day."""
        asked = {"metric": ",".join(metrics), "period": "day", **bounds(window)}
        return self._account_insights(asked, f"{', '.join(metrics)} of {window}")

    def totals(self, metrics: Sequence[str], window: DateWindow) -> list[Record]:
        """Metrics of the account with one total of all of ``window``."""
        asked = {"metric": ",".join(metrics), "period": "day", "metric_type": "total_value", **bounds(window)}
        return self._account_insights(asked, f"totals of {window}")

    def close(self) -> None:
        """Close connections."""
        self._graph.close()
        self._insights.close()

    def _account_insights(self, asked: Record, what: str) -> list[Record]:
        path = f"{self.config.account_id}/insights"
        return list(self._insights.get(path, asked, what=f"insights of the account, {what}").json["data"])


def _values(metric: Record) -> list[object]:
    """The one value of a lifetime metric, in either of the forms that Instagram gives it."""
    if "total_value" in metric:
        return [metric["total_value"]["value"]]
    return [each["value"] for each in metric["values"]]


def connect(config: Config, context: Context) -> InstagramClient:
    """The client; nothing is called yet."""
    return InstagramClient(config, context)
