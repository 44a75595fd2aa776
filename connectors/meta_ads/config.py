"""Keys of a Meta Ads source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from connectors.core.api_config import Address, ApiConfig, Seconds

WINDOWS = ("1d_click", "7d_click", "28d_click", "1d_view", "1d_ev")
_GONE = frozenset({"7d_view", "28d_view"})
_ACCOUNT_PREFIX = "act_"


class Config(ApiConfig):
    """One ad account of Meta (Facebook, Instagram, Messenger, Audience Network).

    Attributes:
        account_id: number of the ad account, with or without ``act_``.
        token_env: variable with an access token that has ``ads_read``; one of a system user doesn't expire.
        app_secret_env: variable with the secret of the token's app, where that app wants a proof of it with
            every call (its setting "Require app secret").
        conversion_action: Meta's word for the action that ``conversions`` of campaigns and ads count, such as
            ``lead`` or ``purchase``; without one they stay empty.
        action_types: the actions that land in ``conversions``; all if empty.
        attribution_windows: windows that actions are told for.
        base_url: scheme and host of the API.
        api_version: as it stands in the path; a version lives about two years.
        page_size: rows of a page; halved by itself where Meta finds a page too large.
        calls_per_minute: calls of this token at most; Meta's own signs slow them down besides.
        slow_down_at: percent of an allowance from which calls are spaced.
        window_days: days of one question.
        job_above_days: questions at ad level about more days than these go as an asynchronous job.
        job_timeout_seconds: a job that isn't done by then counts as failed.
    """

    connector: Literal["meta_ads"]
    account_id: Annotated[str, Field(pattern=r"^[0-9]+$")]
    token_env: str
    app_secret_env: str | None = None
    conversion_action: Annotated[str, Field(min_length=1)] | None = None
    action_types: tuple[str, ...] = ()
    attribution_windows: Annotated[tuple[str, ...], Field(min_length=1)] = ("7d_click", "1d_view")
    base_url: Address = "https://graph.facebook.com"
    api_version: Annotated[str, Field(pattern=r"^v[0-9]+\.[0-9]+$")] = "v26.0"
    page_size: Annotated[int, Field(ge=1, le=5000)] = 500
    calls_per_minute: Annotated[int, Field(ge=1, le=6000)] = 120
    slow_down_at: Annotated[float, Field(gt=0, le=100)] = 75.0
    window_days: Annotated[int, Field(ge=1, le=93)] = 31
    job_above_days: Annotated[int, Field(ge=0)] = 7
    job_timeout_seconds: Seconds = 1800.0

    @field_validator("account_id", mode="before")
    @classmethod
    def _without_prefix(cls, value: object) -> object:
        text = str(value).strip() if isinstance(value, int | str) else value
        return text.removeprefix(_ACCOUNT_PREFIX) if isinstance(text, str) else text

    @field_validator("attribution_windows")
    @classmethod
    def _still_there(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for window in value:
            if window in _GONE:
                raise ValueError(
                    f"{window!r} is an attribution window that Meta stopped on 2026-01-12, and tells nothing "
                    f"for; leave it out. Windows that exist: {', '.join(WINDOWS)}"
                )
            if window not in WINDOWS:
                raise ValueError(f"{window!r} is no attribution window of Meta: write {', '.join(WINDOWS)}")
        if len(set(value)) < len(value):
            raise ValueError("an attribution window stands there twice")
        return value
