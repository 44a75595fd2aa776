"""HubSpot's CRM: records that a test creates, changes, archives, merges and deletes, and the routes over them.

Every change takes its moment from the test. Values of properties are text or None, as the API has them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from werkzeug import Request, Response

from tests.fakes.hubspot_associations import Associations, type_name
from tests.fakes.hubspot_errors import invalid
from tests.fakes.hubspot_objects import ObjectTable, Record, instant_text
from tests.fakes.hubspot_paging import Pager, flag_of, limit_of
from tests.fakes.hubspot_search import search, window
from tests.fakes.server import json_response

MOST_LISTED = 100
MOST_READ = 100
STARTED, COMPLETED = "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.120Z"


class Crm:
    """Objects, associations and pipelines.

    Attributes:
        tables: by object type.
        pipelines: by object type, as the API writes them.
        now: the moment of the search index; only read where ``index_lag`` isn't zero.
        index_lag: changes younger than this aren't found by searches yet.
    """

    def __init__(self, pager: Pager) -> None:
        self.tables = {
            name: ObjectTable(name) for name in ("contacts", "companies", "deals", "feedback_submissions")
        }
        self.associations = Associations()
        self.pipelines: dict[str, list[dict[str, Any]]] = {"deals": []}
        self.now: datetime | None = None
        self.index_lag = timedelta()
        self._pager = pager

    def create(
        self, object_type: str, *, at: datetime, record_id: int | None = None, **properties: object
    ) -> int:
        """Create a record at the moment ``at``; its id."""
        table = self.tables[object_type]
        new_id = table.next_id() if record_id is None else record_id
        moment = instant_text(at)
        stamps = {
            "hs_object_id": str(new_id),
            table.created_property: moment,
            table.modified_property: moment,
        }
        table.add(Record(new_id, stamps | properties, created_at=moment, updated_at=moment))
        return new_id

    def update(self, object_type: str, record_id: int, *, at: datetime, **properties: object) -> None:
        """Change properties of a record at the moment ``at``."""
        table = self.tables[object_type]
        record = table.get(record_id)
        table.known |= set(properties)
        record.updated_at = instant_text(at)
        record.properties |= {table.modified_property: record.updated_at} | properties

    def archive(self, object_type: str, record_id: int, *, at: datetime) -> None:
        """Put a record into the recycle bin."""
        self.tables[object_type].archive(record_id, instant_text(at))

    def restore(self, object_type: str, record_id: int, *, at: datetime) -> None:
        """Take a record out of the recycle bin."""
        self.tables[object_type].restore(record_id)
        self.update(object_type, record_id, at=at)

    def merge(self, object_type: str, *, survivor: int, loser: int, at: datetime) -> None:
        """Merge ``loser`` into ``survivor``: one vanishes, the other names it and has changed."""
        table = self.tables[object_type]
        own, gone = table.get(survivor).properties, table.get(loser).properties
        chain = [own.get("hs_merged_object_ids"), str(loser), gone.get("hs_merged_object_ids")]
        table.remove(loser)
        self.associations.hand_over(object_type, loser, survivor)
        self.update(object_type, survivor, at=at, hs_merged_object_ids=";".join(filter(None, chain)))

    def delete_for_privacy(self, object_type: str, record_id: int) -> None:
        """Delete a record as the law on data protection asks: neither list nor recycle bin has it."""
        self.tables[object_type].remove(record_id)
        self.associations.drop(object_type, record_id)

    def list_records(self, request: Request, written_type: str) -> Response:
        """A page of records, by id."""
        table = self.tables[type_name(written_type)]
        limit = limit_of(request, default=10, most=MOST_LISTED)
        current = request.args.get("after")
        if current is not None and not (current.isascii() and current.isdigit()):
            raise invalid(f"after {current} is not an id", at="after")
        records, following = table.page(
            start=int(current or 0), limit=limit, archived=flag_of(request, "archived")
        )
        if records and records[0].text is not None:
            paging = self._pager.add({}, request, current=current, following=following, first="0")
            return _page_of_texts(records, paging)
        linked = [type_name(name) for name in _names(request.args.get("associations")) or []]
        shown = table.shown(_names(request.args.get("properties")))
        rows = [table.row(record, shown) for record in records]
        if linked:
            for record, row in zip(records, rows, strict=True):
                found = self.associations.of_row(table.object_type, record.id, linked)
                if found:
                    row["associations"] = found
        body = {"results": rows}
        return json_response(self._pager.add(body, request, current=current, following=following, first="0"))

    def search_records(self, request: Request, written_type: str) -> Response:
        """A page of what the request's filters let through, with the total."""
        table = self.tables[type_name(written_type)]
        body = request.get_json()
        start, end = window(body)
        if self._is_whole(body):
            total, records = len(table), table.slice(start, end)
        else:
            found = search(table, body, indexed_until=self._indexed_until())
            total, records = len(found), found[start:end]
        shown = table.shown(body.get("properties"))
        page = {"total": total, "results": [table.row(record, shown) for record in records]}
        following = str(end) if end < total else None
        return json_response(
            self._pager.add(page, request, current=body.get("after"), following=following, first="0")
        )

    def batch_read(self, request: Request, written_type: str) -> Response:
        """Records by id; 207 where some are missing."""
        table = self.tables[type_name(written_type)]
        body = request.get_json()
        inputs = body.get("inputs") or []
        if not 1 <= len(inputs) <= MOST_READ:
            raise invalid(f"inputs must hold 1 to {MOST_READ} ids, not {len(inputs)}", at="inputs")
        archived = flag_of(request, "archived")
        shown = table.shown(body.get("properties"))
        rows, missing = [], []
        for text in dict.fromkeys(each["id"] for each in inputs):
            record = table.find(int(text)) if text.isdigit() else None
            if record is None or (record.archived_at is not None) != archived:
                missing.append(text)
            else:
                rows.append(table.row(record, shown))
        answer: dict[str, Any] = {"results": rows}
        if missing:
            error = {
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "message": "Could not get some objects, they may be deleted or not exist. Check that ids are valid.",
                "context": {"ids": missing},
            }
            answer |= {"numErrors": 1, "errors": [error]}
        return _batch_response(answer)

    def batch_associations(self, request: Request, from_type: str, to_type: str) -> Response:
        """The associations of many records; 207 where some have none."""
        return _batch_response(self.associations.batch(from_type, to_type, request.get_json()))

    def list_pipelines(self, _: Request, written_type: str) -> Response:
        """Every pipeline with its stages, in one answer."""
        return json_response({"results": self.pipelines[type_name(written_type)]})

    def _is_whole(self, body: dict[str, Any]) -> bool:
        by_id: tuple[Any, ...] = (None, [], [{"propertyName": "hs_object_id", "direction": "ASCENDING"}])
        return not body.get("filterGroups") and body.get("sorts") in by_id and not self.index_lag

    def _indexed_until(self) -> str | None:
        if not self.index_lag:
            return None
        if self.now is None:
            raise ValueError("the search index lags, but Crm.now isn't set")
        return instant_text(self.now - self.index_lag)


