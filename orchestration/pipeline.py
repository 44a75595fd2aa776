"""The pipeline of one run, free of Dagster and dbt: land, prepare the build, publish, keep the record.

What a step works with is imported when the step begins: every process of Dagster's loads this module, and
most of them never run anything.

:class:`RefreshRun` is what the Dagster assets call and what holds a run's state. It lands a source once
however many assets it feeds, several at a time; one that fails is recorded and does not stop the others.
The caller holds the run lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.core.errors import ConnectorError
from orchestration.errors import SettingsError
from orchestration.progress import Phase, Progress, counted
from orchestration.run_options import RunOptions, Target
from orchestration.run_state import (
    Outcome,
    RunRecord,
    SourceOutcome,
    StreamOutcome,
    finish_run,
    highest_landed_load_id,
    mark_built,
    read_state,
    record_source,
    start_run,
)
from orchestration.settings import Settings
from orchestration.side_by_side import SideBySide
from orchestration.workspace import Workspace

if TYPE_CHECKING:
    from connectors.core.outcome import StreamLanding
    from connectors.core.pace import Pace
    from connectors.core.raw_zone import RawZone
    from connectors.core.stream import Stream
    from orchestration.alerts.sending import Sent
    from orchestration.control import BuildInputs
    from orchestration.publish import PublishResult
    from orchestration.report.files import ReportsWritten
    from orchestration.source_settings import Source


@dataclass(frozen=True, kw_only=True)
class SourceResult:
    """What a run did with one source: its landings, its error, or neither when it was left out.

    Attributes:
        landings: by stream; those that failed say so themselves.
        error: everything that went wrong, for a person; None when all landed.
    """

    source_id: str
    landings: tuple[StreamLanding, ...] = ()
    error: str | None = None
    is_skipped: bool = False

    @classmethod
    def of(cls, source_id: str, landings: Iterable[StreamLanding]) -> SourceResult:
        """The result of landings, failed ones among them."""
        landings = tuple(landings)
        errors = dict.fromkeys(each.error for each in landings if each.error)
        return cls(source_id=source_id, landings=landings, error="\n    ".join(errors) or None)

    def error_of(self, stream: Stream) -> str | None:
        """What kept ``stream`` from landing to its end."""
        if not self.landings:
            return self.error
        return next((each.error for each in self.landings if each.stream.id == stream.id), None)


@dataclass
class RefreshRun:
    """One run over a workspace; made by :func:`open_run`.

    Attributes:
        record: run id, load id and start.
        now: the run's clock, UTC; everything it writes bears this time.
        error: why the run failed; None while it hasn't.
        late_errors: what went wrong after publishing; readers have the new numbers all the same.
    """

    workspace: Workspace
    settings: Settings
    options: RunOptions
    record: RunRecord
    zone: RawZone
    progress: Progress
    now: datetime
    landing: SideBySide
    error: str | None = None
    late_errors: list[str] = field(default_factory=list)
    published: PublishResult | None = None
    _inputs: BuildInputs | None = None

    def sources_of(self, connector: str) -> list[Source]:
        """Configured sources that feed a stream of ``connector``."""
        return [
            source
            for source in self.settings.sources.values()
            if any(stream.connector == connector for stream in source.streams)
        ]

    def land(self, wanted: Sequence[Source], *, begin: Sequence[Source]) -> dict[str, SourceResult]:
        """Land sources side by side, each once a run; a connector's error becomes part of its result.

        Args:
            wanted: sources whose results are waited for.
            begin: sources to begin with now, so that those needed later work meanwhile.
        """
        planned = [source for source in begin if self.is_planned(source)]
        self.progress.enter(Phase.LANDING, total=len(planned))
        for source in planned:
            self.landing.begin(source.source_id, partial(self._land, source))
        return {
            source.source_id: self.landing.result(source.source_id)
            or SourceResult(source_id=source.source_id, is_skipped=True)
            for source in wanted
        }

    def is_planned(self, source: Source) -> bool:
        """Whether this run is to land ``source``."""
        return not self.options.full_refresh and self.options.source in (None, source.source_id)

    def _land(self, source: Source) -> SourceResult:
        source_id = source.source_id
        self.progress.step(source_id, advance=False)
        try:
            result = SourceResult.of(source_id, self._landed(source))
        except ConnectorError as error:
            result = SourceResult(source_id=source_id, error=str(error))
        if any(each.error is None for each in result.landings):
            self.progress.say(landing_line(result))
        if result.error is not None:
            failed = sum(each.error is not None for each in result.landings)
            self.progress.source_failed(source_id, result.error, failed, len(result.landings))
        self._compact(source, result)
        self.progress.step(source_id)
        with self.landing.lock:
            self._keep_outcome(source, result)
        return result

    def _landed(self, source: Source) -> list[StreamLanding]:
        from connectors.core.api_source import ApiSource  # noqa: PLC0415 - readers of a run's record don't need it

        source_id = source.source_id
        today = self.now.astimezone(ZoneInfo(self.settings.project.timezone)).date()
        window = self.options.landing_window(today, calendar=self.settings.project.calendar)
        opened = source.open(self.workspace, limits=self.landing.limits)
        load_id, zone = self.record.load_id, self.zone

        def said(text: str) -> None:
            self.progress.step(f"{source_id}: {text}", advance=False)

        def paced(pace: Pace) -> None:
            self.progress.pace(f"{source_id} {pace.what}", f"{source_id}: {pace}")

        if isinstance(opened, ApiSource):
            return opened.land(
                zone,
                load_id=load_id,
                loaded_at=self.now,
                window=self.options.window,
                also=window,
                progress=said,
                slots=self.landing.slots,
                stopped=self.landing.stopped,
            )
        # Reading a file keeps every core busy by itself.
        with self.landing.files, self.landing.slots:
            return opened.land(
                zone, load_id=load_id, loaded_at=self.now, window=window, progress=said, pace=paced
            )

    def _compact(self, source: Source, result: SourceResult) -> None:
        """Put small files of closed months and years together, of the streams that changed."""
        from connectors.core.compaction import compact  # noqa: PLC0415

        changed = [each.stream for each in result.landings if each.changed_slices]
        if not changed or self.landing.stopped.is_set():
            return
        today = self.now.astimezone(ZoneInfo(self.settings.project.timezone)).date()
        try:
            with self.landing.files:
                for stream in changed:
                    folder = self.zone.folder(stream, source.source_id)
                    compact(folder, stream, today=today, temp=self.zone.temp, keeper=self.zone.keeper)
        except ConnectorError as error:
            self.progress.warn(f"{source.source_id} landed, but its files were not put together: {error}")

    def _keep_outcome(self, source: Source, result: SourceResult) -> None:
        landed = {landing.stream.id: landing for landing in result.landings}
        streams = tuple(
            StreamOutcome(
                stream_id=stream.id,
                rows=landed[stream.id].rows,
                rejected=landed[stream.id].rejected,
                requests=landed[stream.id].requests,
                waited_seconds=landed[stream.id].waited_seconds,
                error=landed[stream.id].error,
            )
            if stream.id in landed
            else StreamOutcome(stream_id=stream.id, error=result.error)
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
        from orchestration.control import prepare_build  # noqa: PLC0415

        if self._inputs is None:
            self._inputs = prepare_build(
                self.workspace,
                self.settings,
                run_id=self.record.run_id,
                as_of=self.now,
                built_at=self.now,
                # Spark keeps nothing from run to run.
                full_refresh=self.options.full_refresh or self.options.target is Target.SPARK,
            )
            if self.options.target is Target.SPARK:
                from orchestration.spark.inputs import write_inputs  # noqa: PLC0415
                from orchestration.spark.installation import inputs_folder  # noqa: PLC0415

                write_inputs(
                    inputs_folder(self.workspace),
                    self.workspace.build_db,
                    self.zone,
                    sources=self.settings.sources.keys(),
                )
        return self._inputs

    def mark_built(self) -> None:
        """Every model was built and every test passed: the build may be published."""
        mark_built(self.workspace, run_id=self.record.run_id)

    def publish(self) -> PublishResult:
        """Publish the build, unless its content is what is published already or publishing is held."""
        from orchestration.publish import publish  # noqa: PLC0415

        self.progress.enter(Phase.PUBLISH)
        self.published = publish(self.workspace, self.settings.publish, published_at=self.now)
        self.progress.say(self.published.message)
        return self.published

    def write_reports(self) -> ReportsWritten:
        """Bring the HTML reports up to what readers see; a run that never published has none to write."""
        from orchestration.report.files import ReportsWritten, write_reports  # noqa: PLC0415

        self.progress.enter(Phase.REPORT)
        if not self.workspace.published_file.exists():
            return ReportsWritten(index=self.workspace.reports / "index.html")
        done = write_reports(
            self.workspace,
            languages=self.settings.report_languages(),
            run_cadence=self.options.cadence,
            step=partial(self.progress.step, advance=False),
        )
        written, kept = len(done.written), len(done.kept)
        self.progress.say(f"reports: {written} written, {kept} left as they are; {done.index}")
        return done

    def send_alerts(self) -> Sent:
        """Tell the notifiers what the newest publication gives rise to."""
        from orchestration.alerts.sending import send_alerts  # noqa: PLC0415

        sent = send_alerts(self.workspace, self.settings)
        if sent.said or sent.deliveries:
            self.progress.say(sent.summary)
        return sent

    @property
    def failed_sources(self) -> dict[str, str]:
        """Error by source id."""
        return {result.source_id: result.error for result in self.results if result.error}

    @property
    def results(self) -> list[SourceResult]:
        """What happened to each source so far."""
        return self.landing.results()


@contextmanager
def open_run(
    workspace: Workspace, settings: Settings, options: RunOptions, *, run_id: str, progress: Progress
) -> Iterator[RefreshRun]:
    """Start a run and, however it ends, close its record; the caller holds the lock.

    Raises:
        SettingsError: ``options.source`` is not configured.
        RawZoneError: the raw zone isn't whole.
    """
    from orchestration.control import open_raw_zone  # noqa: PLC0415

    if options.source is not None and options.source not in settings.sources:
        known = ", ".join(sorted(settings.sources)) or "none"
        raise SettingsError(
            f"--source {options.source} is no source of {workspace.settings_file}; configured: {known}."
        )
    zone = open_raw_zone(workspace, settings)
    now = options.as_of or datetime.now(UTC)
    above = read_state(workspace).last_load_id
    with zone.writing(run_id=run_id, started_at=now, above=above, said=progress.say) as free:
        zone.verify(progress.say)
        zone.collect_garbage()
        least = free
        if zone.remote is not None:
            from orchestration.erase.shared import share_suppressed  # noqa: PLC0415 - only for a bucket

            least = max(free, highest_landed_load_id(workspace) + 1)
            if share_suppressed(workspace, zone.remote.store):
                zone = open_raw_zone(workspace, settings)
        record = start_run(workspace, run_id=run_id, started_at=now, kind=options.kind, at_least=least)
        run = RefreshRun(
            workspace=workspace,
            settings=settings,
            options=options,
            record=record,
            zone=zone,
            progress=progress,
            now=now,
            landing=SideBySide(),
        )
        yield from _closed_at_the_end(run)


def _closed_at_the_end(run: RefreshRun) -> Iterator[RefreshRun]:
    """``run``, whose record is closed however it ends."""
    ended = False
    try:
        yield run
        ended = True
    finally:
        run.landing.close()
        error = run.error if ended else run.error or "The run was interrupted."
        late = "\n".join(run.late_errors)
        is_partial = bool(run.failed_sources or late)
        outcome = Outcome.FAILED if error else Outcome.PARTIAL if is_partial else Outcome.SUCCEEDED
        finish_run(
            run.workspace,
            run_id=run.record.run_id,
            finished_at=run.options.as_of or datetime.now(UTC),
            outcome=outcome,
            error="\n".join(filter(None, (error, late))) or None,
        )


def landing_line(result: SourceResult) -> str:
    """What a source landed, as one line."""
    parts = []
    for landing in result.landings:
        if landing.files_read:
            text = f"{landing.stream.id} {landing.rows:,} rows from {counted(landing.files_read, 'file')}"
            parts.append(f"{text}, {landing.rejected:,} rejected" if landing.rejected else text)
        elif landing.requests:
            waited = f", waited {landing.waited_seconds:.0f} s" if landing.waited_seconds >= 1 else ""
            asked = counted(landing.requests, "request")
            parts.append(f"{landing.stream.id} {landing.rows:,} new rows by {asked}{waited}")
    notes = list(dict.fromkeys(note for landing in result.landings for note in landing.notes))
    if not parts and any(landing.files_unchanged for landing in result.landings):
        parts = ["unchanged"]
    said = [", ".join(parts), *notes] if parts else notes
    return f"{result.source_id}: {'; '.join(said) or 'no files'}"
