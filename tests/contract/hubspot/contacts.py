"""Contacts of the local HubSpot, and how they are read back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug import Request

from tests.contract.landed import Workbench
from tests.fakes.hubspot import HubSpotApi

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONTACTS = {
    "without": [
        *("companies", "deals", "pipelines", "associations", "emails", "email_statistics", "forms"),
        *("form_submissions", "feedback_submissions"),
    ]
}
"""Keys of a source that has contacts and merges only."""


def contact(api: HubSpotApi, number: int, *, at: datetime = NOON - DAY, **more: object) -> int:
    """Create a contact; its id."""
    return api.crm.create("contacts", at=at, email=f"person{number}@people.example", **more)


def is_search(request: Request) -> bool:
    """Whether contacts are searched."""
    return request.path.endswith("/contacts/search")


def stored(at: datetime) -> datetime:
    """``at`` as the raw zone has it: UTC without a zone."""
    return at.replace(tzinfo=None)


def newest(bench: Workbench, columns: str) -> list[tuple[Any, ...]]:
    """Newest version of each contact, by id, in the order of the staging model: archiving touches no date."""
    return bench.rows(
        f"select {columns} from raw.hubspot__contacts qualify row_number() over (partition by id order by "
        "_load_id desc, lastmodifieddate desc nulls last, archived desc nulls last) = 1 order by cast(id as int)"
    )
