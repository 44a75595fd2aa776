"""Keys of a GA4 source in ``sanjeh.yml``."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from connectors.core.api_config import Address, ApiConfig

STANDARD_EVENTS = ("share", "sign_up", "generate_lead", "purchase")
FIRST_DAY = date(2015, 8, 14)
"""Google refuses days before."""


class Config(ApiConfig):
    """One GA4 property. ``currency`` asks Google for amounts in another currency than the property's.

    Attributes:
        property_id: number of the property (Admin, Property details); not the measurement id of a stream.
        credentials_file_env: variable with the path of a service account's JSON key; without it the
            application default credentials are used. The account needs the role Viewer on the property.
        base_url: scheme and host of the API.
        transport: ``rest``, or ``grpc``, which needs a network that lets HTTP/2 through.
        page_rows: rows of an answer, 250,000 at most.
        events: names of events to count, besides share, sign_up, generate_lead and purchase.
    """

    connector: Literal["ga4"]
    property_id: str
    credentials_file_env: str | None = None
    base_url: Address = "https://analyticsdata.googleapis.com"
    transport: Literal["rest", "grpc"] = "rest"
    page_rows: Annotated[int, Field(ge=1, le=250_000)] = 250_000
    events: tuple[Annotated[str, Field(min_length=1)], ...] = ()

    @field_validator("property_id", mode="before")
    @classmethod
    def _a_number(cls, value: object) -> str:
        text = str(value).strip().removeprefix("properties/")
        if text.isascii() and text.isdecimal():
            return text
        raise ValueError(
            f"{value!r} is no property id: it is the number under Admin, Property details, such as 123456; "
            "G-... is the measurement id of a stream, UA-... one of the Analytics before GA4"
        )

    @field_validator("start")
    @classmethod
    def _not_too_early(cls, value: date | None) -> date | None:
        if value is not None and value < FIRST_DAY:
            raise ValueError(f"Google Analytics has no days before {FIRST_DAY}")
        return value

    @model_validator(mode="after")
    def _possible_proxy(self) -> Self:
        if self.transport == "grpc" and (self.http.proxy or self.http.proxy_env):
            raise ValueError("with transport grpc a proxy can only be named by the variable HTTPS_PROXY")
        return self

    @property
    def event_names(self) -> tuple[str, ...]:
        """All events to count."""
        return tuple(dict.fromkeys((*STANDARD_EVENTS, *self.events)))
