"""Keys of a Search Console source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from connectors.core.api_config import Address, ApiConfig


class Config(ApiConfig):
    """One property of Search Console.

    Attributes:
        site: the property as Search Console writes it: ``sc-domain:example.com`` or ``https://example.com/``.
        credentials_file_env: variable with the path of a service account's JSON key; without it the
            application default credentials are used. The account must be a user of the property.
        base_url: scheme and host of the API.
        api_version: as it stands in the path.
        search_type: results of which search. Discover and Google News tell no queries.
        page_rows: rows of a page, 25,000 at most.
        day_row_cap: rows of a day and search type that the API gives at most; from so many on a day counts as
            cut.
    """

    connector: Literal["search_console"]
    site: str
    credentials_file_env: str | None = None
    base_url: Address = "https://searchconsole.googleapis.com"
    api_version: Annotated[str, Field(pattern=r"^v[0-9]+$")] = "v3"
    search_type: Literal["web", "image", "video", "news", "discover", "googleNews"] = "web"
    page_rows: Annotated[int, Field(ge=1, le=25_000)] = 25_000
    day_row_cap: Annotated[int, Field(ge=1)] = 50_000

    @field_validator("site")
    @classmethod
    def _as_written_there(cls, value: str) -> str:
        is_domain = value.startswith("sc-domain:") and value.removeprefix("sc-domain:").strip("/ ") != ""
        is_prefix = value.startswith(("https://", "http://")) and value.endswith("/")
        if (is_domain and not value.endswith("/")) or is_prefix:
            return value
        raise ValueError(
            f"{value!r} is no property of Search Console: write sc-domain:example.com for a domain, or the "
            "address with its scheme and final slash, https://example.com/"
        )
