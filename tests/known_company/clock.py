"""When the company's data begin and when its three runs take place."""

from __future__ import annotations

from datetime import UTC, date, datetime

START = date(2024, 1, 1)
"""First day with data (11 Dey 1402); leap day 2024, 30 Esfand 1403, two Nowruz and four changes of Berlin's clocks follow."""
END = date(2025, 12, 31)
"""Last day of exports (10 Dey 1404); APIs go on to the day before a run."""
RUNS = (
    datetime(2025, 10, 2, 6, tzinfo=UTC),
    datetime(2025, 12, 3, 6, tzinfo=UTC),
    datetime(2026, 1, 5, 21, tzinfo=UTC),
)
"""Clocks of the runs: the first load; one with restatements, merges, deletes and late rows; the last, when it is
5 January in Berlin and 6 January in Tehran."""
AS_OF = RUNS[-1]
