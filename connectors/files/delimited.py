"""CSV and TSV: DuckDB reads the rows, Python only looks at the first lines.

UTF-8 text, plain or gzip, goes straight to DuckDB with an explicit dialect. Any other encoding is first
rewritten as UTF-8, strictly: a byte that is no text stops the file with its line and offset.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from connectors.core.errors import SourceDataError
from connectors.core.sql import literal
from connectors.files.headers import listed
from connectors.files.table import Table

_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 24
_LARGEST_TOLD = 1 << 28
"""Bytes of a gzip file from which on its text may be longer than it can tell."""
_TITLE_LINES = 25
csv.field_size_limit(1 << 24)


@dataclass(frozen=True, kw_only=True)
class TextFile:
    """A text file as DuckDB and Python can read it: UTF-8, plain or gzip.

    Attributes:
        path: the readable file. shown: the user's file, for messages. delimiter: between fields.
    """

    path: Path
    shown: Path
    delimiter: str

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """(last line, fields) of every record that is not blank."""
        with _reading(self.shown), _open(self.path) as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            reader = csv.reader(text, delimiter=self.delimiter)
            for record in reader:
                if record:
                    yield reader.line_num, record


def open_text(path: Path, *, encoding: str | None, delimiter: str | None, temp: Path) -> TextFile:
    """``path`` as UTF-8, rewritten below ``temp`` if it is anything else.

    Raises:
        SourceDataError: empty file, broken gzip, or bytes that are no text of the encoding.
    """
    with _reading(path), _open(path) as raw:
        start = raw.read(_CHUNK)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise SourceDataError(f"{path} is empty. Export it again, or remove it.", path=path)
    if encoding is None and (wide := _wide_encoding(start)):
        raise SourceDataError(
            f"{path} is UTF-16 text without a byte-order mark. Set `encoding: {wide}` for this source, or "
            "export it as UTF-8.",
            path=path,
        )
    from_bom = next((name for bom, name in _BOMS if start.startswith(bom)), None)
    source = from_bom if from_bom and (encoding is None or encoding.startswith("utf-16")) else encoding
    is_wide = (source or "").startswith("utf-16")
    chosen = delimiter or ("\t" if is_wide or ".tsv" in path.suffixes else ",")
    if source in {None, "utf-8", "utf-8-sig"}:
        return TextFile(path=path, shown=path, delimiter=chosen)
    target = temp / f"{path.name}.utf8.csv"
    _rewrite(path, target, encoding=source or "utf-8")
    return TextFile(path=target, shown=path, delimiter=chosen)


def open_delimited(
    file: TextFile, *, header_row: int | None, is_header: Callable[[Sequence[str]], bool] | None
) -> Table:
    """The table of a delimited file.

    Args:
        file: the file.
        header_row: line of the header; None for the first record.
        is_header: tells the header among title lines, where the kind of file has such.

    Raises:
        SourceDataError: no header where it should be, or a header that one other delimiter would split.
    """
    line, header = _find_header(file, header_row=header_row, is_header=is_header)
    if len(header) == 1:
        other = max((d for d in _DELIMITERS if d != file.delimiter), key=header[0].count)
        if header[0].count(other):
            raise SourceDataError(
                f"{file.shown}, line {line}: the header was read as one column, {listed(header)}, because "
                f"fields are split at {_DELIMITERS.get(file.delimiter, file.delimiter)}. A "
                f"{_DELIMITERS[other]} would split it into {header[0].count(other) + 1}: set `delimiter: "
                f"{_DELIMITERS[other]}` for this source.",
                path=file.shown,
                line=line,
            )
    columns = ", ".join(f"{literal(f'c{position}')}: 'VARCHAR'" for position in range(len(header)))
    # The engine would take buffers of sixteen of the longest lines.
    cells = (
        f"read_csv({literal(str(file.path))}, auto_detect = false, all_varchar = true, header = false, "
        f"skip = {line}, delim = {literal(file.delimiter)}, quote = '\"', escape = '\"', strict_mode = true, "
        f"null_padding = false, max_line_size = {_LONGEST_LINE}, buffer_size = {2 * _LONGEST_LINE}, "
        f"columns = {{{columns}}})"
    )

    def lines_of(records: Collection[int]) -> dict[int, int]:
        below = (at for at, _ in file.records() if at > line)
        wanted = set(records)
        return {n: at for n, at in enumerate(below, start=1) if n in wanted}

    return Table(
        tuple(header),
        f"select *, row_number() over () as _line from {cells}",
        lines_of,
        cells_sql=f"select * from {cells}",
        whole=_text_size(file.path),
    )


def _text_size(path: Path) -> int | None:
    """Bytes of text in ``path``: of a gzip file what its last four bytes say, unless that can't be."""
    size = path.stat().st_size
    if path.suffix.lower() != ".gz":
        return size
    with path.open("rb") as raw:
        raw.seek(-4, os.SEEK_END)
        unpacked = int.from_bytes(raw.read(), "little")
    # They count modulo 4 GiB and for the last member alone; text packs at least to nine tenths.
    return unpacked if unpacked * 0.9 >= size and size < _LARGEST_TOLD else None


