"""The pipeline of one run, free of Dagster and dbt: land, prepare the build, publish, keep the record.

:class:`RefreshRun` is what the Dagster assets call and what holds a run's state. It lands a source once
however many assets it feeds; a source that fails is recorded and does not stop the others. The caller holds
the run lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.core.errors import ConnectorError
from orchestration.control import BuildInputs, open_raw_zone, prepare_build
from orchestration.errors import SettingsError
from orchestration.progress import Phase, Progress, counted
from orchestration.publish import PublishResult, publish
from orchestration.run_options import RunOptions
from orchestration.run_state import (
    Outcome,
    RunRecord,
    SourceOutcome,
    StreamOutcome,
    finish_run,
    mark_built,
    record_source,
    start_run,
)
from orchestration.settings import Settings
from orchestration.workspace import Workspace

if TYPE_CHECKING:
    from connectors.core.raw_zone import RawZone
    from connectors.core.outcome import StreamLanding
    from orchestration.source_settings import Source


@dataclass(frozen=True, kw_only=True)
class SourceResult:
    """What a run did with one source: its landings, its error, or neither when it was left out."""

    source_id: str
    landings: tuple[StreamLanding, ...] = ()
    error: str | None = None
    is_skipped: bool = False


@dataclass
class RefreshRun:
    """One run over a workspace; made by :func:`open_run`.

    Attributes:
        record: run id, load id and start.
        now: the run's clock, UTC; everything it writes bears this time.
        results: what happened to each source so far, by source id.
        error: why the run failed; None while it hasn't.
    """

    workspace: Workspace
    settings: Settings
    options: RunOptions
    record: RunRecord
    zone: RawZone
    progress: Progress
    now: datetime
    results: dict[str, SourceResult] = field(default_factory=dict)
    error: str | None = None
    published: PublishResult | None = None
    _inputs: BuildInputs | None = None

    def sources_of(self, connector: str) -> list[Source]:
        """Configured sources that feed a stream of ``connector``."""
        return [
            source
            for source in self.settings.sources.values()
            if any(stream.connector == connector for stream in source.streams)
        ]

    def land(self, source: Source) -> SourceResult:
        """Land a source, once a run; a connector's error becomes part of the result."""
        if source.source_id not in self.results:
            self.results[source.source_id] = self._land(source)
        return self.results[source.source_id]

    def _land(self, source: Source) -> SourceResult:
        source_id = source.source_id
        if self.options.full_refresh or self.options.source not in (None, source_id):
            return SourceResult(source_id=source_id, is_skipped=True)
        planned = sum(1 for other in self.settings.sources if self.options.source in (None, other))
        self.progress.enter(Phase.LANDING, total=planned)
        self.progress.step(source_id, advance=False)
        today = self.now.astimezone(ZoneInfo(self.settings.project.timezone)).date()
        try:
            landings = source.open(self.workspace).land(
                self.zone,
                load_id=self.record.load_id,
                loaded_at=self.now,
                window=self.options.landing_window(today, calendar=self.settings.project.calendar),
                progress=lambda text: self.progress.step(f"{source_id}: {text}", advance=False),
            )
            result = SourceResult(source_id=source_id, landings=tuple(landings))
            self.progress.say(_landing_line(result))
        except ConnectorError as error:
            result = SourceResult(source_id=source_id, error=str(error))
            self.progress.source_failed(source_id, str(error))
        self.progress.step(source_id)
        self._keep_outcome(source, result)
        return result

    def _keep_outcome(self, source: Source, result: SourceResult) -> None:
        landed = {landing.stream.id: landing for landing in result.landings}
        streams = tuple(
            StreamOutcome(
                stream_id=stream.id,
                rows=landed[stream.id].rows if stream.id in landed else 0,
                rejected=landed[stream.id].rejected if stream.id in landed else 0,
            )
            for stream in source.streams
        )
        outcome = SourceOutcome(
            source_id=source.source_id,
            ok=result.error is None,
            at=self.now,
            error=result.error,
            streams=streams,
        )
        record_source(self.workspace, run_id=self.record.run_id, outcome=outcome)

    def prepare_build(self) -> BuildInputs:
        """Views over the raw zone and the control tables in the build database, once a run."""
        if self._inputs is None:
            self._inputs = prepare_build(
                self.workspace,
                self.settings,
                run_id=self.record.run_id,
                as_of=self.now,
                built_at=self.now,
                full_refresh=self.options.full_refresh,
            )
        return self._inputs

    def mark_built(self) -> None:
        """Every model was built and every test passed: the build may be published."""
        mark_built(self.workspace, run_id=self.record.run_id)

    def publish(self) -> PublishResult:
        """Publish the build, unless its content is what is published already or publishing is held."""
        self.progress.enter(Phase.PUBLISH)
        self.published = publish(self.workspace, self.settings.publish, published_at=self.now)
        self.progress.say(self.published.message)
        return self.published

    @property
    def failed_sources(self) -> dict[str, str]:
        """Error by source id."""
        return {result.source_id: result.error for result in self.results.values() if result.error}


@contextmanager
def open_run(
    workspace: Workspace, settings: Settings, options: RunOptions, *, run_id: str, progress: Progress
) -> Iterator[RefreshRun]:
    """Start a run and, however it ends, close its record; the caller holds the lock.

    Raises:
        SettingsError: ``options.source`` is not configured.
        RawZoneError: the raw zone isn't whole.
    """
    if options.source is not None and options.source not in settings.sources:
        known = ", ".join(sorted(settings.sources)) or "none"
        raise SettingsError(
            f"--source {options.source} is no source of {workspace.settings_file}; configured: {known}."
        )
    zone = open_raw_zone(workspace, settings)
    zone.verify()
    now = options.as_of or datetime.now(UTC)
    record = start_run(workspace, run_id=run_id, started_at=now, kind=options.kind)
    run = RefreshRun(
        workspace=workspace,
        settings=settings,
        options=options,
        record=record,
        zone=zone,
        progress=progress,
        now=now,
    )
    ended = False
    try:
        yield run
        ended = True
    finally:
        error = run.error if ended else run.error or "The run was interrupted."
        outcome = Outcome.FAILED if error else Outcome.PARTIAL if run.failed_sources else Outcome.SUCCEEDED
        finish_run(
            workspace,
            run_id=run_id,
            finished_at=options.as_of or datetime.now(UTC),
            outcome=outcome,
            error=error,
        )


def _landing_line(result: SourceResult) -> str:
    parts = []
    for landing in result.landings:
        if landing.files_read:
            text = f"{landing.stream.id} {landing.rows:,} rows from {counted(landing.files_read, 'file')}"
            parts.append(f"{text}, {landing.rejected:,} rejected" if landing.rejected else text)
    notes = list(dict.fromkeys(note for landing in result.landings for note in landing.notes))
    if not parts and any(landing.files_unchanged for landing in result.landings):
        parts = ["unchanged"]
    said = [", ".join(parts), *notes] if parts else notes
    return f"{result.source_id}: {'; '.join(said) or 'no files'}"
