"""Keys of a Shopify source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import Address, ApiConfig


class Config(ApiConfig):
    """One shop, read with the token of a custom app.

    Attributes:
        shop: its own domain, my-shop.myshopify.com; not that of the storefront.
        token_env: variable with the Admin API access token (shpat_…).
        base_url: scheme and host, where they aren't ``https://<shop>``.
        api_version: quarter of the API; each lives twelve months.
        page_size: orders or customers of a page; it is halved where a question costs too much.
        nested_page_size: lines or refunds that come with an order; further ones are asked for.
        all_orders: the app has the scope read_all_orders. Without it Shopify shows orders of 60 days only:
            write ``false`` to land those, without noticing what is deleted.
        customer_data: ask for e-mail addresses and countries, which Shopify gives to apps with access to
            protected customer data.
    """

    connector: Literal["shopify"]
    shop: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*\.myshopify\.com$")]
    token_env: str
    base_url: Address | None = None
    api_version: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$|^unstable$")] = "2026-10"
    page_size: Annotated[int, Field(ge=1, le=250)] = 25
    nested_page_size: Annotated[int, Field(ge=1, le=250)] = 20
    all_orders: bool = True
    customer_data: bool = True

    @property
    def address(self) -> str:
        """Scheme and host that are called."""
        return self.base_url or f"https://{self.shop}"
