"""Page loops that end: no next page, the same page again, or too many pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from connectors.core.retry import incomplete

T = TypeVar("T")
PAGE_CEILING = 200_000
"""More pages than any source here has; a loop that gets there is not ending."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page, and the token of the next; None on the last."""

    content: T
    next: str | None


def pages(fetch: Callable[[str | None], Page[T]], *, what: str, ceiling: int = PAGE_CEILING) -> Iterator[T]:
    """Content of every page in order.

    Args:
        fetch: the page for a token, the first page for None.
        what: source, stream and request, for the error.
        ceiling: most pages there can be.

    Raises:
        IncompleteError: a token came twice, or the ceiling was reached before the last page.
    """
    seen: set[str] = set()
    token: str | None = None
    for _ in range(ceiling):
        page = fetch(token)
        yield page.content
        token = page.next
        if token is None:
            return
        if token in seen:
            raise incomplete(what, f"The page token {token!r} came twice, so paging would never end.")
        seen.add(token)
    raise incomplete(what, f"There are more than {ceiling:,} pages.")
