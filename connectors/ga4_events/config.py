"""Ga4EventsConfig: how the event-export files of one GA4 property are read; pydantic reports what is wrong.

In: the mapping under ``sources.<id>`` with ``connector: ga4_events``. Out: a frozen, validated configuration.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from connectors.files.config import RIALS
from connectors.files.personal import looks_personal

_PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


def _digits(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Ga4EventsConfig(BaseModel):
    """One GA4 property whose raw events are dropped as files.

    Attributes:
        brand: brand id the events belong to.
        path: glob relative to the workspace, e.g. ``exports/ga4_events/**/*.parquet``.
        property_id: numeric id of the property; without it the folder ``analytics_<id>`` says it, if any.
        timezone: zone of the property, which ``event_date`` is a day of; the brand's otherwise.
        currency: of amounts whose event names none; the brand's otherwise.
        money_unit: what the site means by amounts with the code IRR: rial, toman …; rial otherwise.
        params: further event parameters to land, each as a text column ``param_<name>``.
        user_id: ``hash`` lands a keyed hash of it, ``leave_out`` nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    connector: Literal["ga4_events"]
    brand: str
    path: str
    property_id: Annotated[str, BeforeValidator(_digits), Field(pattern=r"^[0-9]{1,20}$")] | None = None
    timezone: str | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    money_unit: str | None = None
    params: tuple[str, ...] = ()
    user_id: Literal["hash", "leave_out"] = "hash"

    @field_validator("path")
    @classmethod
    def _inside_workspace(cls, value: str) -> str:
        if value.startswith(("/", "~")) or ".." in value.split("/"):
            raise ValueError(
                "path is relative to the workspace and stays inside it, e.g. exports/ga4_events/*.parquet"
            )
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        try:
            return value if value is None else ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"unknown time zone {value!r}; write an IANA name such as Asia/Tehran") from None

    @field_validator("money_unit")
    @classmethod
    def _known_unit(cls, value: str | None) -> str | None:
        if value is not None and value.lower() not in RIALS:
            raise ValueError(f"money_unit {value!r} is none of {', '.join(RIALS)}")
        return value

    @field_validator("params")
    @classmethod
    def _parameter_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if not _PARAMETER.fullmatch(name):
                raise ValueError(
                    f"{name!r} is no name of an event parameter: a letter, then letters, digits and _, "
                    "40 at most"
                )
            if looks_personal(name):
                raise ValueError(
                    f"{name!r} looks like personal data, and parameters land as they are; Google forbids to "
                    "send it, so stop sending it and leave it out here"
                )
        if len({name.lower() for name in value}) < len(value):
            raise ValueError("a parameter is named twice (columns don't tell capitals from small letters)")
        return value
