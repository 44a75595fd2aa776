"""Feeds of several measures at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tests.known_company.oracle.feeds import Feed


def feeds(
    source_id: str,
    measures: Iterable[str],
    spans: Iterable[tuple[date, date]],
    *,
    expect: str = "daily",
    expect_until: date | None = None,
    usable_after_days: int = 0,
    final_after_days: int = 0,
) -> list[Feed]:
    """One :class:`Feed` for each of ``measures``."""
    loaded = tuple(sorted(set(spans)))
    return [
        Feed(
            source_id=source_id,
            measure=measure,
            spans=loaded,
            expect=expect,
            expect_until=expect_until,
            usable_after_days=usable_after_days,
            final_after_days=final_after_days,
        )
        for measure in measures
    ]
