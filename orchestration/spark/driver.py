"""dbt in a Spark session: the program that the Spark environment runs in place of ``dbt``.

Comes in: the arguments of dbt, and in ``SANJEH_SPARK_INPUTS`` the folder that ``orchestration.spark.inputs``
wrote (control tables as Parquet, the listed files of each raw stream). Goes out: every model as a table of
Parquet files in ``SANJEH_SPARK_TABLES``, which is emptied first. The session is local, or on the cluster that
``SANJEH_SPARK_MASTER`` names; all its machines must see both folders and the raw zone. Runs without the
packages of the pipeline: only dbt, dbt-spark and PySpark. Exits as dbt does.
"""

from __future__ import annotations

import json
import os
import shutil
from functools import reduce
from pathlib import Path
from typing import Any

from dbt.cli.main import cli
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, lit

SETTINGS = {
    # As DuckDB has it: UTC, errors instead of nulls, decimals multiplied and compared with all their digits.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # Else two decimals of 38 digits are compared after the one with more digits behind the point was rounded.
    "spark.sql.legacy.decimal.retainFractionDigitsOnTruncate": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    # Raw views are global temporary views, so that a view holds the very list of files.
    "spark.sql.globalTempDatabase": "raw",
    "spark.sql.catalogImplementation": "in-memory",
    # Hundreds of queries in one JVM: no text of their plans, room for their code.
    "spark.sql.maxPlanStringLength": "1000",
    "spark.sql.ui.explainMode": "simple",
    "spark.driver.extraJavaOptions": "-XX:ReservedCodeCacheSize=512m",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def session(tables: Path) -> SparkSession:
    """The session that dbt-spark finds when it asks for one."""
    threads = os.environ.get("SANJEH_THREADS") or "2"
    master = os.environ.get("SANJEH_SPARK_MASTER") or f"local[{threads}]"
    # The machine's own name may not lead to it; nobody beyond it has to reach the driver of a local session.
    loopback = master.startswith(("local", "spark://127.", "spark://localhost"))
    own = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"} if loopback else {}
    if master.startswith("local"):
        # One task a core and no second planning; Spark's defaults (200 tasks, then merged) are for clusters.
        own |= {
            "spark.sql.shuffle.partitions": threads,
            "spark.sql.adaptive.enabled": "false",
            "spark.driver.memory": "2g",
        }
    given = json.loads(os.environ.get("SANJEH_SPARK_CONF") or "{}")
    builder = SparkSession.builder.appName("sanjeh").master(master)
    builder = builder.config("spark.sql.warehouse.dir", str(tables))
    for name, value in {**SETTINGS, **own, **given}.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def spark_type(duckdb_type: str) -> str:
    """A declared type in Spark's words."""
    return {"VARCHAR": "string", "DOUBLE": "double", "JSON": "string"}.get(duckdb_type.upper(), duckdb_type)


def raw_view(spark: SparkSession, view: dict[str, Any]) -> DataFrame:
    """Rows of the listed files as the declared columns; a column that a file lacks is null."""
    columns: dict[str, str] = view["columns"]
    frames = []
    for group in view["groups"]:
        layout = {name: spark_type(type_) for name, type_ in group["layout"].items()}
        schema = ", ".join(f"`{name}` {type_}" for name, type_ in layout.items())
        frame = spark.read.schema(schema).parquet(*group["files"])
        frames.append(
            frame.select(
                *(
                    (col(f"`{n}`") if n in layout else lit(None)).cast(spark_type(t)).alias(n)
                    for n, t in columns.items()
                )
            )
        )
    if not frames:
        nulls = ", ".join(f"cast(null as {spark_type(t)}) as `{n}`" for n, t in columns.items())
        return spark.sql(f"select {nulls} where false")
    return reduce(DataFrame.unionAll, frames)


def register(spark: SparkSession, inputs: Path) -> None:
    """Schemas ``raw`` and ``control`` as dbt's sources have them."""
    listed = json.loads((inputs / "inputs.json").read_text(encoding="utf-8"))
    for view in listed["views"]:
        raw_view(spark, view).createOrReplaceGlobalTempView(view["name"])
    spark.sql("create database if not exists control")
    for name, columns in listed["control"].items():
        rows = spark.read.parquet(str(inputs / "control" / f"{name}.parquet"))
        declared = rows.select(*(col(f"`{n}`").cast(spark_type(t)).alias(n) for n, t in columns.items()))
        declared.write.saveAsTable(f"control.{name}")


def main() -> None:
    """Session, inputs, dbt."""
    tables = Path(os.environ["SANJEH_SPARK_TABLES"])
    shutil.rmtree(tables, ignore_errors=True)
    spark = session(tables)
    try:
        register(spark, Path(os.environ["SANJEH_SPARK_INPUTS"]))
        cli()
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
