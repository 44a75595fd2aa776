"""Keys of a Stripe source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import Address, ApiConfig

Part = Literal["events", "invoices"]


class Config(ApiConfig):
    """One Stripe account.

    Attributes:
        key_env: variable with a restricted key (``rk_…``) that reads; a secret key (``sk_…``) works too.
        base_url: scheme and host of the API.
        api_version: the pinned ``Stripe-Version``; answers keep its shape whatever the account's default is.
        page_size: records of a page.
        calls_per_second: 25 to one endpoint are allowed, and 25 in all in a sandbox.
        without: parts that the key may not read; without events the history begins with the first landing.
    """

    connector: Literal["stripe"]
    key_env: str
    base_url: Address = "https://api.stripe.com"
    api_version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$")] = "2026-10-28.endive"
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
    calls_per_second: Annotated[int, Field(ge=1, le=100)] = 20
    without: tuple[Part, ...] = ()
