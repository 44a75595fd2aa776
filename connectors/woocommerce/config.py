"""Keys of a WooCommerce source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import Address, ApiConfig


class Config(ApiConfig):
    """One shop; a REST key with the permission Read is enough.

    Attributes:
        base_url: address of the site, https://shop.example; with the folder of WordPress where it has one.
        consumer_key_env: variable with the consumer key (ck_…).
        consumer_secret_env: variable with the consumer secret (cs_…).
        api_path: where the REST API begins; a site may move it.
        api_version: of the routes.
        page_size: orders, customers or refunds of a page; smaller where the host is slow.
        calls_per_minute: what the host bears; WooCommerce itself has no limit.
    """

    connector: Literal["woocommerce"]
    base_url: Address
    consumer_key_env: str
    consumer_secret_env: str
    api_path: Annotated[str, Field(pattern=r"^/[\w/-]*\w$")] = "/wp-json"
    api_version: Annotated[str, Field(pattern=r"^wc/v\d+$")] = "wc/v3"
    page_size: Annotated[int, Field(ge=2, le=100)] = 100
    calls_per_minute: Annotated[int, Field(ge=1, le=6000)] = 240
