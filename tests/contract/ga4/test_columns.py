"""Rows are cut out of the JSON as Google's own parser would read them."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
import requests
from google.analytics.data_v1beta.types import RunReportResponse
from google.protobuf import json_format

from connectors.core.retry import CallError, Kind
from connectors.ga4.columns import RowCutter, Rows

_ODD = '/پ"\\]}, {"rows":['
_BODY = {
    "dimensionHeaders": [{"name": "date"}, {"name": "pagePath"}],
    "metricHeaders": [{"name": "screenPageViews", "type": "TYPE_INTEGER"}],
    "rows": [
        {"dimensionValues": [{"value": "20261101"}, {"value": _ODD}], "metricValues": [{"value": "4"}]},
        {"dimensionValues": [{"value": "20261101"}, {}], "metricValues": [{"value": "0.413709677419355"}]},
        {"dimensionValues": [{"value": "20261102"}, {"value": "🍎\n"}], "metricValues": [{"value": "4"}]},
    ],
    "rowCount": 3,
    "metadata": {"currencyCode": "IRR", "samplingMetadatas": [{"samplesReadCount": "1"}]},
    "kind": "analyticsData#runReport",
}


def _response(body: str | bytes, status: int = 200) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.raw = BytesIO(body.encode() if isinstance(body, str) else body)
    return response


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(_BODY, separators=(",", ":")),
        json.dumps(_BODY, ensure_ascii=False, indent=2),
        json.dumps(_BODY, ensure_ascii=False, indent="\t") + "\r\n",
        json.dumps(dict(reversed(_BODY.items())), ensure_ascii=False),
    ],
    ids=["tight", "as Google prints", "tabs", "rows amid the rest"],
)
def test_rows_and_the_rest_are_what_google_parses(body: str) -> None:
    cutter = RowCutter()
    rest = json_format.Parse(cutter(_response(body)).content, RunReportResponse.pb()())
    rows, theirs = cutter.taken(), json_format.Parse(body, RunReportResponse.pb()())
    assert rows == Rows.of(theirs)
    assert [column.to_pylist() for column in rows.parts[0].dimensions] == [
        ["20261101", "20261101", "20261102"],
        [_ODD, "", "🍎\n"],
    ]
    theirs.ClearField("rows")
    assert rest == theirs


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_tokens_may_be_torn_apart_anywhere(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    cutter, whole = RowCutter(), RowCutter()
    body = json.dumps(_BODY, ensure_ascii=False, indent=1)
    rest = whole(_response(body)).json()
    monkeypatch.setattr("connectors.ga4.columns._PIECE", size)
    assert cutter(_response(body)).json() == rest
    assert cutter.taken() == whole.taken()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        '{"rows":[{"dimensionValues":[',
        '{"rows":{}}',
        '{"rows":[3]}',
        '{"kind":"x"} {"kind":"y"}',
        b'{"kind":"\xff"}',
        b'{"kind":"\xd9',
    ],
)
def test_what_cannot_be_read_is_tried_again(body: str | bytes) -> None:
    cutter = RowCutter()
    with pytest.raises(CallError, match="an answer that is no report") as caught:
        cutter(_response(body))
    assert caught.value.kind is Kind.RETRY
    assert cutter.taken().count == 0


def test_many_rows_come_in_parts_and_gaps_are_seen() -> None:
    rows = [{"metricValues": [{"value": str(number)}]} for number in range(45_000)]
    cutter = RowCutter()
    cutter(_response(json.dumps({"rows": rows})))
    taken = cutter.taken()
    assert (taken.count, [part.count for part in taken.parts]) == (45_000, [20_000, 20_000, 5_000])
    assert [value for part in taken.parts for value in part.metrics[0].to_pylist()] == [
        str(number) for number in range(45_000)
    ]
    assert not taken.has_gaps
    cutter(_response(json.dumps({"rows": [*rows[:2], {"metricValues": []}]})))
    assert cutter.taken().has_gaps


def test_errors_and_answers_without_rows_have_none() -> None:
    cutter = RowCutter()
    cutter(_response(json.dumps(_BODY), status=429))
    assert cutter.taken().count == 0
    assert cutter(_response('{"kind":"analyticsData#runReport"}')).json() == {
        "kind": "analyticsData#runReport"
    }
    assert cutter.taken().count == 0
