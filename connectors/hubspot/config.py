"""Keys of a HubSpot source in ``sanjeh.yml``."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from connectors.core.api_config import ApiConfig

LEGACY_VERSION = "v3"
ObjectType = Literal["contacts", "companies", "deals", "feedback_submissions"]
StreamName = Literal[
    "contacts",
    "companies",
    "deals",
    "merges",
    "pipelines",
    "associations",
    "emails",
    "email_statistics",
    "forms",
    "form_submissions",
    "feedback_submissions",
]
Version = Annotated[str, Field(pattern=r"^(v3|\d{4}-\d{2}(-beta)?)$")]
PropertyName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
FormId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]

_PERSONAL = frozenset(
    {
        "address",
        "date_of_birth",
        "fax",
        "firstname",
        "hs_additional_emails",
        "hs_content",
        "lastname",
        "message",
        "mobilephone",
        "work_email",
    }
)
"""Standard properties that name a person or hold what a person wrote."""


class Config(ApiConfig):
    """One HubSpot account, read with a service key.

    Attributes:
        token_env: variable with the service key.
        base_url: scheme and host.
        api_version: of the paths: a date such as ``2026-09``, or ``v3`` for the numbered ones (until 2027).
        forms_version: of the paths of forms; ``<api_version>-beta`` where it isn't given, ``v3`` under v3.
        page_size: records, e-mails or forms of a page.
        search_page_size: records of a page of a search.
        submissions_page_size: submissions of a form of a page.
        calls_per_10s: calls in ten seconds; 100 is the smallest plan's, 190 Professional's, 250 the add-on's.
        properties: extra properties per object type; they land as text.
        forms: ids of the forms whose submissions land; all of them where none is named.
        without: streams to leave out, such as those that the plan or the key has no scope for.
    """

    connector: Literal["hubspot"]
    token_env: str
    base_url: str = "https://api.hubapi.com"
    api_version: Version = "2026-09"
    forms_version: Version | None = None
    page_size: Annotated[int, Field(ge=1, le=100)] = 100
    search_page_size: Annotated[int, Field(ge=1, le=200)] = 200
    submissions_page_size: Annotated[int, Field(ge=1, le=50)] = 50
    calls_per_10s: Annotated[int, Field(ge=1)] = 100
    properties: dict[ObjectType, tuple[PropertyName, ...]] = Field(default_factory=dict)
    forms: tuple[FormId, ...] = ()
    without: tuple[StreamName, ...] = ()

    @model_validator(mode="after")
    def _without_names_of_people(self) -> Self:
        named = {name for names in self.properties.values() for name in names} & _PERSONAL
        if named and self.pii == "hash":
            raise ValueError(
                f"properties: {', '.join(sorted(named))} may name a person and would land as clear text; "
                "leave it out, or write `pii: keep` where that is meant"
            )
        return self
