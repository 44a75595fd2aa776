"""Requests of ``searchAnalytics.query``: JSON in, a :class:`Query` out, or Google's 400.

Enumerations are taken as the discovery document lists them (``BY_PAGE``) and as documentation and clients write
them (``byPage``, ``hourly_all``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.fakes.discovery import camel_case
from tests.fakes.google_api import GoogleError, bad_request
from tests.fakes.re2 import compile_re2
from tests.fakes.search_console_data import SearchFact

DEFAULT_LIMIT, MOST_ROWS = 1_000, 25_000
_LONGEST_EXPRESSION = 4_096
_TYPES = ("WEB", "IMAGE", "VIDEO", "NEWS", "DISCOVER", "GOOGLE_NEWS")
_FILTERABLE = ("QUERY", "PAGE", "COUNTRY", "DEVICE", "SEARCH_APPEARANCE")
_DIMENSIONS = ("DATE", *_FILTERABLE, "HOUR")
_OPERATORS = ("EQUALS", "NOT_EQUALS", "CONTAINS", "NOT_CONTAINS", "INCLUDING_REGEX", "EXCLUDING_REGEX")
_AGGREGATIONS = ("AUTO", "BY_PROPERTY", "BY_PAGE", "BY_NEWS_SHOWCASE_PANEL")
_DATA_STATES = ("FINAL", "ALL", "HOURLY_ALL")
_KEYS = frozenset(
    {
        "aggregationType",
        "dataState",
        "dimensionFilterGroups",
        "dimensions",
        "endDate",
        "rowLimit",
        "searchType",
        "startDate",
        "startRow",
        "type",
    }
)
_ATTRIBUTES = {"searchAppearance": "appearance", "date": "day"}


@dataclass(frozen=True)
class Filter:
    """One condition on a dimension."""

    dimension: str
    operator: str
    expression: str


@dataclass(frozen=True, kw_only=True)
class Query:
    """A request that is good; words are in camelCase.

    Attributes:
        first: first day.
        last: last day, included.
        limit: rows of a page.
        offset: rows before the page.
    """

    first: date
    last: date
    dimensions: tuple[str, ...]
    type: str
    filters: tuple[Filter, ...]
    aggregation: str
    data_state: str
    limit: int
    offset: int

    @property
    def fields(self) -> frozenset[str]:
        """Dimensions that are grouped or filtered."""
        return frozenset(self.dimensions) | {each.dimension for each in self.filters}

    def lets(self) -> Callable[[SearchFact], bool]:
        """What the filters let through."""
        tests = [_test(each) for each in self.filters]
        return lambda fact: all(test(fact) for test in tests)


def query_of(body: bytes) -> Query:
    """The request in a JSON body.

    Raises:
        GoogleError: it isn't good.
    """
    content = _content(body)
    dimensions = tuple(
        _word(value, _DIMENSIONS, f"dimensions[{index}]")
        for index, value in enumerate(content.get("dimensions", []))
    )
    query = Query(
        first=_day(content, "startDate"),
        last=_day(content, "endDate"),
        dimensions=dimensions,
        type=_word(content.get("type", content.get("searchType", "web")), _TYPES, "type"),
        filters=tuple(_filters(content)),
        aggregation=_word(content.get("aggregationType", "auto"), _AGGREGATIONS, "aggregation_type"),
        data_state=_word(content.get("dataState", "final"), _DATA_STATES, "data_state"),
        limit=_number(content, "rowLimit", DEFAULT_LIMIT),
        offset=_number(content, "startRow", 0),
    )
    _check(query)
    return query


def attribute(dimension: str) -> str:
    """Where a fact holds a dimension."""
    return _ATTRIBUTES.get(dimension, dimension)


def _content(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("Invalid JSON payload received. Unexpected token.") from None
    if not isinstance(content, dict):
        raise bad_request("Invalid JSON payload received. Root element must be a message.")
    _check_keys(content, _KEYS, at="")
    return content


def _check_keys(content: Mapping[str, Any], known: frozenset[str], *, at: str) -> None:
    for key in content:
        if key not in known:
            where = f" at '{at}'" if at else ""
            raise bad_request(
                f'Invalid JSON payload received. Unknown name "{key}"{where}: Cannot find field.',
                at=at or None,
            )


def _filters(content: Mapping[str, Any]) -> Iterator[Filter]:
    for number, group in enumerate(content.get("dimensionFilterGroups", [])):
        at = f"dimension_filter_groups[{number}]"
        _check_keys(group, frozenset({"groupType", "filters"}), at=at)
        _word(group.get("groupType", "and"), ("AND",), f"{at}.group_type")
        for index, each in enumerate(group.get("filters", [])):
            inner = f"{at}.filters[{index}]"
            _check_keys(each, frozenset({"dimension", "operator", "expression"}), at=inner)
            yield Filter(
                _word(each.get("dimension"), _FILTERABLE, f"{inner}.dimension"),
                _word(each.get("operator", "equals"), _OPERATORS, f"{inner}.operator"),
                each.get("expression", ""),
            )


def _word(value: object, names: tuple[str, ...], at: str) -> str:
    for name in names:
        if value in {name, camel_case(name), name.lower()}:
            return camel_case(name)
    raise bad_request(f"Invalid value at '{at}', \"{value}\"", at=at)


def _day(content: Mapping[str, Any], name: str) -> date:
    value = content.get(name)
    if value is None:
        raise GoogleError(400, f"Field '{name}' is required.", reason=("global", "required"))
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise GoogleError(
            400, f"'{value}' is not a valid date for '{name}'.", reason=("global", "invalidParameter")
        ) from None


def _number(content: Mapping[str, Any], name: str, default: int) -> int:
    value = content.get(name, default)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise bad_request(f"Invalid value at '{name}' (TYPE_INT32), \"{value}\"", at=name) from None


def _check(query: Query) -> None:
    wrong = ""
    if query.first > query.last:
        wrong = "startDate must not be after endDate."
    elif not 1 <= query.limit <= MOST_ROWS:
        wrong = f"rowLimit must be between 1 and {MOST_ROWS}, it is {query.limit}."
    elif query.offset < 0:
        wrong = f"startRow must not be negative, it is {query.offset}."
    elif query.aggregation == "byProperty" and "page" in query.fields:
        wrong = "Aggregation by property is not possible when grouping or filtering by page."
    elif "searchAppearance" in query.dimensions and len(query.dimensions) > 1:
        wrong = "searchAppearance cannot be grouped with other dimensions."
    elif len(set(query.dimensions)) < len(query.dimensions):
        wrong = "A dimension is listed more than once."
    elif any(len(each.expression) > _LONGEST_EXPRESSION for each in query.filters):
        wrong = f"A filter expression is longer than {_LONGEST_EXPRESSION} characters."
    elif "hour" in query.dimensions or query.data_state == "hourlyAll" or "News" in query.aggregation:
        wrong = "This server on loopback does not answer hours, nor the news showcase."
    if wrong:
        raise GoogleError(400, wrong, reason=("global", "invalidParameter"))


def _test(each: Filter) -> Callable[[SearchFact], bool]:
    """Text is compared without case; regular expressions with it, unless they say ``(?i)``."""
    name, wanted = attribute(each.dimension), each.expression.casefold()
    match each.operator:
        case "equals":
            return lambda fact: getattr(fact, name).casefold() == wanted
        case "notEquals":
            return lambda fact: getattr(fact, name).casefold() != wanted
        case "contains":
            return lambda fact: wanted in getattr(fact, name).casefold()
        case "notContains":
            return lambda fact: wanted not in getattr(fact, name).casefold()
    try:
        search = compile_re2(each.expression).search
    except ValueError as error:
        raise GoogleError(
            400,
            f"Invalid regular expression '{each.expression}': {error}",
            reason=("global", "invalidParameter"),
        ) from None
    is_wanted = each.operator == "includingRegex"
    return lambda fact: (search(getattr(fact, name)) is not None) == is_wanted
