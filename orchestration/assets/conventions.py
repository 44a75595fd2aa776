"""What all assets share: owner, groups, keys."""

from __future__ import annotations

import dagster as dg

OWNERS = ["team:data"]
RAW_GROUP = "raw"
PUBLISHED_GROUP = "published"
OPERATIONS_GROUP = "operations"
DUCKDB_WRITER = "duckdb_writer"
"""Pool of everything that writes the build database."""

CONTROL_INPUTS = dg.AssetKey(["control", "inputs"])
PUBLISHED_KPI = dg.AssetKey(["published", "kpi"])
REPORT = dg.AssetKey(["published", "report"])
ALERTS = dg.AssetKey(["published", "alerts"])
RUN_OUTCOME = dg.AssetKey(["operations", "run_outcome"])