def _find_header(
    file: TextFile, *, header_row: int | None, is_header: Callable[[Sequence[str]], bool] | None
) -> tuple[int, list[str]]:
    first: tuple[int, list[str]] | None = None
    records = file.records()
    for line, record in islice(records, header_row if header_row else _TITLE_LINES):
        blank = not any(field.strip() for field in record)
        if header_row is not None:
            if line >= header_row:
                return line, record
        elif not blank:
            first = first or (line, record)
            if is_header is None or is_header(record):
                return line, record
    if first is not None:
        return first
    where = f"line {header_row}" if header_row else "the file"
    raise SourceDataError(
        f"{file.shown} has no header: {where} holds no text. Set `header_row` to the line of the header.",
        path=file.shown,
    )


def _wide_encoding(start: bytes) -> str | None:
    """The UTF-16 that text without a byte-order mark is written in: every other byte of its ASCII is zero."""
    sample = start[:200]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    if not any(sample[1::2]) and any(sample):
        return "utf-16-le"
    return "utf-16-be" if not any(sample[0::2]) and any(sample) else None


def _open(path: Path) -> IO[bytes] | gzip.GzipFile:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rb")
    return path.open("rb")


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Says in words what goes wrong while bytes of ``path`` are read and decoded."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SourceDataError(
            f"{path} is no complete gzip file ({error}). It was cut off or is not compressed: copy it again.",
            path=path,
        ) from error
    except UnicodeDecodeError as error:
        raise _not_text(path, "utf-8", _line_of_bad_byte(path, "utf-8")) from error
    except csv.Error as error:
        raise SourceDataError(f"{path} can't be read as a delimited file: {error}.", path=path) from error


def _rewrite(path: Path, target: Path, *, encoding: str) -> None:
    with _reading(path), _open(path) as raw, target.open("w", encoding="utf-8", newline="") as out:
        try:
            text = io.TextIOWrapper(raw, encoding=encoding, errors="strict", newline="")
            while chunk := text.read(_CHUNK):
                out.write(chunk.removeprefix("\ufeff"))
        except UnicodeDecodeError as error:
            raise _not_text(path, encoding, _line_of_bad_byte(path, encoding)) from error


def _line_of_bad_byte(path: Path, encoding: str) -> tuple[int, int]:
    """(line, byte offset) of the first byte that is no text of ``encoding``."""
    with _open(path) as raw:
        data = raw.read()
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        good = data[: error.start].decode(encoding, errors="ignore")
        return good.count("\n") + 1, error.start
    return 1, 0


def _not_text(path: Path, encoding: str, place: tuple[int, int]) -> SourceDataError:
    line, offset = place
    return SourceDataError(
        f"{path}, line {line} (byte {offset}): the file is not {encoding} text. Set `encoding` to what it "
        "was written in; Persian exports are often windows-1256 or utf-16.",
        path=path,
        line=line,
    )
