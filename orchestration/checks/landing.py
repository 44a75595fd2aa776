"""Checks of a landing: did every source land, is what is listed there, were rows rejected, are days missing.

In goes what a run and the raw zone's manifest say of one stream of one source (:class:`StreamFacts`); out
come Dagster's check results, one per check and stream over all its sources. Only Parquet footers are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import dagster as dg

from connectors.core.stream import Kind, Stream
from orchestration.source_settings import ExpectKind

if TYPE_CHECKING:
    from orchestration.pipeline import RefreshRun, SourceResult
    from orchestration.source_settings import Source

CHECK_DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "sources_landed": "Every configured source of this stream landed without an error.",
        "rows_landed": "The Parquet files hold exactly the rows that the manifest lists.",
        "rejects": "No row was rejected; above a source's threshold the whole load fails instead.",
        "window_covered": "Neither the requested window nor the span of landed days has a gap.",
        "newest_day": "The newest day is there that should be by now.",
    }
)
"""Description by name of the checks that every stream has."""

Window = tuple[date, date]
"""Half-open ``[start, end)``."""


@dataclass(frozen=True, kw_only=True)
class StreamFacts:
    """What is known of one stream of one source after a run's landing.

    Attributes:
        error: why the source failed in this run.
        listed_rows: rows of the manifest's slices.
        stored_rows: rows of the Parquet files it lists.
        stored_bytes: their size.
        stored_files: how many they are.
        rejected: rows rejected in this run.
        windows: days that the listed slices cover, each half-open.
        requested: days the run was asked to land again, half-open.
        expected_through: the last day that should be there by now; None where silence is no gap.
    """

    source_id: str
    error: str | None = None
    listed_rows: int = 0
    stored_rows: int = 0
    stored_bytes: int = 0
    stored_files: int = 0
    rejected: int = 0
    windows: tuple[Window, ...] = ()
    requested: Window | None = None
    expected_through: date | None = None

    @classmethod
    def gather(cls, run: RefreshRun, stream: Stream, source: Source, result: SourceResult) -> StreamFacts:
        """The facts of ``source`` after ``run`` landed it with ``result``."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - only a run looks into files

        manifest = run.zone.manifest(stream, source.source_id)
        folder = run.zone.folder(stream, source.source_id)
        today = run.now.astimezone(ZoneInfo(source.timezone)).date()
        window = run.options.window if stream.kind is Kind.REPORT else None
        return cls(
            source_id=source.source_id,
            error=result.error_of(stream),
            listed_rows=sum(entry.rows for entry in manifest.slices.values()),
            stored_rows=sum(pq.read_metadata(folder / name).num_rows for name in manifest.files),
            stored_bytes=sum(entry.bytes for entry in manifest.files.values()),
            stored_files=len(manifest.files),
            rejected=sum(landing.rejected for landing in result.landings if landing.stream.id == stream.id),
            windows=tuple(
                (entry.window_start, entry.window_end)
                for entry in manifest.slices.values()
                if entry.window_start is not None and entry.window_end is not None
            ),
            requested=(window[0], window[1] + timedelta(days=1)) if window else None,
            expected_through=expected_through(
                source.expect.kind,
                until=source.expect.until,
                today=today,
                usable_after=stream.usable_after_days,
            ),
        )


def expected_through(kind: ExpectKind, *, until: date | None, today: date, usable_after: int) -> date | None:
    """Last day that should have landed by ``today`` (the source's day); None where nothing is awaited."""
    if kind is ExpectKind.NONE:
        return None
    newest = today - timedelta(days=usable_after)
    return newest if until is None else min(newest, until)


def days_covered(facts: Iterable[StreamFacts]) -> str | None:
    """First and last day that the landed slices cover, as text; None where slices have no days."""
    windows = [window for fact in facts for window in fact.windows]
    if not windows:
        return None
    last = max(end for _, end in windows) - timedelta(days=1)
    return f"{min(start for start, _ in windows)} to {last}"


def missing_days(windows: Iterable[Window], *, within: Window) -> int:
    """Days of ``within`` that no window covers."""
    missing, day = 0, within[0]
    for start, end in sorted(windows):
        missing += max(0, (min(start, within[1]) - day).days)
        day = max(day, min(end, within[1]))
    return missing + max(0, (within[1] - day).days)


def check_stream(stream: Stream, facts: Sequence[StreamFacts]) -> list[dg.AssetCheckResult]:
    """One result per check of ``stream``; none when no source feeds it or none was landed."""
    if not facts:
        return []
    findings = {
        "sources_landed": [f"{fact.source_id}: {fact.error}" for fact in facts if fact.error],
        "rows_landed": [
            f"{fact.source_id}: {fact.stored_rows} rows stored, {fact.listed_rows} listed"
            for fact in facts
            if fact.stored_rows != fact.listed_rows
        ],
        "rejects": [f"{fact.source_id}: {fact.rejected} rows rejected" for fact in facts if fact.rejected],
        "window_covered": [
            f"{fact.source_id}: {days} days missing"
            for fact in facts
            if stream.kind is Kind.REPORT and (days := _gap(fact))
        ],
        "newest_day": [text for fact in facts if (text := _late(fact))],
    }
    errors = {"sources_landed", "rows_landed"}
    return [
        dg.AssetCheckResult(
            check_name=name,
            passed=not found,
            asset_key=[stream.connector, stream.name],
            severity=dg.AssetCheckSeverity.ERROR if name in errors else dg.AssetCheckSeverity.WARN,
            description="; ".join(found) or CHECK_DESCRIPTIONS[name],
        )
        for name, found in findings.items()
    ]


def _gap(fact: StreamFacts) -> int:
    if not fact.windows:
        return missing_days((), within=fact.requested) if fact.requested else 0
    span = (min(start for start, _ in fact.windows), max(end for _, end in fact.windows))
    if fact.requested:
        span = (min(span[0], fact.requested[0]), max(span[1], fact.requested[1]))
    return missing_days(fact.windows, within=span)


def _late(fact: StreamFacts) -> str | None:
    if fact.expected_through is None or fact.error or not fact.windows:
        return None
    newest = max(end for _, end in fact.windows) - timedelta(days=1)
    if newest >= fact.expected_through:
        return None
    return f"{fact.source_id}: newest day {newest}, {fact.expected_through} is expected"
