"""What a file's path says of its table, its export and its property."""

from __future__ import annotations

from datetime import date
from pathlib import PurePosixPath

import pytest

from connectors.ga4_events.tables import Export, TableKind, export_of, property_of

DAY = date(2026, 11, 1)
DAILY, FRESH, INTRADAY = TableKind.DAILY, TableKind.FRESH, TableKind.INTRADAY


@pytest.mark.parametrize(
    ("path", "export"),
    [
        ("a/events_20261101.parquet", Export(DAY, DAILY, "a", "")),
        ("a/events_20261101.json.gz", Export(DAY, DAILY, "a", "")),
        ("a/events_20261101-000000000003.parquet", Export(DAY, DAILY, "a", "#")),
        ("a/events_20261101000000000003.parquet", Export(DAY, DAILY, "a", "#")),
        ("a/events_20261101_part-0007.parquet", Export(DAY, DAILY, "a", "#")),
        ("a/events_20261101-3-of-5.parquet", Export(DAY, DAILY, "a", "#")),
        ("a/events_20261101 (1).parquet", Export(DAY, DAILY, "a", " (1)")),
        ("a/ga4_events_20261101.parquet", Export(DAY, DAILY, "a", "ga4_")),
        ("a/EVENTS_INTRADAY_20261101.jsonl", Export(DAY, INTRADAY, "a", "")),
        ("a/events_fresh_20261101.jsonl", Export(DAY, FRESH, "a", "")),
        ("a/events_20261101/x/part-00000-ab.snappy.parquet", Export(DAY, DAILY, "a/events_20261101/x", "")),
        ("a/events_intraday_20261101/0.parquet", Export(DAY, INTRADAY, "a/events_intraday_20261101", "")),
        ("a/event_date=20261101/0.parquet", Export(DAY, DAILY, "a/event_date=20261101", "")),
        (
            "events_fresh/event_date=2026-11-01/0.parquet",
            Export(DAY, FRESH, "events_fresh/event_date=2026-11-01", ""),
        ),
        ("a/dump-2026-11-05.jsonl", Export(None, DAILY, "a", "dump-2026-11-05")),
        ("a/dump-000000000000.jsonl", Export(None, DAILY, "a", "dump#")),
        ("a/events_20261399.parquet", Export(None, DAILY, "a", "events_20261399")),
        ("a/pseudonymous_users_20261101.parquet", Export(None, DAILY, "a", "pseudonymous_users_20261101")),
        ("a/myevents_20261101.parquet", Export(None, DAILY, "a", "myevents_20261101")),
    ],
)
def test_a_path_says_what_export_a_file_is_part_of(path: str, export: Export) -> None:
    assert export_of(PurePosixPath(path)) == export


def test_daily_is_the_best_kind() -> None:
    assert sorted(TableKind, key=lambda kind: kind.rank) == [INTRADAY, FRESH, DAILY]


@pytest.mark.parametrize(
    ("path", "property_id"),
    [
        ("exports/analytics_4711/events_20261101.parquet", "4711"),
        ("exports/analytics_4711.events_20261101.parquet", "4711"),
        ("exports/webanalytics_4711/events_20261101.parquet", None),
        ("exports/events_20261101.parquet", None),
    ],
)
def test_the_data_set_names_the_property(path: str, property_id: str | None) -> None:
    assert property_of(PurePosixPath(path)) == property_id
