"""How each source stands: days landed, rows, newest success and error; from the raw zone and the state file.

In goes a workspace, out comes one :class:`SourceStatus` per source and stream, and from the published file,
if there is one, the days each source owes. Nothing is locked or changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from orchestration.control import open_raw_zone
from orchestration.missing_days import runs_of_days
from orchestration.published_reader import published_connection, rows_of
from orchestration.run_state import read_state
from orchestration.settings import load_settings
from orchestration.source_quality import quality_notes
from orchestration.source_settings import ExpectKind
from orchestration.workspace import Workspace

WITHOUT_ERROR = frozenset({"ok", "final", "never landed"})
"""States that are no error; any other state is the error's text."""


@dataclass(frozen=True, kw_only=True)
class SourceStatus:
    """One stream of one source.

    Attributes:
        first_day: first source-local day landed.
        last_day: last such day, inclusive.
        lag_days: days from ``last_day`` to today in the source's zone; None where no new days are awaited.
        state: ``ok``, ``final`` (nothing is awaited any more), ``never landed``, or the newest error.
        quality: what the vendor says of its numbers of the last month; None where it says nothing.
    """

    source_id: str
    stream_id: str
    first_day: date | None
    last_day: date | None
    rows: int
    last_success_at: datetime | None
    lag_days: int | None
    rejected: int
    state: str
    quality: str | None


def read_source_status(workspace: Workspace, *, now: datetime | None = None) -> list[SourceStatus]:
    """Status of every configured source and stream at ``now`` (default: the system's clock)."""
    settings = load_settings(workspace, require_secrets=False)
    state = read_state(workspace)
    zone = open_raw_zone(workspace, settings)
    moment = now or datetime.now(UTC)
    rows = []
    for source in settings.sources.values():
        today = moment.astimezone(ZoneInfo(source.timezone)).date()
        quality = quality_notes(zone, source.source_id, today=today)
        for stream in source.streams:
            slices = zone.manifest(stream, source.source_id).slices.values()
            starts = [entry.window_start for entry in slices if entry.window_start]
            ends = [entry.window_end for entry in slices if entry.window_end]
            last_day = max(ends) - timedelta(days=1) if ends else None
            newest = state.streams.get(f"{source.source_id}|{stream.id}")
            awaited = source.expect.kind is ExpectKind.DAILY
            is_final = last_day is not None and (today - last_day).days > stream.final_after_days
            rows.append(
                SourceStatus(
                    source_id=source.source_id,
                    stream_id=stream.id,
                    first_day=min(starts) if starts else None,
                    last_day=last_day,
                    rows=sum(entry.rows for entry in slices),
                    last_success_at=newest.last_success_at if newest else None,
                    lag_days=(today - last_day).days if awaited and last_day else None,
                    rejected=newest.rejected_rows if newest else 0,
                    state=(newest.last_error if newest else None)
                    or ("never landed" if newest is None else "final" if is_final and not awaited else "ok"),
                    quality=quality.get(stream.id),
                )
            )
    return rows


_OVERDUE = """
select distinct source_id, missing_date, is_overdue from marts.fct_missing_days
where is_overdue
order by source_id, missing_date
"""


def overdue_days(workspace: Workspace) -> list[str]:
    """One sentence per source with days that should be in the published file and aren't, newest gap named.

    Raises:
        WorkspaceError: the published file can't be read.
    """
    if not workspace.published_file.exists():
        return []
    with published_connection(workspace) as connection:
        missing = rows_of(connection, _OVERDUE)
    said = []
    runs = runs_of_days(missing, of=("source_id",))
    for source_id, group in groupby(runs, key=lambda run: run["source_id"]):
        gaps = list(group)
        days = sum((gap["last_day"] - gap["first_day"]).days + 1 for gap in gaps)
        first, last = gaps[-1]["first_day"], gaps[-1]["last_day"]
        span = f"{first}" if first == last else f"{first} to {last}"
        where = span if len(gaps) == 1 else f"{len(gaps):,} gaps, the newest {span}"
        said.append(
            f"{source_id}: {days:,} {'day is' if days == 1 else 'days are'} overdue in the published "
            f"version: {where}. KPIs that need them are stale there. Load the days, or let expect say "
            "that none come."
        )
    return said
