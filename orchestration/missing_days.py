"""Missing days as unbroken runs: rows of ``marts.fct_missing_days`` in, first and last days out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from orchestration.published_reader import Rows


def runs_of_days(missing: Iterable[Mapping[str, Any]], *, of: Sequence[str]) -> Rows:
    """Unbroken runs with ``first_day`` and ``last_day``, those that are overdue apart from the others.

    Args:
        missing: rows with ``missing_date`` and ``is_overdue``, sorted by the columns ``of``, then by day.
        of: columns that say whose day it is; they stand in the runs too.
    """
    runs: Rows = []
    for each in missing:
        day, last = each["missing_date"], runs[-1] if runs else None
        same = last is not None and all(last[name] == each[name] for name in (*of, "is_overdue"))
        if last is not None and same and last["last_day"] + timedelta(days=1) == day:
            last["last_day"] = day
        else:
            whose = {name: each[name] for name in of}
            runs.append({**whose, "first_day": day, "last_day": day, "is_overdue": each["is_overdue"]})
    return runs
