"""Events in the shape of BigQuery's export, and files of them as BigQuery writes them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Event = dict[str, Any]
VALUE = pa.struct(
    [
        ("string_value", pa.string()),
        ("int_value", pa.int64()),
        ("float_value", pa.float64()),
        ("double_value", pa.float64()),
    ]
)
PARAM = pa.struct([("key", pa.string()), ("value", VALUE)])
CAMPAIGN = pa.struct(
    [
        (name, pa.string())
        for name in ("campaign_id", "campaign_name", "source", "medium", "default_channel_group")
    ]
)
SCHEMA = pa.schema(
    [
        ("event_date", pa.string()),
        ("event_timestamp", pa.int64()),
        ("event_name", pa.string()),
        ("event_params", pa.list_(PARAM)),
        ("event_value_in_usd", pa.float64()),
        ("event_bundle_sequence_id", pa.int64()),
        ("user_id", pa.string()),
        ("user_pseudo_id", pa.string()),
        ("privacy_info", pa.struct([("analytics_storage", pa.string()), ("ads_storage", pa.string())])),
        (
            "device",
            pa.struct([("category", pa.string()), ("web_info", pa.struct([("hostname", pa.string())]))]),
        ),
        ("geo", pa.struct([("country", pa.string())])),
        (
            "collected_traffic_source",
            pa.struct(
                [
                    (name, pa.string())
                    for name in ("manual_source", "manual_medium", "manual_campaign_name", "gclid")
                ]
            ),
        ),
        ("stream_id", pa.string()),
        ("platform", pa.string()),
        (
            "ecommerce",
            pa.struct(
                [
                    ("purchase_revenue", pa.float64()),
                    ("refund_value", pa.float64()),
                    ("transaction_id", pa.string()),
                ]
            ),
        ),
        ("is_active_user", pa.bool_()),
        ("batch_event_index", pa.int64()),
        ("batch_page_id", pa.int64()),
        ("batch_ordering_id", pa.int64()),
        ("session_traffic_source_last_click", pa.struct([("cross_channel_campaign", CAMPAIGN)])),
    ]
)
NOON = 1_793_534_400_000_000
"""2026-11-01 12:00 UTC, in microseconds."""
DAY = 86_400_000_000


def event(*, day: int = 1, params: Mapping[str, Any] | None = None, **columns: Any) -> Event:
    """An event of a day of November 2026; ``params`` by their plain values."""
    return {
        "event_date": f"202611{day:02}",
        "event_timestamp": NOON + (day - 1) * DAY,
        "event_name": "page_view",
        "event_params": [param(key, value) for key, value in (params or {}).items()],
        "user_pseudo_id": "182.17",
        **columns,
    }


def param(key: str, value: Any) -> Event:
    """A parameter whose value is in the field of its type; a mapping stands for itself."""
    if isinstance(value, Mapping):
        return {"key": key, "value": dict(value)}
    field = {str: "string_value", int: "int_value", float: "double_value"}[type(value)]
    return {"key": key, "value": {field: value}}


def parquet(events: Sequence[Event], *, schema: pa.Schema = SCHEMA) -> bytes:
    """A Parquet file of ``events``."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(events), schema=schema), sink, compression="snappy")
    return sink.getvalue().to_pybytes()


def json_lines(events: Sequence[Event], *, packed: bool = False) -> bytes:
    """Newline-delimited JSON of ``events``: 64-bit integers are texts, nulls are left out."""
    lines = "".join(json.dumps(_as_bigquery(each), ensure_ascii=False) + "\n" for each in events).encode()
    return gzip.compress(lines) if packed else lines


def without(schema: pa.Schema, *names: str) -> pa.Schema:
    """``schema`` without some columns."""
    return pa.schema([field for field in schema if field.name not in names])


def _as_bigquery(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_bigquery(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_as_bigquery(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value
