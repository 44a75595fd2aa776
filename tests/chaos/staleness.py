"""Which days are overdue and which KPI values are therefore ``stale``: told from the manifests in plain Python.

The rule is docs/apis.md's: a KPI is stale once a day of a source behind it is overdue, and not before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from connectors.core.raw_zone import RawZone
from orchestration.settings import Settings
from orchestration.source_settings import ExpectKind

_DAY = timedelta(days=1)
_CARRIED = timedelta(days=7)
"""A count of a moment holds for so long."""
_INPUTS = """
select distinct i.brand_id, i.kpi_id, i.measure, i.source_id, i.connector, i.stream, i.usable_after_days,
    i.additivity = 'semi_additive', b.as_of_date
from marts.dim_kpi_inputs i inner join marts.dim_brand b using (brand_id)
"""
_VALUES = " union all ".join(
    f"select '{grain}', brand_id, kpi_id, period_start, period_end, status, days_loaded "
    f"from marts.fct_kpi_{grain} where segment_type = 'overall'"
    for grain in ("daily", "weekly", "monthly", "quarterly")
)
_SHOWN = 5
Fed = tuple[str, str]
"""Source and measure."""


@dataclass(frozen=True, kw_only=True)
class _Input:
    brand_id: str
    kpi_id: str
    measure: str
    source_id: str
    stream_id: str
    usable_after: timedelta
    is_carried: bool
    as_of: date


def wrong_statuses(
    published: duckdb.DuckDBPyConnection, zone: RawZone, settings: Settings, *, troubled: frozenset[str]
) -> tuple[list[str], set[str]]:
    """What the published file says wrongly of missing days; and the sources that have overdue ones.

    Args:
        published: the published file.
        zone: the raw zone that it was built from.
        settings: of the workspace.
        troubled: sources that failed in any run so far: only counts of theirs may be too old.
    """
    inputs = [
        _Input(
            brand_id=brand_id,
            kpi_id=kpi_id,
            measure=measure,
            source_id=source_id,
            stream_id=f"{connector}/{stream}",
            usable_after=timedelta(days=usable_after),
            is_carried=is_carried,
            as_of=as_of,
        )
        for brand_id, kpi_id, measure, source_id, connector, stream, usable_after, is_carried, as_of in (
            published.execute(_INPUTS).fetchall()
        )
    ]
    windows = _windows(zone)
    loaded: dict[Fed, set[date]] = defaultdict(set)
    for each in inputs:
        carried = _CARRIED if each.is_carried else timedelta(0)
        for start, end in windows.get((each.source_id, each.stream_id), ()):
            loaded[each.source_id, each.measure] |= _days(start, min(end + carried, each.as_of + _DAY))
    overdue = {
        (each.source_id, each.measure): _overdue(each, loaded[each.source_id, each.measure], settings)
        for each in inputs
    }
    rows = published.execute(
        "select source_id, measure, missing_date from marts.fct_missing_days where is_overdue"
    ).fetchall()
    # A measure may feed no KPI, as for want of its denominator.
    said = _compared({tuple(row) for row in rows if tuple(row[:2]) in overdue}, overdue)
    said += _wrong_values(published, inputs, loaded, overdue, troubled)
    return said, {source_id for (source_id, _), days in overdue.items() if days}


def _windows(zone: RawZone) -> Mapping[tuple[str, str], list[tuple[date, date]]]:
    found: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
    for row in zone.slices():
        if row.window_start and row.window_end:
            found[row.source, f"{row.connector}/{row.stream}"].append((row.window_start, row.window_end))
    return found


def _days(start: date, end: date) -> set[date]:
    return {start + timedelta(days=n) for n in range((end - start).days)}


def _overdue(each: _Input, loaded: set[date], settings: Settings) -> set[date]:
    """Days since the first that landed, old enough to be there, that aren't."""
    if settings.sources[each.source_id].expect.kind is not ExpectKind.DAILY or not loaded:
        return set()
    return _days(min(loaded), each.as_of - each.usable_after) - loaded


def _compared(published: set[Any], overdue: Mapping[Fed, set[date]]) -> list[str]:
    true = {(*fed, day) for fed, days in overdue.items() for day in days}
    more, fewer = sorted(published - true), sorted(true - published)
    return [f"fct_missing_days calls {each} overdue, which isn't" for each in more[:_SHOWN]] + [
        f"fct_missing_days doesn't call {each} overdue" for each in fewer[:_SHOWN]
    ]


def _wrong_values(
    published: duckdb.DuckDBPyConnection,
    inputs: list[_Input],
    loaded: Mapping[Fed, set[date]],
    overdue: Mapping[Fed, set[date]],
    troubled: frozenset[str],
) -> list[str]:
    of_kpi: dict[tuple[str, str], list[_Input]] = defaultdict(list)
    for each in inputs:
        of_kpi[each.brand_id, each.kpi_id].append(each)
    late: dict[tuple[str, str], set[date]] = {}
    for key, some in of_kpi.items():
        firsts: dict[str, date] = {}
        for each in some:
            first = min(loaded[each.source_id, each.measure], default=date.max)
            firsts[each.measure] = min(first, firsts.get(each.measure, date.max))
        days = set().union(*(overdue[each.source_id, each.measure] for each in some))
        late[key] = {day for day in days if day >= max(firsts.values())}
    said = []
    for grain, brand_id, kpi_id, start, end, status, days_loaded in published.execute(_VALUES).fetchall():
        some = of_kpi[brand_id, kpi_id]
        named = f"{grain} {kpi_id} of {brand_id} from {start} is {status}"
        if all(each.is_carried for each in some):
            if status == "stale" and troubled.isdisjoint(each.source_id for each in some):
                said.append(f"{named}, though no source of it failed")
            continue
        is_late = days_loaded > 0 and any(start <= day < end for day in late[brand_id, kpi_id])
        if is_late != (status == "stale"):
            why = "though a day of it is overdue" if is_late else "though none of its days is overdue"
            said.append(f"{named}, {why}")
    return said[:_SHOWN] + ([f"{len(said)} statuses are wrong"] if said else [])
