"""Keys of an Instagram source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.graph.config import GraphConfig, MetricName


class Config(GraphConfig):
    """One professional account of Instagram, as the app of a Facebook login sees it.

    Attributes:
        account_id: number of the Instagram user, not of its page.
        media_metrics: insights of a post; of those that the stream has columns for.
        day_metrics: insights of the account that come as a row of days; ``follower_count`` are new followers.
        total_metrics: insights of the account that come as one total, asked day by day.
        memory_days: how far back days can be asked for.
    """

    connector: Literal["instagram"]
    account_id: Annotated[str, Field(pattern=r"^\d+$", coerce_numbers_to_str=True)]
    media_metrics: tuple[Literal["reach", "views", "saved", "shares", "total_interactions"], ...] = (
        "reach",
        "views",
        "saved",
        "shares",
        "total_interactions",
    )
    day_metrics: tuple[MetricName, ...] = ("reach", "follower_count")
    total_metrics: tuple[MetricName, ...] = (
        "views",
        "accounts_engaged",
        "total_interactions",
        "profile_links_taps",
        "follows_and_unfollows",
    )
    memory_days: Annotated[int, Field(ge=1, le=730)] = 90
