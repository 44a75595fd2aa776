"""Keys of a HubSpot source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from connectors.core.api_config import ApiConfig

ObjectType = Literal["contacts", "companies", "deals", "feedback_submissions"]
StreamName = Literal[
    "contacts",
    "companies",
    "deals",
    "pipelines",
    "associations",
    "emails",
    "email_statistics",
    "forms",
    "form_submissions",
    "feedback_submissions",
]


class Config(ApiConfig):
    """One HubSpot account.

    Attributes:
        token_env: variable with a service key (legacy private apps' tokens work the same way).
        base_url: scheme and host of the API.
        api_version: ``2026-09``, or ``v3`` for the paths with numbers, which end in September 2027.
        forms_version: of the list of forms, whose date-based path is still a beta.
        page_size: records of a page of a list. search_page_size: of a search.
        calls_per_10s: the account's allowance: 100 on Free and Starter, 190 on Pro and Enterprise.
        properties: further properties to land as text, by object type.
        forms: ids of the forms whose submissions land; all where empty.
        without: streams to leave out, for instance where the plan or the key's scopes don't have them.
    """

    connector: Literal["hubspot"]
    token_env: str
    base_url: str = "https://api.hubapi.com"
    api_version: Annotated[str, Field(pattern=r"^(v3|\d{4}-\d{2})$")] = "2026-09"
    forms_version: Literal["v3", "2026-09-beta"] = "v3"
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
    search_page_size: Annotated[int, Field(ge=1, le=200)] = 200
    calls_per_10s: Annotated[int, Field(ge=1)] = 100
    properties: dict[ObjectType, tuple[str, ...]] = Field(default_factory=dict)
    forms: tuple[str, ...] = ()
    without: tuple[StreamName, ...] = ()
