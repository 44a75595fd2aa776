"""Listing: a list of a shop read to its end, with proof that no row slipped between two pages.

WordPress pages by place. A row that leaves the list while it is read moves all behind it one place ahead, and
the first of the next page would never be seen. So each page begins with the last row of the one before, which
must be there still, and the number that came must be the number that the shop counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from connectors.core.errors import PageDriftError
from connectors.core.http import Answer
from connectors.core.paging import PAGE_CEILING
from connectors.core.retry import incomplete

Record = dict[str, Any]


@dataclass(frozen=True)
class Slice:
    """Some rows of a list, and how many the shop counts in all; None where a host strips the header."""

    rows: list[Record]
    total: int | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """What an answer holds; TypeError where it is no list."""
        if not isinstance(answer.json, list):
            raise TypeError("a list of the API is no list")
        total = answer.headers.get("X-WP-Total", "")
        return cls(answer.json, int(total) if total.isdecimal() else None)


@dataclass(frozen=True)
class Listing:
    """One list.

    Attributes:
        fetch: rows from a place on.
        size: rows of a page, two at least.
        is_newest_first: rows come by descending id, else by ascending.
        what: source, stream and request, for errors.
    """

    fetch: Callable[[int], Slice]
    size: int
    is_newest_first: bool
    what: str

    def pages(self) -> Iterator[list[Record]]:
        """Rows, each once.

        Raises:
            PageDriftError: rows moved meanwhile.
            IncompleteError: the end isn't proven.
        """
        seen: list[int] = []
        for _ in range(PAGE_CEILING):
            place = max(len(seen) - 1, 0)
            page = self.fetch(place)
            if page.total is None:
                raise incomplete(
                    self.what,
                    "The header X-WP-Total is missing, by which a list is known to be whole; a cache or "
                    "firewall of the host strips it.",
                )
            rows = self._behind(seen, page)
            yield rows
            seen += [int(row["id"]) for row in rows]
            if len(seen) >= page.total:
                self._require_end(seen, page.total)
                return
            if not rows:
                raise incomplete(self.what, f"{len(seen):,} of {page.total:,} rows came.")
        raise incomplete(self.what, f"There are more than {PAGE_CEILING:,} pages.")

    def _behind(self, seen: list[int], page: Slice) -> list[Record]:
        """Rows of ``page`` that are new; its first is the last one that was seen."""
        ids = [int(row["id"]) for row in page.rows]
        if len(ids) > self.size:
            raise incomplete(self.what, f"{len(ids)} rows came where {self.size} were asked for.")
        if seen:
            if ids[:1] != seen[-1:]:
                raise self._moved(f"row {seen[-1]} isn't where it was")
            ids = ids[1:]
        around = [*seen[-1:], *ids][:: -1 if self.is_newest_first else 1]
        if any(following <= before for before, following in pairwise(around)):
            raise incomplete(self.what, "The rows don't come in the order of their ids.")
        return page.rows[len(page.rows) - len(ids) :]

    def _require_end(self, seen: list[int], total: int) -> None:
        if len(seen) != total or len(set(seen)) != total:
            raise self._moved(f"{len(set(seen)):,} rows came and {total:,} are counted")

    def _moved(self, why: str) -> PageDriftError:
        return PageDriftError(
            f"{self.what}: {why}, so the list changed while it was read and the answer is not proven to be "
            "whole. Nothing of it was stored, what was stored before is intact; run again. If it stays so, "
            "report it with this message."
        )
