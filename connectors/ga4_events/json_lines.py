"""JSON lines looked at one by one: how many there are, which columns they have, and which one is broken.

The engine reads the rows; it counts lines differently and stops at the first problem, so that a count to
hold against it and a line to name to a person come from here.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from connectors.core.errors import SourceDataError
from connectors.ga4_events.fields import record_paths

_SAMPLE = 1_000
_USER_ID = re.compile(rb'"user_id"\s*:\s*["\d]')


@dataclass(frozen=True)
class Survey:
    """What a file holds: lines that are not blank, top-level keys of the first ones, and user ids or not."""

    rows: int
    columns: tuple[str, ...]
    has_user_ids: bool


@dataclass(frozen=True)
class BadLine:
    """The first line that can't be read; ``line`` counts from 1, blank ones included."""

    line: int
    reason: str


def survey(path: Path, *, is_counted: bool = True) -> Survey:
    """Counts the lines of ``path``; without ``is_counted`` it stops after the first thousand.

    Raises:
        SourceDataError: it can't be read to its end, or is one JSON document instead of lines.
    """
    rows = 0
    columns: dict[str, None] = {}
    has_user_ids = False
    with _lines(path) as lines:
        for line in lines:
            if line.isspace():
                continue
            if rows == 0 and line.lstrip().startswith(b"["):
                raise SourceDataError(
                    f"{path} is one JSON array, not an event per line. Export it as newline-delimited JSON "
                    "(bq extract --destination_format NEWLINE_DELIMITED_JSON); what was stored before is "
                    "unchanged.",
                    path=path,
                    line=1,
                )
            if rows == _SAMPLE and not is_counted:
                break
            rows += 1
            has_user_ids = has_user_ids or _USER_ID.search(line) is not None
            if rows <= _SAMPLE:
                columns |= dict.fromkeys(_keys(line))
    return Survey(rows, tuple(columns), has_user_ids)


def bad_line(path: Path) -> BadLine | None:
    """The first line of ``path`` that is no event of the export; None if all are."""
    try:
        with _lines(path) as lines:
            for number, line in enumerate(lines, start=1):
                reason = None if line.isspace() else _problem(line)
                if reason:
                    return BadLine(number, reason)
    except SourceDataError:
        return None
    return None


def line_of_record(path: Path, record: int) -> int:
    """Line of the ``record``-th line that is not blank, both from 1."""
    with _lines(path) as lines:
        seen = 0
        for number, line in enumerate(lines, start=1):
            seen += not line.isspace()
            if seen == record:
                return number
    return record


@contextmanager
def _lines(path: Path) -> Iterator[IO[bytes]]:
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    try:
        with opened(path, "rb") as lines:
            yield lines  # type: ignore[misc]  # both give bytes
    except (EOFError, zlib.error, OSError) as error:
        raise SourceDataError(
            f"{path} can't be read to its end: {error}. It may have been cut off: copy it again; what was "
            "stored before is unchanged.",
            path=path,
        ) from error


def _keys(line: bytes) -> list[str]:
    try:
        event = json.loads(line)
    except ValueError:
        return []
    return list(event) if isinstance(event, dict) else []


def _problem(line: bytes) -> str | None:
    try:
        event = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return "it is not UTF-8 text"
    except ValueError as error:
        return f"it is no complete JSON object ({error})"
    if not isinstance(event, dict):
        return f"it holds {_kind(event)}, not an event"
    for path in record_paths():
        wrong = _wrong_record(event, path.split("."))
        if wrong:
            return wrong
    params = event.get("event_params") or []
    if not isinstance(params, list) or not all(_is_param(each) for each in params):
        return "event_params is no list of keys and values"
    return None


def _wrong_record(event: dict[str, Any], names: list[str]) -> str | None:
    here: Any = event
    for position, name in enumerate(names):
        if here is None:
            return None
        if not isinstance(here, dict):
            return f"{'.'.join(names[:position])} holds {_kind(here)}, but the export has a record there"
        here = here.get(name)
    return None


def _is_param(param: object) -> bool:
    return isinstance(param, dict) and isinstance(param.get("value") or {}, dict)


def _kind(value: object) -> str:
    return {list: "a list", dict: "a record", str: "a text", bool: "a flag"}.get(
        type(value), "a number or null"
    )
