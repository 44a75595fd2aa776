"""How much of a period is loaded, for what must not be read as a whole one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

Row = Mapping[str, Any]
NOWHERE = frozenset({"(unreconciled)", "(rest)", "(not set)", "(none)", "all"})
"""Segments that are no place: nobody can look into them."""


def days_in(row: Row) -> int:
    """Days of the row's period."""
    return int((row["period_end"] - row["period_start"]).days)


def days_loaded(row: Row) -> int:
    """Days of the row's period that are loaded."""
    if row.get("days_loaded") is not None:
        return int(row["days_loaded"])
    return int((row["loaded_through"] - row["period_start"]).days) + 1


def ends_early(row: Row) -> bool:
    """Whether the row's data end before its period does."""
    if row.get("loaded_through") is None:
        return False
    is_short = row["loaded_through"] < row["period_end"] - timedelta(days=1)
    return bool(is_short and days_loaded(row) < days_in(row))
