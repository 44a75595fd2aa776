"""Rows of an answer by column: from gRPC's messages, or cut out of the JSON before Google's client reads it.

That client makes some fifty objects of each row, of which nothing is used: at 250,000 rows a page takes it
most of a minute and over a gigabyte. So a hook of its session takes the rows out of the body while it arrives
and leaves the rest, headers and metadata, to the client. Values are kept in Arrow, a tenth of their size as
Python's texts.
"""

from __future__ import annotations

import json
import re
import threading
from codecs import getincrementaldecoder
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pyarrow as pa
import requests

from connectors.core.retry import CallError, Kind

_PART = 20_000
"""Rows that are handed on at once; some such parts are in memory as texts."""
_PIECE = 1 << 20
_SPACE = re.compile(r"[ \t\r\n]*")
_decode = json.JSONDecoder().raw_decode
_OK = 200


@dataclass(frozen=True)
class Values:
    """Some rows by column.

    Attributes:
        count: how many rows. dimensions, metrics: a text column each.
    """

    count: int
    dimensions: list[pa.Array]
    metrics: list[pa.Array]


@dataclass
class Rows:
    """Rows of one page.

    Attributes:
        count: how many. parts: their values; no part where there are none.
        has_gaps: rows had different numbers of values.
    """

    count: int = 0
    parts: list[Values] = field(default_factory=list)
    has_gaps: bool = False

    @classmethod
    def of(cls, message: Any) -> Rows:
        """The rows of a ``RunReportResponse`` message."""
        rows = cls()
        for first in range(0, len(message.rows), _PART):
            some = message.rows[first : first + _PART]
            rows.add(
                len(some),
                [each.value for row in some for each in row.dimension_values],
                [each.value for row in some for each in row.metric_values],
            )
        return rows

    def add(self, count: int, dimensions: list[str], metrics: list[str]) -> None:
        """Add ``count`` rows, whose values stand one after the other."""
        self.has_gaps |= bool(len(dimensions) % count or len(metrics) % count)
        self.count += count
        self.parts.append(Values(count, _columns(dimensions, count), _columns(metrics, count)))


def _columns(values: list[str], count: int) -> list[pa.Array]:
    width = len(values) // count
    return [pa.array(values[place::width], pa.string()) for place in range(width)]


class RowCutter:
    """A hook for the answers of a session: takes the rows out; one answer at a time in each thread."""

    def __init__(self) -> None:
        self._taken = threading.local()

    def __call__(self, response: requests.Response, **_: Any) -> requests.Response:
        """The response without its rows; an error stays as it is, for the client to judge.

        Raises:
            CallError: the body is no JSON object.
        """
        self._taken.rows = Rows()
        if response.status_code != _OK:
            return response
        body = _Body(response)
        try:
            rest, self._taken.rows = _cut(body)
        except (ValueError, AttributeError) as error:
            response.close()
            said = f"an answer that is no report: {error}; it begins {body.beginning!r}"
            raise CallError(Kind.RETRY, said) from None
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


def _cut(body: _Body) -> tuple[dict[str, Any], Rows]:
    """The members of the JSON object but ``rows``, and these."""
    rest: dict[str, Any] = {}
    rows = Rows()
    body.take("{")
    while not body.takes("}"):
        name = body.value()
        body.take(":")
        if name == "rows":
            _read_rows(body, rows)
        else:
            rest[name] = body.value()
        body.takes(",")
    body.require_end()
    return rest, rows


def _read_rows(body: _Body, rows: Rows) -> None:
    count, dimensions, metrics = 0, list[str](), list[str]()
    body.take("[")
    while not body.takes("]"):
        row = body.value()
        dimensions += [each.get("value", "") for each in row.get("dimensionValues", ())]
        metrics += [each.get("value", "") for each in row.get("metricValues", ())]
        body.takes(",")
        count += 1
        if count == _PART:
            rows.add(count, dimensions, metrics)
            count, dimensions, metrics = 0, [], []
    if count:
        rows.add(count, dimensions, metrics)


class _Body:
    """JSON text that arrives piece by piece, read token by token; a missing comma isn't missed."""

    def __init__(self, response: requests.Response) -> None:
        self._pieces = response.iter_content(_PIECE)
        self._decoder = getincrementaldecoder("utf-8")()
        self._text = ""
        self._at = 0
        self._is_whole = False
        self.beginning = ""

    def value(self) -> Any:
        """The next value; one that ends where the text does may go on."""
        self._skip()
        while True:
            try:
                value, end = _decode(self._text, self._at)
            except ValueError:
                if not self._more():
                    raise
                continue
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def takes(self, mark: str) -> bool:
        """Whether ``mark`` is next; then it is taken."""
        self._skip()
        if self._text[self._at : self._at + 1] != mark:
            return False
        self._at += 1
        return True

    def take(self, mark: str) -> None:
        """Take ``mark``, which must be next."""
        if not self.takes(mark):
            raise ValueError(f"{mark} isn't where it belongs")

    def require_end(self) -> None:
        """See that nothing is left."""
        self._skip()
        if self._at < len(self._text):
            raise ValueError("something follows the JSON value")

    def _skip(self) -> None:
        """Go to the next token, if there is one."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]  # it always matches
            if self._at < len(self._text) or not self._more():
                return

    def _more(self) -> bool:
        """Read on; False where nothing is left."""
        if self._is_whole:
            return False
        piece = next(self._pieces, None)
        self._is_whole = piece is None
        self._text = self._text[self._at :] + self._decoder.decode(piece or b"", final=self._is_whole)
        self._at = 0
        self.beginning = self.beginning or " ".join(self._text[:200].split())
        return True
