"""Rows of an answer by column: from gRPC's messages, or cut out of the JSON before Google's client reads it.

That client makes some fifty objects of each row, of which nothing is used: at 250,000 rows a page takes it
most of a minute and over a gigabyte. So a hook of its session takes the rows out of the body and leaves the
rest, headers and metadata, to it; the values are read here, a row at a time.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import requests

_SPACE = re.compile(r"[ \t\r\n]*")
_decode = json.JSONDecoder().raw_decode
_OK = 200


@dataclass
class Rows:
    """Rows of one page; values are text, those of a row one after the other.

    Attributes:
        count: how many rows.
    """

    count: int = 0
    dimensions: list[str] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    def add_message(self, row: Any) -> None:
        """Add a row of a ``RunReportResponse`` message."""
        # Most values of a page are the same few: kept once, a page takes a third of the memory.
        known = self._known.setdefault
        self.count += 1
        self.dimensions += [known(value := each.value, value) for each in row.dimension_values]
        self.metrics += [known(value := each.value, value) for each in row.metric_values]

    def clear(self) -> None:
        """Give the values back; a page would else be kept until the next has come."""
        self.dimensions, self.metrics, self._known = [], [], {}

    def add_json(self, row: Mapping[str, Any]) -> None:
        """Add a row as JSON has it."""
        known = self._known.setdefault
        self.count += 1
        self.dimensions += [
            known(value := each.get("value", ""), value) for each in row.get("dimensionValues", ())
        ]
        self.metrics += [known(value := each.get("value", ""), value) for each in row.get("metricValues", ())]


class RowCutter:
    """A hook for the answers of a session: takes the rows out; one answer at a time in each thread."""

    def __init__(self) -> None:
        self._taken = threading.local()

    def __call__(self, response: requests.Response, **_: Any) -> requests.Response:
        """The response without its rows; one that can't be read stays as it is, for the client to judge."""
        self._taken.rows = Rows()
        if response.status_code != _OK:
            return response
        rows = Rows()
        try:
            rest = _without_rows(response.content.decode(), rows)
        except (ValueError, IndexError, AttributeError):
            return response
        self._taken.rows = rows
        slim = requests.Response()
        slim.status_code, slim.headers = response.status_code, response.headers
        slim.url, slim.request = response.url, response.request
        slim.raw = BytesIO(json.dumps(rest).encode())
        return slim

    def taken(self) -> Rows:
        """Rows of this thread's last answer."""
        rows: Rows = self._taken.rows
        self._taken.rows = Rows()
        return rows


def _without_rows(text: str, rows: Rows) -> dict[str, Any]:
    """The members of the JSON object ``text`` but ``rows``, which are added to ``rows`` one by one."""
    rest: dict[str, Any] = {}
    at = _past(text, 0, "{")
    while text[at] != "}":
        name, at = _decode(text, at)
        at = _past(text, at, ":")
        if name == "rows":
            at = _past(text, at, "[")
            while text[at] != "]":
                row, at = _decode(text, at)
                rows.add_json(row)
                at = _past(text, at, ",")
            at += 1
        else:
            rest[name], at = _decode(text, at)
        at = _past(text, at, ",")
    if text[at + 1 :].strip():
        raise ValueError("there is more than one JSON value")
    return rest


def _past(text: str, at: int, mark: str) -> int:
    """The place of the next token after a ``mark``; a comma may be missing, since the last has none."""
    at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing as well
    if text[at] == mark:
        return _SPACE.match(text, at + 1).end()  # type: ignore[union-attr]
    if mark != ",":
        raise ValueError(f"no {mark} where it belongs")
    return at
