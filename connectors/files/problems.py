"""What DuckDB says about a file, in words for the person who has to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from connectors.core.errors import SourceDataError
from connectors.core.storage import disk_problem

_LINE = re.compile(r"CSV Error on Line: (\d+)")
_WIDTH = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns engine errors while ``path`` is read into a SourceDataError; a full disk passes through."""
    try:
        yield
    except (
        duckdb.DataError,
        duckdb.InvalidInputException,
        duckdb.IOException,
        duckdb.OutOfMemoryException,
    ) as error:
        if disk_problem(error):
            raise
        text = str(error)
        found = _LINE.search(text)
        line = int(found[1]) if found else None
        where = f"{path}, line {line}" if line else str(path)
        raise SourceDataError(f"{where}: {_reason(text)}", path=path, line=line) from error


def _reason(text: str) -> str:
    width = _WIDTH.search(text)
    if width:
        return (
            f"the row has {width[2]} fields, but the header has {width[1]}. Check the quotes around fields "
            "that hold the delimiter, and that the file was not cut off."
        )
    if "unicode" in text.lower():
        return (
            "the file is not UTF-8 text. Set `encoding` to what it was written in; Persian exports are often "
            "windows-1256 or utf-16."
        )
    if "quote" in text.lower():
        return (
            "a quoted field does not end. Check the quotes of this line, and that the file was not cut off."
        )
    if "gzip" in text.lower():
        return "the gzip file ends too early. It was cut off: copy it again."
    return f"it can't be read: {text.splitlines()[0]} Export the file again."
