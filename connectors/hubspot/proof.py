"""Proof that an answer is whole: what came beside what HubSpot counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.core.errors import IncompleteError, PageDriftError
from connectors.core.meter import current_meter
from connectors.core.retry import incomplete

if TYPE_CHECKING:
    from connectors.hubspot.client import HubSpotClient

_COUNTS = 3
_INDEX_LAG_SECONDS = 10.0


def unproven(client: HubSpotClient, what: str, why: str) -> IncompleteError:
    """The error of an answer that lacks something."""
    return incomplete(f"Source {client.context.source_id}, {what}", why)


def moved(client: HubSpotClient, what: str, why: str) -> PageDriftError:
    """The error of an answer that changed while it was read; it is read again."""
    return PageDriftError(
        f"Source {client.context.source_id}, {what}: {why}, so it changed while it was read. Nothing of it "
        "was stored; run again. If it stays so, report it with this message."
    )


def require_counted(
    client: HubSpotClient, found: int, before: int, count: Callable[[], int], *, what: str
) -> None:
    """See that as many records came as were counted before, or are counted now.

    The counts of a search lag some seconds behind, so one that tells of more is asked again before it is
    believed.

    Raises:
        IncompleteError: fewer came.
    """
    counted = before
    for asking in range(_COUNTS):
        if found >= counted:
            return
        if asking:
            current_meter().waited(_INDEX_LAG_SECONDS)
            client.context.clock.sleep(_INDEX_LAG_SECONDS)
        counted = count()
    if found < min(before, counted):
        raise unproven(client, what, f"{found:,} records came, HubSpot counts {min(before, counted):,}.")
