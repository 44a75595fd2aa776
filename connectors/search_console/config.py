"""Keys of a Search Console source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from connectors.core.api_config import ApiConfig


class Config(ApiConfig):
    """One property of Search Console.

    Attributes:
        site: the property as Search Console writes it: ``sc-domain:example.com`` or ``https://example.com/``.
        credentials_file_env: variable with the path of a service account's JSON key; without it the
            application default credentials are used.
        base_url: scheme and host of the API.
        search_type: results of which search.
        page_rows: rows of a page, 25,000 at most.
    """

    connector: Literal["search_console"]
    site: str
    credentials_file_env: str | None = None
    base_url: str = "https://searchconsole.googleapis.com"
    search_type: Literal["web", "image", "video", "news", "discover", "googleNews"] = "web"
    page_rows: Annotated[int, Field(ge=1, le=25_000)] = 25_000

    @field_validator("site")
    @classmethod
    def _as_written_there(cls, value: str) -> str:
        if value.startswith("sc-domain:") or (
            value.startswith(("https://", "http://")) and value.endswith("/")
        ):
            return value
        raise ValueError(
            f"{value!r} is no property of Search Console: write sc-domain:example.com for a domain, or the "
            "address with its scheme and final slash, https://example.com/"
        )
