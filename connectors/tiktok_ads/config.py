"""Keys of a TikTok Ads source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.ad_goals.goals import Conversion, Conversions
from connectors.core.api_config import Address, ApiConfig


class Config(ApiConfig):
    """One advertiser of TikTok for Business.

    TikTok's own metric ``conversion`` counts the event that each campaign optimises for.

    Attributes:
        advertiser_id: number of the advertiser.
        token_env: variable with a long-lived access token.
        base_url: scheme and host of the API.
        api_version: as it stands in the path.
        window_days: days of one question.
        page_size: rows of a page.
        conversions: what the stream ``conversions`` has; the first is that of ``campaign_performance``.
    """

    connector: Literal["tiktok_ads"]
    advertiser_id: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
    token_env: str
    base_url: Address = "https://business-api.tiktok.com"
    api_version: Annotated[str, Field(pattern=r"^v[0-9]+\.[0-9]+$")] = "v1.3"
    window_days: Annotated[int, Field(ge=1, le=30)] = 30
    page_size: Annotated[int, Field(ge=1, le=1000)] = 1000
    conversions: Conversions = (Conversion(metric="conversion"),)
