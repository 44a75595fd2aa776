"""What a Spark session is told of a run: the control tables and the raw views of the build file, as files.

In goes a build file that :func:`orchestration.control.prepare_build` wrote, and the raw zone; out comes a
folder with one Parquet file per control table and ``inputs.json``: the columns of each, and for each raw view
its columns and the listed files, by layout. The driver makes schemas ``control`` and ``raw`` from it, so that
both engines see the same rows and the same files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection
from pathlib import Path

import duckdb

from connectors.core.raw_zone import RawZone
from connectors.core.sql import identifier, literal
from connectors.core.views import listed_by_layout
from connectors.registry import STREAMS
from orchestration.control import CALENDAR
from orchestration.control_tables import CONTROL_TABLES


def write_inputs(folder: Path, build_db: Path, zone: RawZone, *, sources: Collection[str]) -> None:
    """(Re)make ``folder``.

    Args:
        folder: on storage that every machine of the cluster sees; whatever is in it goes.
        build_db: the build file, prepared; nobody has it open for writing.
        zone: what has landed.
        sources: ids of the configured sources; files of others are left out, as they are on DuckDB.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "control").mkdir(parents=True)
    with duckdb.connect(str(build_db), read_only=True) as con:
        for table in CONTROL_TABLES:
            path = folder / "control" / f"{table}.parquet"
            con.execute(f"copy control.{identifier(table)} to {literal(str(path))} (format parquet)")
    stored = zone.stored()
    views = [
        {
            "name": stream.view,
            "columns": dict(stream.landed_columns),
            "groups": [
                {"layout": dict(layout), "files": files}
                for layout, files in listed_by_layout(
                    (folder, manifest)
                    for folder, manifest in stored.get((stream.connector, stream.name), [])
                    # The calendar is made here; no source of that name is configured.
                    if stream.connector == CALENDAR or manifest.source in sources
                ).items()
            ],
        }
        for stream in STREAMS.values()
    ]
    contents = {
        "control": {table: dict(columns) for table, columns in CONTROL_TABLES.items()},
        "views": views,
    }
    (folder / "inputs.json").write_text(json.dumps(contents), encoding="utf-8")
