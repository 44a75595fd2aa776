"""Keys of a Mailchimp source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import Address, ApiConfig


class Config(ApiConfig):
    """One account of Mailchimp.

    Attributes:
        key_env: variable with an API key, which ends in the account's data centre, ``…-us19``; or with a
            token of OAuth, which doesn't: then ``base_url`` is needed.
        base_url: scheme and host; of the data centre in the key if not given.
        api_version: as it stands in the path.
        page_size: reports or audiences of a page.
        connections: calls at the same time. Mailchimp allows an account ten, those of other tools included.
    """

    connector: Literal["mailchimp"]
    key_env: str
    base_url: Address | None = None
    api_version: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+$")] = "3.0"
    page_size: Annotated[int, Field(ge=1, le=1000)] = 1000
    connections: Annotated[int, Field(ge=1, le=10)] = 5
