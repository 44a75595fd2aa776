"""The sides of ``benchmarks.dlt_landing`` that run in dlt's own environment (``dlt_environment``).

Both read the gzip CSV in Python, give the columns the types that our landing gives them, and let one
pipeline write Parquet to a folder: as lists of row dictionaries, which is how most of dlt's sources are
written, and as Arrow tables, which is its fast way. dlt numbers no lines and converts no time zone.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv as arrow_csv

from benchmarks.sides import Prepared, run_side

_PAGE = 10_000
_TEXTS = ("InvoiceNo", "StockCode", "CustomerID", "Country")
_AMOUNTS = ("Quantity", "UnitPrice")
_MOMENT = "InvoiceDate"


def _pipeline(folder: Path) -> Any:
    os.environ.update(
        DLT_DATA_DIR=str(folder / "dlt"), RUNTIME__DLTHUB_TELEMETRY="false", SCHEMA__NAMING="direct"
    )
    import dlt  # noqa: PLC0415 - after its folder is set, and not timed

    return dlt.pipeline(
        pipeline_name="landing",
        pipelines_dir=str(folder / "pipelines"),
        destination=dlt.destinations.filesystem(str(folder / "raw")),
        dataset_name="raw",
    )


def _run(pipeline: Any, data: Any, **how: Any) -> None:
    done = pipeline.run(data, table_name="order_lines", loader_file_format="parquet", **how)
    done.raise_on_failed_jobs()


def row_dictionaries(source: Path, folder: Path) -> Prepared:
    """Pages of dictionaries with typed values."""
    pipeline = _pipeline(folder)
    amount = {"data_type": "decimal", "precision": 18, "scale": 6}
    columns = {
        **{name: {"data_type": "text"} for name in _TEXTS},
        **dict.fromkeys(_AMOUNTS, amount),
        _MOMENT: {"data_type": "timestamp", "timezone": False},
    }

    def pages() -> Iterator[list[dict[str, Any]]]:
        with gzip.open(source, "rt", encoding="utf-8", newline="") as text:
            lines = csv.DictReader(text)
            while page := list(islice(lines, _PAGE)):
                for row in page:
                    row["Quantity"] = Decimal(row["Quantity"])
                    row["UnitPrice"] = Decimal(row["UnitPrice"])
                    row[_MOMENT] = datetime.fromisoformat(row[_MOMENT])
                yield page

    return lambda: _run(pipeline, pages(), columns=columns)


def arrow_tables(source: Path, folder: Path) -> Prepared:
    """Arrow record batches, typed by Arrow's CSV reader."""
    pipeline = _pipeline(folder)
    types = {
        **dict.fromkeys(_TEXTS, pa.string()),
        **dict.fromkeys(_AMOUNTS, pa.decimal128(18, 6)),
        _MOMENT: pa.timestamp("us"),
    }

    def tables() -> Iterator[pa.Table]:
        convert = arrow_csv.ConvertOptions(column_types=types, strings_can_be_null=True)
        with arrow_csv.open_csv(source, convert_options=convert) as batches:
            for batch in batches:
                yield pa.Table.from_batches([batch])

    return lambda: _run(pipeline, tables())


SIDES = {"row_dictionaries": row_dictionaries, "arrow_tables": arrow_tables}

if __name__ == "__main__":
    run_side(SIDES, sys.argv[1:])
