"""Answers of GA4 reports on the wire: JSON for REST, protobuf for gRPC, of one and the same page.

Rows are rendered once per page and kept, for a benchmark is about the client; what surrounds them is made anew
for each answer. No rows means that neither ``rows`` nor ``rowCount`` is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from google.analytics.data_v1beta.types import RunReportResponse
from google.protobuf import json_format

from tests.fakes.ga4_checks import Range
from tests.fakes.ga4_data import Property, Quality
from tests.fakes.ga4_fields import number
from tests.fakes.ga4_report import Table, TableRow

KIND = "analyticsData#runReport"
_TRUNCATION = "DATA_TRUNCATION_TYPE_"
_Response = RunReportResponse.pb()


class Page:
    """Some rows of a report, rendered when first needed."""

    def __init__(self, rows: Sequence[TableRow]) -> None:
        self.rows = rows

    @cached_property
    def json(self) -> bytes:
        """The member ``rows`` without its name."""
        texts: dict[str, str] = {}
        return f"[{','.join(_row_text(row, texts) for row in self.rows)}]".encode()

    @cached_property
    def message(self) -> bytes:
        """A ``RunReportResponse`` that has rows only."""
        response = _Response()
        for row in self.rows:
            into = response.rows.add()
            for value in row.dimensions:
                into.dimension_values.add(value=value)
            for measured in row.metrics:
                into.metric_values.add(value=number(measured))
        return bytes(response.SerializeToString())


@dataclass(frozen=True, kw_only=True)
class ReportAnswer:
    """One report: a page, and what surrounds it.

    Attributes:
        headers: of the columns.
        page: the rows.
        rest: all members after the rows.
    """

    headers: dict[str, Any]
    page: Page
    rest: Mapping[str, Any]

    def json(self, *, numbers_for_enums: bool) -> Iterator[bytes]:
        """The JSON body in pieces."""
        headers, rest = self.headers, self.rest
        if numbers_for_enums:
            headers, rest = _with_numbers(headers), {**rest, **_with_numbers({"metadata": rest["metadata"]})}
        yield b"{" + _members(headers)
        if self.page.rows:
            yield b',"rows":'
            yield self.page.json
        yield b"," + _members(rest) + b"}"

    def message(self) -> bytes:
        """The serialised ``RunReportResponse``: protobuf merges what stands one after the other."""
        frame = json_format.ParseDict({**self.headers, **self.rest}, _Response())
        return bytes(frame.SerializeToString()) + self.page.message


def answer_of(
    table: Table, page: Page, *, metadata: Mapping[str, Any], quota: Mapping[str, Any] | None
) -> ReportAnswer:
    """The answer that shows ``page`` of ``table``."""
    headers = {
        "dimensionHeaders": [{"name": name} for name in table.dimensions],
        "metricHeaders": [{"name": name, "type": unit} for name, unit in table.metrics],
    }
    aggregates = {
        name: [json.loads(_row_text(row, {})) for row in rows] for name, rows in table.aggregates.items()
    }
    rest: dict[str, Any] = {name: rows for name, rows in aggregates.items() if rows}
    if table.rows:
        rest["rowCount"] = len(table.rows)
    rest["metadata"] = metadata
    if quota is not None:
        rest["propertyQuota"] = quota
    rest["kind"] = KIND
    return ReportAnswer(headers={name: each for name, each in headers.items() if each}, page=page, rest=rest)


def metadata_of(
    data: Property, quality: Quality, ranges: Sequence[Range], *, currency: str, is_empty: bool
) -> dict[str, Any]:
    """``metadata`` of an answer; what is false or empty isn't there."""
    found: dict[str, Any] = {
        "dataLossFromOtherRow": quality.has_other_row,
        "schemaRestrictionResponse": {
            "activeMetricRestrictions": [
                {"metricName": name, "restrictedMetricTypes": [kind]}
                for name, kind in quality.restricted_metrics
            ]
        }
        if quality.restricted_metrics
        else None,
        "currencyCode": currency or data.currency_code,
        "timeZone": data.time_zone,
        "emptyReason": quality.empty_reason if is_empty else "",
        "subjectToThresholding": quality.is_thresholded,
        "samplingMetadatas": [
            {"samplesReadCount": str(quality.sampled[0]), "samplingSpaceSize": str(quality.sampled[1])}
            for _ in ranges
        ]
        if quality.sampled
        else [],
        "dataTruncationReasons": [
            {"dataTruncationType": _truncation_type(kind), "dataTruncationMessage": message}
            for kind, message in quality.truncations
        ],
    }
    return {name: value for name, value in found.items() if value}


def _row_text(row: TableRow, texts: dict[str, str]) -> str:
    parts = []
    if row.dimensions:
        parts.append(f'"dimensionValues":[{",".join(_value_text(value, texts) for value in row.dimensions)}]')
    if row.metrics:
        values = ",".join(f'{{"value":"{number(value)}"}}' for value in row.metrics)
        parts.append(f'"metricValues":[{values}]')
    return "{" + ",".join(parts) + "}"


def _value_text(value: str, texts: dict[str, str]) -> str:
    text = texts.get(value)
    if text is None:
        text = texts[value] = json.dumps({"value": value}, ensure_ascii=False, separators=(",", ":"))
    return text


def _truncation_type(kind: str | int) -> str | int:
    return kind if isinstance(kind, int) else f"{_TRUNCATION}{kind}"


def _members(part: Mapping[str, Any]) -> bytes:
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))[1:-1].encode()


def _with_numbers(part: dict[str, Any]) -> dict[str, Any]:
    message = json_format.ParseDict(part, _Response())
    found: dict[str, Any] = json_format.MessageToDict(message, use_integers_for_enums=True)
    return found
