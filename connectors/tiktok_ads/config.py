"""Keys of a TikTok Ads source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from connectors.core.api_config import Address, ApiConfig

Metric = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Conversion(BaseModel):
    """One way in which TikTok counts conversions.

    Attributes:
        metric: as the report names it.
        goal: what it counts; the metric if not said.
        window: which of the goal's conversions it is.
        value_metric: of their value, where there is one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    metric: Metric
    goal: str = ""
    window: Annotated[str, Field(min_length=1)] = "total"
    value_metric: Metric | None = None

    @property
    def counted(self) -> str:
        """The goal."""
        return self.goal or self.metric

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is asked for."""
        return (self.metric, *((self.value_metric,) if self.value_metric else ()))


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
    conversions: tuple[Conversion, ...] = (Conversion(metric="conversion"),)

    @field_validator("conversions")
    @classmethod
    def _told_apart(cls, value: tuple[Conversion, ...]) -> tuple[Conversion, ...]:
        counted = [(each.counted, each.window) for each in value]
        if len(set(counted)) < len(counted):
            raise ValueError("a goal has the same window twice; name another window")
        return value
