"""Keys of a YouTube source in ``sanjeh.yml``."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from connectors.core.api_config import Address, ApiConfig

_CHANNEL = re.compile(r"UC[A-Za-z0-9_-]{22}|@[^\s/,]{3,30}")


def _checked(value: str) -> str:
    if _CHANNEL.fullmatch(value):
        return value
    raise ValueError(
        f'{value!r} is no channel of YouTube; write its handle, "@my_channel", or its id of 24 letters, UC...'
    )


Channel = Annotated[str, AfterValidator(_checked)]
Day = Annotated[int, Field(ge=1, le=365)]


class Owner(BaseModel):
    """OAuth of somebody who owns the channels, with the scope ``yt-analytics.readonly``.

    Attributes:
        client_id_env, client_secret_env: variables with id and secret of the OAuth client.
        refresh_token_env: variable with the owner's refresh token.
        token_path: where access tokens are given out.
        token_url: scheme and host of the same.
        base_url: scheme and host of YouTube Analytics.
        api_version: as it stands in the path.
        newest_after_days: days after which a day is there for certain.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    client_id_env: str
    client_secret_env: str
    refresh_token_env: str
    token_path: Annotated[str, Field(pattern="^/")] = "/token"  # noqa: S105 - a path
    token_url: Address = "https://oauth2.googleapis.com"  # noqa: S105 - an address
    base_url: Address = "https://youtubeanalytics.googleapis.com"
    api_version: Annotated[str, Field(pattern=r"^v[0-9]+$")] = "v2"
    newest_after_days: Day = 3


class Config(ApiConfig):
    """Channels of YouTube, read with an API key; with ``analytics`` also what only their owner may see.

    Attributes:
        key_env: variable with an API key of a project that has YouTube Data API v3 enabled.
        channels: handles or ids.
        posts: also land videos with their counters.
        post_days: videos of so many days before the newest known one are read again each run.
        relist_days: all videos since ``start`` again after so many days; 50 of them cost 2 units of the
            10,000 of a day.
        playlist_cap: most videos that a channel's list gives; from so many on it counts as cut.
        analytics: who may see exact days; without it the stream ``channel_days`` is left out.
        base_url: scheme and host of the Data API.
        api_version: as it stands in the path.
        page_size: videos of a page, 50 at most.
    """

    connector: Literal["youtube"]
    key_env: str
    channels: Annotated[tuple[Channel, ...], Field(min_length=1, max_length=50)]
    posts: bool = True
    post_days: Day = 30
    relist_days: Day = 1
    playlist_cap: Annotated[int, Field(ge=1)] = 20_000
    analytics: Owner | None = None
    base_url: Address = "https://youtube.googleapis.com"
    api_version: Annotated[str, Field(pattern=r"^v[0-9]+$")] = "v3"
    page_size: Annotated[int, Field(ge=1, le=50)] = 50
