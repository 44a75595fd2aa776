"""GAQL: questions in Google Ads' query language, read and refused as Google does, by the fields that it has here.

``SELECT fields FROM resource [WHERE conditions] [LIMIT n]``; conditions are a range of days and equality.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from tests.fakes.google_ads_errors import query_error

FIELDS: Final[Mapping[str, str]] = {
    "customer.id": "int64",
    "customer.descriptive_name": "string",
    "customer.currency_code": "string",
    "customer.time_zone": "string",
    "customer.manager": "bool",
    "customer.status": "enum",
    "customer.test_account": "bool",
    "customer.auto_tagging_enabled": "bool",
    "customer_client.id": "int64",
    "customer_client.descriptive_name": "string",
    "customer_client.manager": "bool",
    "campaign.id": "int64",
    "campaign.name": "string",
    "campaign.status": "enum",
    "campaign.advertising_channel_type": "enum",
    "ad_group.id": "int64",
    "ad_group.name": "string",
    "ad_group.status": "enum",
    "ad_group.type": "enum",
    "ad_group_ad.status": "enum",
    "ad_group_ad.ad.id": "int64",
    "ad_group_ad.ad.name": "string",
    "ad_group_ad.ad.type": "enum",
    "conversion_action.id": "int64",
    "conversion_action.name": "string",
    "conversion_action.status": "enum",
    "conversion_action.type": "enum",
    "conversion_action.category": "enum",
    "conversion_action.counting_type": "enum",
    "conversion_action.primary_for_goal": "bool",
    "conversion_action.include_in_conversions_metric": "bool",
    "conversion_action.click_through_lookback_window_days": "int64",
    "conversion_action.view_through_lookback_window_days": "int64",
    "conversion_action.attribution_model_settings.attribution_model": "enum",
    "segments.date": "string",
    "segments.conversion_action": "string",
    "segments.conversion_action_name": "string",
    "metrics.impressions": "int64",
    "metrics.clicks": "int64",
    "metrics.cost_micros": "int64",
    "metrics.conversions": "double",
    "metrics.conversions_value": "double",
}
"""Type by field."""
_ATTRIBUTED: Mapping[str, frozenset[str]] = {
    "customer": frozenset({"customer"}),
    "customer_client": frozenset({"customer", "customer_client"}),
    "campaign": frozenset({"customer", "campaign"}),
    "ad_group": frozenset({"customer", "campaign", "ad_group"}),
    "ad_group_ad": frozenset({"customer", "campaign", "ad_group", "ad_group_ad"}),
    "conversion_action": frozenset({"customer", "conversion_action"}),
}
"""Resources whose fields may be selected beside those of a resource."""
MEASURED = frozenset({"customer", "campaign", "ad_group", "ad_group_ad"})
"""Resources that have metrics."""
_OF_ACTIONS = frozenset({"metrics.conversions", "metrics.conversions_value"})
"""Metrics that may be split by conversion action."""
_QUERY = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<resource>\w+)"
    r"(?:\s+WHERE\s+(?P<where>.+?))?(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.DOTALL,
)
_RANGE = re.compile(r"segments\.date\s+BETWEEN\s+'([\d-]+)'\s+AND\s+'([\d-]+)'(?:\s+AND\s+)?")
_EQUALS = re.compile(r"([\w.]+)\s*=\s*(TRUE|FALSE|\d+|'[^']*')")


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question that Google would answer.

    Attributes:
        days: first and last, both inside; None where it is no matter of days.
        equals: values by field, as written.
    """

    fields: tuple[str, ...]
    resource: str
    days: tuple[date, date] | None
    equals: Mapping[str, str]
    limit: int | None

    @property
    def is_segmented(self) -> bool:
        """Rows without any metric are then left out."""
        return any(field.startswith("segments.") for field in self.fields)

    @property
    def metrics(self) -> Sequence[str]:
        """The metrics that are selected."""
        return [field for field in self.fields if field.startswith("metrics.")]


def query_of(body: Any) -> Query:
    """The question of a request's body.

    Raises:
        GoogleError: as Google refuses it.
    """
    text = body.get("query") if isinstance(body, dict) else None
    found = _QUERY.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise query_error("UNEXPECTED_INPUT", "Error in query: unexpected input.")
    resource = found["resource"]
    if resource not in _ATTRIBUTED:
        raise query_error(
            "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", f"Error in query: unknown resource {resource!r}."
        )
    fields = tuple(part.strip() for part in found["fields"].split(","))
    days, rest = _days_in(found["where"] or "")
    equals = _equals_in(rest)
    for field in (*fields, *equals):
        _require_field(field, resource)
    query = Query(
        fields=fields,
        resource=resource,
        days=days,
        equals=equals,
        limit=int(found["limit"]) if found["limit"] else None,
    )
    _require_together(query)
    return query


def _days_in(where: str) -> tuple[tuple[date, date] | None, str]:
    found = _RANGE.search(where)
    if found is None:
        return None, where
    try:
        first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    except ValueError:
        raise query_error("INVALID_DATE_FORMAT", f"Error in query: {found[0]} is no range of days.") from None
    if last < first:
        raise query_error("DATE_RANGE_TOO_NARROW", f"Error in query: {last} lies before {first}.")
    return (first, last), where[: found.start()] + where[found.end() :]


def _equals_in(where: str) -> dict[str, str]:
    equals = {}
    for part in re.split(r"\s+AND\s+", where.strip()) if where.strip() else ():
        found = _EQUALS.fullmatch(part)
        if found is None:
            raise query_error("UNEXPECTED_INPUT", f"Error in WHERE clause: {part!r}.")
        equals[found[1]] = found[2].strip("'")
    return equals


def _require_field(field: str, resource: str) -> None:
    if field not in FIELDS:
        raise query_error("UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{field}'.")
    prefix = field.split(".", 1)[0]
    if prefix == "metrics" and resource not in MEASURED:
        raise query_error(
            "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE", f"'{field}' isn't selectable with {resource}."
        )
    if prefix == "segments" and resource not in MEASURED:
        raise query_error(
            "PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE", f"'{field}' isn't selectable with {resource}."
        )
    if prefix not in {"metrics", "segments"} and prefix not in _ATTRIBUTED[resource]:
        raise query_error(
            "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE", f"'{field}' isn't selectable with {resource}."
        )


def _require_together(query: Query) -> None:
    if "segments.date" in query.fields and query.days is None:
        raise query_error(
            "EXPECTED_FILTERS_ON_DATE_RANGE", "segments.date in SELECT needs a finite range of days in WHERE."
        )
    by_action = any(field.startswith("segments.conversion_action") for field in query.fields)
    strange = set(query.metrics) - _OF_ACTIONS
    if by_action and strange:
        raise query_error(
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select {', '.join(sorted(strange))} beside segments.conversion_action.",
        )
