"""Filters of GA4 requests as predicates: of facts for dimensions, of rows for metrics.

Comparison of text ignores case unless the filter asks for it, as in the real API.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from google.analytics.data_v1beta.types import Filter

from tests.fakes.ga4_fields import Number
from tests.fakes.google_api import GoogleError
from tests.fakes.re2 import compile_re2

T = TypeVar("T")
Value = str | Number
_NOT_SET = frozenset({"", "(not set)"})
_Matching = Filter.StringFilter.MatchType
_Operation = Filter.NumericFilter.Operation
_COMPARISONS = {
    _Operation.EQUAL: operator.eq,
    _Operation.LESS_THAN: operator.lt,
    _Operation.LESS_THAN_OR_EQUAL: operator.le,
    _Operation.GREATER_THAN: operator.gt,
    _Operation.GREATER_THAN_OR_EQUAL: operator.ge,
}


def field_names(expression: Any) -> Iterator[str]:
    """All fields that a ``FilterExpression`` names."""
    match expression.WhichOneof("expr"):
        case "filter":
            yield expression.filter.field_name
        case "not_expression":
            yield from field_names(expression.not_expression)
        case "and_group" | "or_group" as group:
            for each in getattr(expression, group).expressions:
                yield from field_names(each)


def predicate(expression: Any, value_of: Callable[[str], Callable[[T], Value]]) -> Callable[[T], bool]:
    """What a ``FilterExpression`` lets through; everything if it is empty.

    Args:
        expression: the protobuf message.
        value_of: for a field name, how to read its value.

    Raises:
        GoogleError: a filter that isn't valid.
    """
    match expression.WhichOneof("expr"):
        case "and_group":
            parts = [predicate(each, value_of) for each in expression.and_group.expressions]
            return lambda item: all(part(item) for part in parts)
        case "or_group":
            parts = [predicate(each, value_of) for each in expression.or_group.expressions]
            return lambda item: any(part(item) for part in parts)
        case "not_expression":
            inner = predicate(expression.not_expression, value_of)
            return lambda item: not inner(item)
        case "filter":
            read, test = value_of(expression.filter.field_name), _test(expression.filter)
            return lambda item: test(read(item))
    return lambda _: True


def _test(each: Any) -> Callable[[Value], bool]:
    match each.WhichOneof("one_filter"):
        case "in_list_filter":
            fold = _fold(each.in_list_filter.case_sensitive)
            wanted = frozenset(map(fold, each.in_list_filter.values))
            return lambda value: fold(str(value)) in wanted
        case "string_filter":
            return _string_test(each.string_filter)
        case "numeric_filter":
            compare = _COMPARISONS.get(each.numeric_filter.operation)
            if compare is None:
                raise GoogleError(400, f"The numericFilter of {each.field_name} has no valid operation.")
            bound = _numeric(each.numeric_filter.value)
            return lambda value: compare(float(value), bound)
        case "between_filter":
            low, high = _numeric(each.between_filter.from_value), _numeric(each.between_filter.to_value)
            return lambda value: low <= float(value) <= high
        case "empty_filter":
            return lambda value: value in _NOT_SET
    raise GoogleError(400, f"The filter of {each.field_name} states no condition.")


def _string_test(each: Any) -> Callable[[Value], bool]:
    fold = _fold(each.case_sensitive)
    wanted = fold(each.value)
    match each.match_type:
        case _Matching.MATCH_TYPE_UNSPECIFIED | _Matching.EXACT:
            return lambda value: fold(str(value)) == wanted
        case _Matching.BEGINS_WITH:
            return lambda value: fold(str(value)).startswith(wanted)
        case _Matching.ENDS_WITH:
            return lambda value: fold(str(value)).endswith(wanted)
        case _Matching.CONTAINS:
            return lambda value: wanted in fold(str(value))
    try:
        pattern = compile_re2(each.value, ignore_case=not each.case_sensitive)
    except ValueError as error:
        raise GoogleError(400, f"The regular expression {each.value} is not valid: {error}") from None
    match = pattern.fullmatch if each.match_type == _Matching.FULL_REGEXP else pattern.search
    return lambda value: match(str(value)) is not None


def _fold(case_sensitive: bool) -> Callable[[str], str]:
    return str if case_sensitive else str.casefold


def _numeric(value: Any) -> Number:
    is_double = value.WhichOneof("one_value") == "double_value"
    return float(value.double_value) if is_double else int(value.int64_value)
