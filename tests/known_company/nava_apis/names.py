"""What ``nava_apis`` calls what ``nava`` has: its id is in the ids of its sources and plans."""

from __future__ import annotations

from typing import Any

BRAND_ID = "nava_apis"
_PREFIX = "nava_"


def own(name: str) -> str:
    """The name of a source, scorecard or objective of ``nava`` at this brand."""
    return f"{BRAND_ID}_{name.removeprefix(_PREFIX)}"


def own_source(value: object) -> object:
    """The value, renamed where it is the id of a source; nothing else in a row begins as these do."""
    return own(value) if isinstance(value, str) and value.startswith(_PREFIX) else value


def own_plans(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Scorecards, objectives or budgets of ``nava`` as this brand's."""
    return [
        {**entry, "brand": BRAND_ID} | ({"id": own(entry["id"])} if "id" in entry else {})
        for entry in entries
    ]
