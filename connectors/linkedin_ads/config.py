"""Keys of a LinkedIn Ads source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from connectors.ad_goals.goals import Conversion, Conversions
from connectors.core.api_config import Address, ApiConfig

MOST_METRICS = 20
"""Metrics that one report may ask for."""
BASE_METRICS = ("impressions", "clicks", "costInLocalCurrency")

_WEBSITE = "externalWebsiteConversions"
_CONVERSIONS = (
    Conversion(metric=_WEBSITE, value_metric="conversionValueInLocalCurrency"),
    Conversion(metric="externalWebsitePostClickConversions", goal=_WEBSITE, window="post_click"),
    Conversion(metric="externalWebsitePostViewConversions", goal=_WEBSITE, window="post_view"),
    Conversion(metric="oneClickLeads"),
)


class Config(ApiConfig):
    """One ad account of LinkedIn.

    Attributes:
        account_id: number of the ad account.
        token_env: variable with an access token; it lives 60 days. Instead of it the three that follow.
        client_id_env: variable with the id of the app.
        client_secret_env: variable with its secret.
        refresh_token_env: variable with a refresh token, which lives a year; access tokens are fetched by it.
        base_url: scheme and host of the API.
        token_url: scheme and host that give out access tokens.
        api_version: ``YYYYMM``; LinkedIn retires a version about a year after its month.
        window_days: days of one question.
        element_cap: elements from which on an answer counts as cut.
        page_size: campaigns of a page of the list that tells their names.
        conversions: what the stream ``conversions`` has; the first is that of ``campaign_performance``.
    """

    connector: Literal["linkedin_ads"]
    account_id: Annotated[int, Field(ge=1)]
    token_env: str | None = None
    client_id_env: str | None = None
    client_secret_env: str | None = None
    refresh_token_env: str | None = None
    base_url: Address = "https://api.linkedin.com"
    token_url: Address = "https://www.linkedin.com"  # noqa: S105 - an address
    api_version: Annotated[str, Field(pattern=r"^20[0-9]{2}(0[1-9]|1[0-2])$")] = "202610"
    window_days: Annotated[int, Field(ge=1, le=366)] = 31
    element_cap: Annotated[int, Field(ge=2, le=15_000)] = 15_000
    page_size: Annotated[int, Field(ge=1, le=1000)] = 1000
    conversions: Conversions = _CONVERSIONS

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        refreshing = (self.client_id_env, self.client_secret_env, self.refresh_token_env)
        if bool(self.token_env) == any(refreshing) or (any(refreshing) and not all(refreshing)):
            raise ValueError(
                "name either token_env, a token that lives 60 days, or client_id_env, client_secret_env and "
                "refresh_token_env, by which tokens are fetched"
            )
        return self

    @model_validator(mode="after")
    def _conversions_that_can_be_asked(self) -> Self:
        asked = {*BASE_METRICS, *(name for each in self.conversions for name in each.metrics)}
        if len(asked) > MOST_METRICS:
            raise ValueError(
                f"conversions: LinkedIn gives {MOST_METRICS} metrics at once, {', '.join(BASE_METRICS)} "
                f"among them; these are {len(asked)}"
            )
        return self