def pipeline(
    pipeline_id: str, label: str, *, at: datetime, stages: Sequence[dict[str, Any]], order: int = 0
) -> dict[str, Any]:
    """A pipeline as the API writes it, made at the moment ``at``; see :func:`stage`."""
    stamps = {"createdAt": instant_text(at), "updatedAt": instant_text(at), "archived": False}
    return {
        "id": pipeline_id,
        "label": label,
        "displayOrder": order,
        **stamps,
        "stages": [{**each, "displayOrder": place, **stamps} for place, each in enumerate(stages)],
    }


def stage(stage_id: str, label: str, *, probability: str, closed: bool = False) -> dict[str, Any]:
    """A stage for :func:`pipeline`: closed with probability "1.0" is won, closed with "0.0" is lost."""
    metadata = {"isClosed": str(closed).lower(), "probability": probability}
    return {"id": stage_id, "label": label, "metadata": metadata}


def _page_of_texts(records: Sequence[Record], paging: dict[str, Any]) -> Response:
    rows = ",".join(record.text or "" for record in records)
    text = f'{{"results":[{rows}],{json.dumps(paging)[1:]}' if paging else f'{{"results":[{rows}]}}'
    return Response(text, content_type="application/json; charset=utf-8")


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def _batch_response(answer: dict[str, Any]) -> Response:
    body = {"status": "COMPLETE", "startedAt": STARTED, "completedAt": COMPLETED, **answer}
    return json_response(body, status=207 if "errors" in answer else 200)
