"""Keys of a Hotjar source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import ApiConfig


class Config(ApiConfig):
    """One site of Hotjar; Ask on the Scale plan is needed.

    Attributes:
        site_id: number of the site.
        client_id_env: variable with the id of an API key.
        client_secret_env: variable with its secret; keys expire after a year.
        base_url: scheme and host; Contentsquare, Hotjar's successor, answers at https://api.contentsquare.com.
        token_path: where tokens are given out.
        page_size: surveys or responses of a page.
        free_text: ``drop``: what people wrote never lands, since it may name them; there is no other way.
    """

    connector: Literal["hotjar"]
    site_id: Annotated[int, Field(ge=1)]
    client_id_env: str
    client_secret_env: str
    base_url: str = "https://api.hotjar.io"
    token_path: Annotated[str, Field(pattern="^/")] = "/v1/oauth/token"  # noqa: S105 - a path
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
    free_text: Literal["drop"] = "drop"
