"""Tests of the event-export connector: real Parquet and JSON files, a real raw zone."""
