"""Keys of an X source in ``sanjeh.yml``."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from connectors.core.api_config import Address, ApiConfig

_NAME = re.compile(r"[A-Za-z0-9_]{1,15}")


def _checked(value: str) -> str:
    name = value.removeprefix("@")
    if _NAME.fullmatch(name):
        return name
    raise ValueError(f"{value!r} is no name of an account of X; write what stands behind the @")


Username = Annotated[str, AfterValidator(_checked)]


class Config(ApiConfig):
    """Accounts of X, read with an app's own token; X bills every user and every post that is read.

    Attributes:
        token_env: variable with the app's bearer token.
        usernames: the accounts, with or without @.
        posts: also land posts with their counters.
        post_days: posts of so many days before the newest known one are read again each run.
        relist_days: all posts since ``start`` again after so many days, which finds old ones that changed or
            were deleted.
        timeline_cap: most posts of an account that X gives; from so many on a list counts as cut.
        base_url: scheme and host of the API.
        api_version: as it stands in the path.
        page_size: posts of a page, 5 to 100.
    """

    connector: Literal["x"]
    token_env: str
    usernames: Annotated[tuple[Username, ...], Field(min_length=1)]
    posts: bool = True
    post_days: Annotated[int, Field(ge=1, le=365)] = 30
    relist_days: Annotated[int, Field(ge=1, le=3650)] = 30
    timeline_cap: Annotated[int, Field(ge=1)] = 3200
    base_url: Address = "https://api.x.com"
    api_version: Annotated[str, Field(pattern=r"^[0-9.]+$")] = "2"
    page_size: Annotated[int, Field(ge=5, le=100)] = 100
