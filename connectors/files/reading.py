"""Opening one file as tables, by its format; the layouts build on it.

In: a file, the configuration and the landing's connection. Out: tables. A format is known by the ending of
the name.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.core.errors import SourceDataError
from connectors.files.config import FileSourceConfig
from connectors.files.delimited import open_delimited, open_text
from connectors.files.structured import open_json, open_parquet, open_workbook
from connectors.files.table import Table

_TEXT = {".csv", ".tsv", ".txt"}
_JSON = {".json", ".ndjson", ".jsonl"}
_WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
_LARGEST_MEMBER = 1 << 32


@dataclass(frozen=True)
class Reader:
    """Opens files of one source; ``con`` only looks at them, rewritten copies go below ``temp``."""

    con: duckdb.DuckDBPyConnection
    config: FileSourceConfig
    temp: Path

    def table(self, path: Path, *, is_header: Callable[[Sequence[str]], bool] | None = None) -> Table:
        """The one table of ``path``.

        Raises:
            SourceDataError: an unknown ending, or a file that is not what its ending says.
        """
        kind = format_of(path)
        if kind in _TEXT:
            text = open_text(
                path, encoding=self.config.encoding, delimiter=self.config.delimiter, temp=self.temp
            )
            return open_delimited(text, header_row=self.config.header_row, is_header=is_header)
        if kind in _WORKBOOKS:
            return open_workbook(
                path,
                sheet=self.config.sheet,
                header_row=self.config.header_row,
                is_header=is_header,
            )
        if kind in _JSON:
            return open_json(self.con, path)
        if kind == ".parquet":
            return open_parquet(self.con, path)
        raise SourceDataError(
            f"{path}: files that end in {path.suffix or 'nothing'} can't be read. Use .csv, .tsv (also "
            ".gz), .xlsx, .json, .ndjson or .parquet, or narrow the source's `path`.",
            path=path,
        )

    def unpacked(self, path: Path) -> dict[str, Path]:
        """Members of a zip, unpacked: name -> path, in the archive's order.

        Raises:
            SourceDataError: no zip, or a damaged one.
        """
        folder = self.temp / f"{path.name}.d"
        folder.mkdir(exist_ok=True)
        members: dict[str, Path] = {}
        try:
            with zipfile.ZipFile(path) as archive:
                for number, member in enumerate(archive.infolist()):
                    if member.is_dir() or member.file_size > _LARGEST_MEMBER:
                        continue
                    target = folder / f"{number}{Path(member.filename).suffix}"
                    target.write_bytes(archive.read(member))
                    members[member.filename] = target
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise SourceDataError(
                f"{path} is no complete zip archive ({error}). Export it again.", path=path
            ) from error
        return members


def format_of(path: Path) -> str:
    """The ending that says how a file is read (``.csv`` for ``a.csv.gz``)."""
    endings = [ending.lower() for ending in path.suffixes]
    if endings[-1:] == [".gz"]:
        endings.pop()
    return endings[-1] if endings else ""
