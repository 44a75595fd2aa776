"""The clock of the known company: two years of days and the moments of its three landings."""

from datetime import UTC, date, datetime

START = date(2024, 1, 1)
"""First day with data (11 Dey 1402); 2024-02-29 and 30 Esfand 1403 are leap days within."""
END = date(2025, 12, 31)
"""Last day with data (10 Dey 1404)."""
RUNS = (
    datetime(2025, 10, 2, 6, 0, tzinfo=UTC),
    datetime(2025, 12, 3, 6, 0, tzinfo=UTC),
    datetime(2026, 1, 5, 6, 0, tzinfo=UTC),
)
"""First load; corrections, refunds, merges, late rows; last."""
