"""Keys of a Facebook page's source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.graph.config import GraphConfig, MetricName


class Config(GraphConfig):
    """One Facebook page.

    Attributes:
        page_id: number of the page.
        access: ``page`` where the variable holds a page token; ``user`` where it holds that of a person or
            a system user with a task on the page: the page's token is asked for.
        reach_metric: insight of a post that counts people; null to do without.
        views_metric: insight of a post that counts views; null to do without.
        clicks_metric: insight of a post that counts clicks; null to do without.
        day_metrics: insights of the page by day; Meta refuses all where one is retired.
        memory_days: how far back days can be asked for.
    """

    connector: Literal["facebook_page"]
    page_id: Annotated[str, Field(pattern=r"^\d+$", coerce_numbers_to_str=True)]
    access: Literal["page", "user"] = "page"
    reach_metric: MetricName | None = "post_total_media_view_unique"
    views_metric: MetricName | None = "post_media_view"
    clicks_metric: MetricName | None = "post_clicks"
    day_metrics: tuple[MetricName, ...] = (
        "page_follows",
        "page_daily_follows",
        "page_media_view",
        "page_total_media_view_unique",
        "page_post_engagements",
    )
    memory_days: Annotated[int, Field(ge=1, le=730)] = 730
