"""Keys that every source of the Graph API has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import Address, ApiConfig

MetricName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""Name of a metric of insights; Meta retires some every year, so they are keys."""


class GraphConfig(ApiConfig):
    """One account of the Graph API.

    Attributes:
        token_env: variable with the access token; it travels as a header, never in an address.
        base_url: scheme and host.
        api_version: of the Graph API; a version lives about two years.
        page_size: posts of a page.
        post_days: how long before the newest post the counters of posts are read again each run.
        captions: ``keep`` what the posts say, or ``drop`` it: it is public, but may name people.
    """

    token_env: str
    base_url: Address = "https://graph.facebook.com"
    api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = "v26.0"
    page_size: Annotated[int, Field(ge=1, le=100)] = 50
    post_days: Annotated[int, Field(ge=1, le=365)] = 30
    captions: Literal["keep", "drop"] = "keep"
