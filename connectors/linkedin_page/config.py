"""Keys of a LinkedIn page source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import Address, ApiConfig

Organization = Annotated[int, Field(ge=1)]


class Config(ApiConfig):
    """Company pages of LinkedIn, read as one of their administrators.

    Attributes:
        token_env: variable with an access token of an administrator, scope ``r_organization_social`` and
            ``rw_organization_admin``; it lives 60 days.
        organizations: numbers of the pages, as they stand in the address of their administration.
        posts: also land posts with their statistics.
        post_days: posts of so many days before the newest known one are read again each run.
        relist_days: all posts since ``start`` again after so many days, which finds old ones that changed or
            were deleted.
        newest_after_days: days after which a day's gains are told.
        memory_days: how far back gains are told.
        base_url: scheme and host of the API.
        api_version: year and month, such as 202606; a version lives about a year.
        page_size: posts of a page, 2 to 100.
    """

    connector: Literal["linkedin_page"]
    token_env: str
    organizations: Annotated[tuple[Organization, ...], Field(min_length=1)]
    posts: bool = True
    post_days: Annotated[int, Field(ge=1, le=365)] = 30
    relist_days: Annotated[int, Field(ge=1, le=3650)] = 30
    newest_after_days: Annotated[int, Field(ge=1, le=30)] = 2
    memory_days: Annotated[int, Field(ge=1, le=3650)] = 364
    base_url: Address = "https://api.linkedin.com"
    api_version: Annotated[str, Field(pattern=r"^20[0-9]{4}$")] = "202606"
    page_size: Annotated[int, Field(ge=2, le=100)] = 50
