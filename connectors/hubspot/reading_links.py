"""Reading of what belongs to what: associations of records, and pipelines with their stages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from connectors.core.feed import Batch
from connectors.core.paging import Page, pages
from connectors.hubspot.proof import unproven
from connectors.hubspot.streams import ASSOCIATIONS, PIPELINES

if TYPE_CHECKING:
    from connectors.hubspot.client import HubSpotClient, Record

_NOTHING_THERE = frozenset({"OBJECT_NOT_FOUND", "NO_ASSOCIATIONS_FOUND"})


def associated(
    client: HubSpotClient, from_type: str, to_type: str, ids: Sequence[str]
) -> Iterator[tuple[str, Record]]:
    """Id of a record and one record that belongs to it, for all of both; a record with none doesn't come.

    Raises:
        IncompleteError: HubSpot couldn't tell of one of ``ids``.
    """
    what = f"associations of {from_type} with {to_type}"

    def fetch(rest: str | None) -> Page[list[Record]]:
        inputs = [{"id": each} for each in ids] if rest is None else json.loads(rest)
        answer = client.associations(from_type, to_type, inputs, what=what)
        for error in answer.get("errors") or []:
            if error.get("category") not in _NOTHING_THERE:
                raise unproven(client, what, f"HubSpot can't tell all of them: {error.get('message')}.")
        # A record with many associations names a token of its own for the rest of them.
        more = [
            {"id": result["from"]["id"], "after": str(result["paging"]["next"]["after"])}
            for result in answer["results"]
            if result.get("paging")
        ]
        return Page(answer["results"], json.dumps(more) if more else None)

    for results in pages(fetch, what=f"Source {client.context.source_id}, {what}"):
        for result in results:
            for each in result["to"]:
                yield result["from"]["id"], each


def deal_contact_rows(client: HubSpotClient, deal_ids: Sequence[str]) -> Batch:
    """Rows of the contacts that belong to some deals."""
    return Batch.of_rows(
        ASSOCIATIONS,
        [
            {
                "from_type": "deals",
                "from_id": deal_id,
                "to_type": "contacts",
                "to_id": str(contact["toObjectId"]),
                "type_ids": _joined(sorted({kind["typeId"] for kind in contact["associationTypes"]})),
                "labels": _joined(sorted({kind["label"] or "" for kind in contact["associationTypes"]})),
            }
            for deal_id, contact in associated(client, "deals", "contacts", deal_ids)
        ],
    )


def _joined(values: Sequence[object]) -> str | None:
    """``values`` with semicolons between, empty ones left out."""
    return ";".join(filter(None, map(str, values))) or None


def read_pipelines(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Every stage of every pipeline of deals."""
    del since
    yield Batch.of_rows(
        PIPELINES,
        [
            {
                "pipeline_id": pipeline["id"],
                "pipeline_label": pipeline["label"],
                "stage_id": stage["id"],
                "stage_label": stage["label"],
                "display_order": stage["displayOrder"],
                "archived": pipeline["archived"] or stage["archived"],
                **_fate(stage.get("metadata") or {}),
            }
            for pipeline in client.pipelines(what=PIPELINES.id)
            for stage in pipeline["stages"]
        ],
    )


def _fate(metadata: Record) -> dict[str, object]:
    """What the stage means; of a key that HubSpot doesn't give, nothing."""
    names = {"probability": "probability", "is_closed": "isClosed"}
    return {column: metadata[name] for column, name in names.items() if name in metadata}
