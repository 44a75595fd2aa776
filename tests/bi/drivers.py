"""Other ways into the published file: older DuckDB drivers, ADBC, the command line, Parquet readers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.bi.environments import environment
from tests.bi.refresh import answer

SQL = (
    "select kpi_id, count(*) as rows, max(value) as highest, max(period_start)::varchar as newest "
    "from marts.fct_kpi_monthly group by kpi_id order by kpi_id"
)
WHEELS = ("1.3.2", "1.4.4", "1.5.6")
"""Versions of the DuckDB driver that BI tools in use carry; this repository's own is newer."""
PYTHON = """
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as con:
    print(json.dumps(con.execute(sys.argv[2]).fetchall()))
"""
ADBC = """
import json, sys
import adbc_driver_duckdb, adbc_driver_manager.dbapi as dbapi
options = {"path": sys.argv[1], "access_mode": "READ_ONLY"}
with dbapi.connect(driver=adbc_driver_duckdb.driver_path(), entrypoint="duckdb_adbc_init", db_kwargs=options) as con:
    with con.cursor() as cursor:
        cursor.execute(sys.argv[2])
        table = cursor.fetch_arrow_table()
        print(json.dumps([list(row.values()) for row in table.to_pylist()]))
        try:
            cursor.execute("create table marts.written as select 1")
        except Exception:
            pass
        else:
            raise SystemExit("a write went through")
"""
PANDAS = """
import json, sys
from pathlib import Path
import pandas, polars
root = Path(sys.argv[1])
folder = root / json.loads((root / "current.json").read_text())["folder"]
path = folder / "fct_kpi_monthly.parquet"
frame = pandas.read_parquet(path)
grouped = frame.groupby("kpi_id").agg(rows=("kpi_id", "size"), highest=("value", "max"), newest=("period_start", "max"))
by_pandas = [[k, int(r.rows), None if r.highest != r.highest else r.highest, str(r.newest)[:10]] for k, r in grouped.sort_index().iterrows()]
by_polars = [
    [k, n, v, str(d)]
    for k, n, v, d in polars.scan_parquet(path)
    .group_by("kpi_id").agg(polars.len(), polars.col("value").max(), polars.col("period_start").max())
    .sort("kpi_id").collect().iter_rows()
]
assert by_pandas == by_polars, "pandas and polars differ"
print(json.dumps(by_polars))
"""


def readings(
    published: Path, brand_file: Path, parquet: Path, environments: Path
) -> Iterator[tuple[str, bool, int]]:
    """What each client reads beside what this repository's DuckDB reads: (client, equal, rows)."""
    for path in (published, brand_file):
        expected = [list(row) for row in answer(path, SQL)]
        for wheel in WHEELS:
            binaries = environment(environments / f"duckdb-{wheel}", f"duckdb=={wheel}")
            found = _said(binaries / "python", "-c", PYTHON, str(path), SQL)
            yield f"Python duckdb {wheel}, {path.name}", found == expected, len(expected)
        binaries = environment(
            environments / "adbc", "adbc-driver-manager==1.13.0", "duckdb==1.5.6", "pyarrow>=26,<27"
        )
        found = _said(binaries / "python", "-c", ADBC, str(path), SQL)
        yield f"ADBC 1.13.0, {path.name}", found == expected, len(expected)
        binaries = environment(environments / "cli", "duckdb-cli==1.5.6")
        rows = _said(binaries / "duckdb", "-readonly", "-json", str(path), SQL)
        found = [list(row.values()) for row in rows]
        yield f"duckdb-cli 1.5.6, {path.name}", found == expected, len(expected)
    expected = [list(row) for row in answer(published, SQL)]
    binaries = environment(environments / "frames", "pandas>=3,<4", "polars>=1,<2", "pyarrow>=26,<27")
    found = _said(binaries / "python", "-c", PANDAS, str(parquet))
    yield "pandas and polars, Parquet behind current.json", found == expected, len(expected)


def _said(*command: object) -> list[object]:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{command[0]}: {done.stderr or done.stdout}")
    rows: list[object] = json.loads(done.stdout)
    return rows
