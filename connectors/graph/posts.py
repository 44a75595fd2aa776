"""Reading of posts newest first, to where nothing is of interest any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from connectors.core.window import oldest_wanted

Record = dict[str, Any]


def recent_posts(
    pages: Iterable[list[Record]], moment: str, *, since: datetime | None, start: date | None, zone: str
) -> Iterator[list[Record]]:
    """Pages of posts no older than asked for; the rest of the list isn't read.

    A pinned post may stand first though it is old, so the youngest of a page says how far the list has got.

    Args:
        pages: of the list, newest first.
        moment: key of the moment of publication.
        since: when the oldest was published; None for all.
        start: the first day that the source is to have.
        zone: of that day.
    """
    limit = oldest_wanted(start, since, zone=zone)
    for page in pages:
        published = [datetime.fromisoformat(str(post[moment])) for post in page]
        if limit is None:
            yield page
            continue
        yield [post for post, at in zip(page, published, strict=True) if at >= limit]
        if published and max(published) < limit:
            return
