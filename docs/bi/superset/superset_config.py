"""Superset over the published file of Sanjeh: what differs from Superset's own defaults.

Point ``SUPERSET_CONFIG_PATH`` here, or take :func:`open_published` over into your own configuration.
"""

import os
from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]  # openssl rand -base64 42
SQLALCHEMY_DATABASE_URI = os.environ.get("SUPERSET_METADATA", "sqlite:///superset.db")
ROW_LIMIT = 50_000
SQL_MAX_ROW = 1_000_000
# No cache of chart data: a chart shows the version that is published when it is asked for.
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
ATTEMPTS = 3


def open_published(
    uri: Any,
    params: dict[str, Any],
    *_: object,
) -> tuple[Any, dict[str, Any]]:
    """Every query opens the file that is published at that moment, read-only, in a database of its own.

    Opened by its path as usual, DuckDB hands all connections of a process the same database as long as one of
    them is open: a busy Superset would go on showing the version before. A file that is attached to an
    in-memory database is opened anew each time.
    """
    if uri.drivername == "duckdb" and uri.database and uri.database != ":memory:":
        path = uri.database.replace("'", "''")

        def connect() -> ConnectionWrapper:
            connection = duckdb.connect(":memory:")
            connection.execute("set TimeZone = 'UTC'")
            attach = f"attach '{path}' as kpi (read_only)"
            for _ in range(ATTEMPTS):
                try:
                    connection.execute(attach)
                    break
                except duckdb.IOException:  # replaced in the very moment of opening
                    continue
            else:
                connection.execute(attach)
            connection.execute("use kpi")
            return ConnectionWrapper(connection)

        params["creator"] = connect
        params.pop("connect_args", None)
    return uri, params


DB_CONNECTION_MUTATOR = open_published
