"""HubSpot's search: which records its filters let through, in which order, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from tests.fakes.hubspot_errors import invalid
from tests.fakes.hubspot_objects import ObjectTable, Record

CAP = 10_000
"""Results of one query that can be paged to."""
MOST_GROUPS, MOST_FILTERS, MOST_IN_ALL = 5, 6, 18
MOST_ROWS = 200

Comparable = tuple[int, float | str]
_OF_ONE_VALUE = ("EQ", "NEQ", "LT", "LTE", "GT", "GTE", "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN")
_COMPARISONS: Mapping[str, Callable[[Comparable, Comparable], bool]] = {
    "EQ": lambda stored, value: stored == value,
    "NEQ": lambda stored, value: stored != value,
    "LT": lambda stored, value: stored < value,
    "LTE": lambda stored, value: stored <= value,
    "GT": lambda stored, value: stored > value,
    "GTE": lambda stored, value: stored >= value,
}


def search(table: ObjectTable, body: Mapping[str, Any], *, indexed_until: str | None) -> list[Record]:
    """Every record that ``body`` asks for, in its order.

    Args:
        table: the live records of the type; archived ones are never found.
        body: the request.
        indexed_until: the moment up to which changes are in the index; None has them all.
    """
    groups = body.get("filterGroups") or []
    filters = [each for group in groups for each in group.get("filters", [])]
    _refuse_size(groups, filters)
    for each in filters:
        _refuse_filter(table, each)
    found = [
        record
        for record in table.live()
        if (indexed_until is None or record.updated_at <= indexed_until)
        and (
            not groups
            or any(all(_passes(table, record, each) for each in group["filters"]) for group in groups)
        )
    ]
    return _ordered(table, found, body.get("sorts") or [])


def window(body: Mapping[str, Any]) -> tuple[int, int]:
    """First and last-but-one place of the page that ``body`` asks for."""
    limit = body.get("limit", 10)
    if not isinstance(limit, int) or not 1 <= limit <= MOST_ROWS:
        raise invalid(f"limit {limit} must be between 1 and {MOST_ROWS}", at="limit")
    after = str(body.get("after") or "0")
    if not after.isascii() or not after.isdigit():
        raise invalid(f"after {after} is not a number", at="after")
    start = int(after)
    if start >= CAP:
        raise invalid(f"Paging beyond the first {CAP} results of a search isn't possible", at="after")
    return start, min(start + limit, CAP)


def _refuse_size(groups: Sequence[Any], filters: Sequence[Any]) -> None:
    longest = max((len(group.get("filters", [])) for group in groups), default=0)
    if len(groups) > MOST_GROUPS or longest > MOST_FILTERS or len(filters) > MOST_IN_ALL:
        raise invalid(
            f"at most {MOST_GROUPS} groups of {MOST_FILTERS} filters, {MOST_IN_ALL} in all", at="filterGroups"
        )


def _refuse_filter(table: ObjectTable, each: Mapping[str, Any]) -> None:
    name, operator = each.get("propertyName", ""), each.get("operator")
    if table.stored_name(name) is None:
        raise invalid(f'Property "{name}" does not exist', at="propertyName")
    needed: tuple[str, ...]
    if operator in _OF_ONE_VALUE:
        needed = ("value",)
    elif operator == "BETWEEN":
        needed = ("value", "highValue")
    elif operator in ("IN", "NOT_IN"):
        needed = ("values",)
    elif operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        needed = ()
    else:
        raise invalid(f"operator {operator} is unknown", at="operator")
    for key in needed:
        if key not in each:
            raise invalid(f"{key} is required for operator {operator}", at=key)


def _passes(table: ObjectTable, record: Record, each: Mapping[str, Any]) -> bool:
    stored = record.properties.get(table.stored_name(each["propertyName"]) or "")
    operator = each["operator"]
    if operator == "NOT_HAS_PROPERTY" or stored is None:
        return operator == "NOT_HAS_PROPERTY" and stored is None
    value = comparable(str(stored))
    match operator:
        case "HAS_PROPERTY":
            return True
        case "BETWEEN":
            return comparable(each["value"]) <= value <= comparable(each["highValue"])
        case "IN" | "NOT_IN":
            return (value in map(comparable, each["values"])) == (operator == "IN")
        case "CONTAINS_TOKEN" | "NOT_CONTAINS_TOKEN":
            return _has_token(str(stored), each["value"]) == (operator == "CONTAINS_TOKEN")
        case _:
            return _COMPARISONS[operator](value, comparable(each["value"]))


@lru_cache(maxsize=10_000)
def comparable(text: str) -> Comparable:
    """Numbers and instants as numbers (milliseconds), so that both ways to write an instant compare."""
    try:
        return (0, float(text))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return (1, text.casefold())
    return (0, round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000))


def _has_token(text: str, pattern: str) -> bool:
    tokens = [text, *re.split(r"[\s@.,;:/]+", text)]
    return any(fnmatchcase(token.casefold(), pattern.casefold()) for token in tokens)


def _ordered(table: ObjectTable, records: list[Record], sorts: Sequence[Any]) -> list[Record]:
    if len(sorts) > 1:
        raise invalid("only one sort is supported", at="sorts")
    if not sorts:
        return records
    stored = table.stored_name(sorts[0]["propertyName"])
    if stored is None:
        raise invalid(f'Property "{sorts[0]["propertyName"]}" does not exist', at="sorts")
    having = [record for record in records if record.properties.get(stored) is not None]
    having.sort(
        key=lambda record: comparable(str(record.properties[stored])),
        reverse=sorts[0].get("direction") == "DESCENDING",
    )
    return having + [record for record in records if record.properties.get(stored) is None]
