"""What Spark built, in the build file: the marts as tables of DuckDB, under the types of their contracts.

In go the folder of Spark's tables and the parsed dbt project; out comes schema ``marts`` of the build file as
dbt would have made it on DuckDB, so that everything behind it (publishing, ledger, reports, alerts) is one
path. The build file is marked: a later run on DuckDB begins anew, because the layers before the marts are
Spark's. A mart that Spark didn't leave is a :class:`WorkspaceError`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from connectors.core.sql import identifier, literal
from orchestration.errors import WorkspaceError

MARK = "built_by_spark"
"""Table of schema control that says who built the marts."""


def contracts(manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Type by column of each mart, in the order of its contract; from the content of ``manifest.json``."""
    return {
        node["name"]: {name: column["data_type"] for name, column in node["columns"].items()}
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }


def load_marts(build_db: Path, tables: Path, marts: Mapping[str, Mapping[str, str]]) -> None:
    """(Re)make schema ``marts`` of the build file in one transaction.

    Args:
        build_db: prepared for this run.
        tables: Spark's warehouse folder.
        marts: type by column, by mart.
    """
    with duckdb.connect(str(build_db)) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute("begin")
        con.execute("create schema if not exists marts")
        for mart, columns in marts.items():
            folder = tables / "marts.db" / mart
            if not any(folder.glob("*.parquet")):
                raise WorkspaceError(
                    f"Spark left no table {mart} in {folder}, so nothing was published. If Spark runs on "
                    "other machines, SANJEH_SPARK_DIR has to name a folder that they and this one share."
                )
            casts = ", ".join(
                f"cast({identifier(name)} as {type_}) as {identifier(name)}"
                for name, type_ in columns.items()
            )
            con.execute(
                f"create or replace table marts.{identifier(mart)} as select {casts} "
                f"from read_parquet({literal(str(folder / '*.parquet'))}, hive_partitioning = false)"
            )
        con.execute(f"create or replace table control.{MARK} as select true as is_built_by_spark")
        con.execute("commit")


def is_built_by_spark(build_db: Path) -> bool:
    """Whether the marts of a build file that can be opened are Spark's."""
    with duckdb.connect(str(build_db), read_only=True) as con:
        found = con.execute(
            "select count(*) from duckdb_tables() where schema_name = 'control' and table_name = ?", [MARK]
        ).fetchone()
    return bool(found and found[0])
