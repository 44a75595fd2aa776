"""Which HubSpot record belongs to which, both ways, and the batch reading of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tests.fakes.hubspot_errors import invalid
from tests.fakes.hubspot_objects import TYPE_IDS

MOST_INPUTS = 1000
_SINGULAR = {
    "contacts": "contact",
    "companies": "company",
    "deals": "deal",
    "feedback_submissions": "feedback_submission",
}
_TYPE_NUMBERS = {
    ("deals", "contacts"): 3,
    ("contacts", "deals"): 4,
    ("contacts", "companies"): 279,
    ("companies", "contacts"): 280,
    ("deals", "companies"): 341,
    ("companies", "deals"): 342,
    ("contacts", "feedback_submissions"): 97,
    ("feedback_submissions", "contacts"): 98,
}


@dataclass(frozen=True)
class Label:
    """A label that users of the account made for associations."""

    type_id: int
    text: str


class Associations:
    """The associations of an account.

    Attributes:
        page: most records that one input's answer names; more need the input's ``after``.
        ids_as_numbers: ``toObjectId`` comes as a number, as the older paths wrote it.
    """

    def __init__(self) -> None:
        self.page = 500
        self.ids_as_numbers = False
        self._links: dict[tuple[str, str], dict[int, dict[int, list[dict[str, Any]]]]] = {}

    def add(
        self, from_type: str, from_id: int, to_type: str, to_id: int, *, label: Label | None = None
    ) -> None:
        """Associate two records; a second call with a ``label`` adds the label."""
        for types, ids in (
            ((from_type, to_type), (from_id, to_id)),
            ((to_type, from_type), (to_id, from_id)),
        ):
            kinds = self._links.setdefault(types, {}).setdefault(ids[0], {}).setdefault(ids[1], [])
            plain = {"category": "HUBSPOT_DEFINED", "typeId": _TYPE_NUMBERS[types], "label": None}
            if plain not in kinds:
                kinds.append(plain)
            if label is not None:
                kinds.append({"category": "USER_DEFINED", "typeId": label.type_id, "label": label.text})

    def remove(self, from_type: str, from_id: int, to_type: str, to_id: int) -> None:
        """Undo the association of two records; KeyError where there is none."""
        del self._links[from_type, to_type][from_id][to_id]
        del self._links[to_type, from_type][to_id][from_id]

    def drop(self, object_type: str, record_id: int) -> None:
        """Forget every association of a record."""
        for (from_type, to_type), links in list(self._links.items()):
            if from_type == object_type:
                for to_id in links.pop(record_id, {}):
                    del self._links[to_type, from_type][to_id][record_id]

    def hand_over(self, object_type: str, loser: int, survivor: int) -> None:
        """Give the associations of a merged record to the one it was merged into."""
        for (from_type, to_type), links in list(self._links.items()):
            if from_type == object_type:
                for to_id in list(links.get(loser, {})):
                    self.add(object_type, survivor, to_type, to_id)
        self.drop(object_type, loser)

    def of_row(self, from_type: str, from_id: int, to_types: list[str]) -> dict[str, Any]:
        """The ``associations`` of a listed record; types without any have no key."""
        found = {}
        for to_type in to_types:
            ids = self._links.get((from_type, to_type), {}).get(from_id)
            if ids:
                kind = f"{_SINGULAR[from_type]}_to_{_SINGULAR[to_type]}"
                found[to_type] = {"results": [{"id": str(to_id), "type": kind} for to_id in ids]}
        return found

    def batch(self, from_type: str, to_type: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a batch read; ``errors`` in it name the inputs without an association."""
        inputs = body.get("inputs") or []
        if not 1 <= len(inputs) <= MOST_INPUTS:
            raise invalid(f"inputs must hold 1 to {MOST_INPUTS} ids, not {len(inputs)}", at="inputs")
        links = self._links.get((type_name(from_type), type_name(to_type)), {})
        results, errors = [], []
        for each in inputs:
            found = links.get(int(each["id"]))
            if found:
                results.append(self._result(each, found))
            else:
                errors.append(_none_found(each["id"], from_type, to_type))
        answer: dict[str, Any] = {"results": results}
        return answer | {"numErrors": len(errors), "errors": errors} if errors else answer

    def _result(self, asked: Mapping[str, Any], found: Mapping[int, list[dict[str, Any]]]) -> dict[str, Any]:
        start = int(asked.get("after", 0))
        chosen = islice(found.items(), start, start + self.page)
        result: dict[str, Any] = {
            "from": {"id": asked["id"]},
            "to": [
                {"toObjectId": to_id if self.ids_as_numbers else str(to_id), "associationTypes": kinds}
                for to_id, kinds in chosen
            ],
        }
        if start + self.page < len(found):
            result["paging"] = {"next": {"after": str(start + self.page)}}
        return result


def type_name(written: str) -> str:
    """``contacts`` for ``contacts`` and ``0-1``; 400 for a type that isn't served."""
    name = TYPE_IDS.get(written, written)
    if name not in _SINGULAR:
        raise invalid(f"Unable to infer object type from: {written}", at="objectType")
    return name


def _none_found(record_id: str, from_type: str, to_type: str) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {to_type} is associated with {from_type} {record_id}.",
        "context": {
            "fromObjectId": [record_id],
            "fromObjectType": [from_type],
            "toObjectType": [to_type],
        },
    }
