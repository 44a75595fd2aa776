"""``sanjeh run`` and ``backfill``: start the Dagster job in this process, show it, print the scorecard.

Settings, lock and free space are looked at before Dagster is imported, so that a mistake shows at once. The
run's own errors come from its record in the state file.
"""

from __future__ import annotations

import gc
import sys
import uuid
from datetime import UTC, date, datetime
from functools import partial

import click
from rich.console import Console

from orchestration.alerts.sending import report_failed_run
from orchestration.cli import Session
from orchestration.commands.terminal import TerminalProgress, console_on, output_to
from orchestration.control import open_raw_zone
from orchestration.dagster_instance import activate, require_storage
from orchestration.errors import SanjehError
from orchestration.objective_view import print_objectives, read_objectives
from orchestration.progress import Phase, counted, reporting_to
from orchestration.run_options import Cadence, RunOptions, Target
from orchestration.run_state import Outcome, RunRecord, read_state, run_lock
from orchestration.scorecard_view import print_scorecards, read_scorecards
from orchestration.settings import Settings, load_settings
from orchestration.source_settings import Source
from orchestration.spark.installation import require_spark
from orchestration.workspace import Workspace


@click.command("run")
@click.option(
    "--cadence",
    type=click.Choice([cadence.value for cadence in Cadence]),
    default=Cadence.DAILY.value,
    show_default=True,
    help="Monthly and quarterly land the closing period again.",
)
@click.option("--from", "window_from", default="", metavar="DAY", help="First day to land again, inclusive.")
@click.option("--to", "window_to", default="", metavar="DAY", help="Last day to land again, inclusive.")
@click.option("--source", default="", help="Land only this source.")
@click.option("--full-refresh", is_flag=True, help="Rebuild from the raw zone; fetch nothing.")
@click.option("--as-of", default="", metavar="T", help="Fix the run's clock: a day or a timestamp.")
@click.option(
    "--target",
    type=click.Choice([target.value for target in Target]),
    default=Target.DUCKDB.value,
    show_default=True,
    help="The engine that builds the warehouse (docs/scale.md).",
)
@click.option("--dry-run", is_flag=True, help="Say what would be landed and rebuilt, and stop.")
@click.pass_obj
def run_command(
    session: Session,
    *,
    cadence: str,
    window_from: str,
    window_to: str,
    source: str,
    full_refresh: bool,
    as_of: str,
    target: str,
    dry_run: bool,
) -> None:
    """Refresh everything: land, build, test, publish; then print the scorecard."""
    options = RunOptions.parse(
        cadence=cadence,
        window_from=window_from,
        window_to=window_to,
        source=source,
        full_refresh=full_refresh,
        as_of=as_of,
        target=target,
    )
    _execute(session, options, dry_run=dry_run)


@click.command("backfill")
@click.option("--from", "window_from", required=True, metavar="DAY", help="First day, inclusive.")
@click.option("--to", "window_to", required=True, metavar="DAY", help="Last day, inclusive.")
@click.option("--source", default="", help="Land only this source.")
@click.option("--as-of", default="", metavar="T", help="Fix the run's clock: a day or a timestamp.")
@click.pass_obj
def backfill_command(session: Session, *, window_from: str, window_to: str, source: str, as_of: str) -> None:
    """Land a window again and rebuild what it touches."""
    options = RunOptions.parse(
        window_from=window_from, window_to=window_to, source=source, as_of=as_of, kind="backfill"
    )
    _execute(session, options, dry_run=False)


def _execute(session: Session, options: RunOptions, *, dry_run: bool) -> None:
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    settings = load_settings(workspace)
    if options.source is not None and options.source not in settings.sources:
        known = ", ".join(sorted(settings.sources)) or "none"
        raise SanjehError(
            f"--source {options.source} is no source of {workspace.settings_file}; configured: {known}."
        )
    if dry_run:
        _print_plan(workspace, settings, options)
        return
    if options.target is Target.SPARK:
        require_spark()
    workspace.prepare()
    workspace.require_space(copies=settings.publish.copies)
    run_id = str(uuid.uuid4())
    with run_lock(workspace, run_id=run_id, started_at=datetime.now(UTC)):
        # What is damaged shows before Dagster has loaded.
        read_state(workspace)
        zone = open_raw_zone(workspace, settings)
        if zone.remote is not None:
            zone.remote.mark.require_free()
        zone.verify(partial(click.echo, err=True))
        record = run_job(session, workspace, options, run_id=run_id)
    if record.outcome is Outcome.FAILED:
        _tell_of_failure(workspace, settings, record)
    else:
        _print_scorecards(workspace, options)
    _conclude(workspace, record)


def run_job(session: Session, workspace: Workspace, options: RunOptions, *, run_id: str) -> RunRecord:
    """Run the Dagster job in this process, shown on the terminal; the caller holds the lock for ``run_id``.

    Raises:
        SanjehError: the run could not start.
    """
    activate(workspace)
    require_storage()
    log = workspace.dagster_home / "logs" / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{run_id[:8]}.log"
    with output_to(log) as stderr:
        progress = TerminalProgress(console_on(stderr))
        progress.clock.count_from(session.started)
        with progress.shown(), reporting_to(progress):
            progress.enter(Phase.START_UP)
            progress.step("loading Dagster and dbt", advance=False)
            # Importing Dagster takes seconds; every mistake in the settings has shown by now. The collector
            # rests until the definitions are there, which see to it that it goes on.
            gc.disable()
            from orchestration.launch import launch_refresh  # noqa: PLC0415

            launch_refresh(options, run_id=run_id, verbose=session.debug)
        parts = progress.clock.seconds().items()
        split = " | ".join(f"{phase} {seconds:.1f} s" for phase, seconds in parts)
        progress.say(f"time: {split} | log {log}")
    for record in read_state(workspace).runs:
        if record.run_id == run_id:
            return record
    raise SanjehError(f"The run could not start; {log} says why.")


def _print_scorecards(workspace: Workspace, options: RunOptions) -> None:
    if workspace.published_file.exists():
        console = console_on(sys.stdout)
        print_scorecards(console, read_scorecards(workspace, brand=None, grain=None), lang="en")
        print_objectives(console, read_objectives(workspace, brand=None, grain=None), lang="en")
        if options.source:
            console.print(f"Only {options.source} was landed.")


def _tell_of_failure(workspace: Workspace, settings: Settings, record: RunRecord) -> None:
    """Tell the notifiers that the run failed, unless somebody sits at the terminal and sees it."""
    if sys.stderr.isatty():
        return
    try:
        sent = report_failed_run(workspace, settings, run_id=record.run_id, error=record.error or "")
    except SanjehError as error:  # a full disk, most likely: the run's own words follow, and matter more
        click.echo(f"The notifiers were not told. {error}", err=True)
        return
    for name, why in sent.failures.items():
        click.echo(f"notifier {name} was not told: {why}", err=True)


def _conclude(workspace: Workspace, record: RunRecord) -> None:
    failed = {name: source.error for name, source in record.sources.items() if not source.ok}
    said = "".join(f"\n  {name}: {error}" for name, error in failed.items())
    if record.outcome is Outcome.FAILED:
        sources = f"\nBefore that, {len(failed)} of {counted(len(record.sources), 'source')} failed:{said}"
        raise SanjehError((record.error or "The run failed.") + (sources if failed else ""))
    hold = read_state(workspace).hold
    held = (
        f"publishing is held at version {hold.version} since a rollback; `sanjeh publish` releases the hold "
        "and publishes"
        if hold is not None
        else None
    )
    paragraphs = []
    if failed:
        rest = f"The rest is built, but {held}" if held else "The rest is published"
        paragraphs.append(
            f"{len(failed)} of {counted(len(record.sources), 'source')} failed; what they had landed before "
            f"is kept. {rest}. Mend the cause of each and run again; until then their KPIs show as stale."
            f"{said}"
        )
    elif held:
        paragraphs.append(f"Built, but not published: {held}.")
    if record.error:  # of a step after publishing
        paragraphs.append(record.error)
    if paragraphs:
        raise SanjehError("\n".join(paragraphs))


def _print_plan(workspace: Workspace, settings: Settings, options: RunOptions) -> None:
    console: Console = console_on(sys.stdout)
    state = read_state(workspace)
    window = options.landing_window(_today(options), calendar=settings.project.calendar)
    said = f"days {window[0]} to {window[1]} again" if window else "new and changed files"
    for source in settings.sources.values():
        if options.full_refresh or options.source not in (None, source.source_id):
            console.print(f"{source.source_id}: left alone", markup=False)
            continue
        lines = _plan_of_api(workspace, settings, source, options, window)
        for line in lines or _plan_of_files(workspace, source, said):
            console.print(line, markup=False, soft_wrap=True)
    rebuilt = (
        "everything from the raw zone"
        if options.full_refresh or state.build is None
        else (f"what changed since load {state.built_through}")
    )
    console.print(f"rebuild: {rebuilt}; then test and publish. Nothing was done.", markup=False)


def _plan_of_files(workspace: Workspace, source: Source, said: str) -> list[str]:
    found = source.check(workspace, now=datetime.now(UTC))
    streams = ", ".join(stream.id for stream in source.streams)
    line = "; ".join([f"{source.source_id}: {said} into {streams}; {found.summary}", *found.notes])
    return [line, *(f"  this would fail: {problem}" for problem in found.problems)]


def _plan_of_api(
    workspace: Workspace,
    settings: Settings,
    source: Source,
    options: RunOptions,
    window: tuple[date, date] | None,
) -> list[str]:
    """What an API would be asked for, without calling it; empty for other sources."""
    from connectors.core.api_source import ApiSource  # noqa: PLC0415 - only a plan needs it here

    opened = source.open(workspace)
    if not isinstance(opened, ApiSource):
        return []
    now = options.as_of or datetime.now(UTC)
    zone = open_raw_zone(workspace, settings)
    plan = opened.plan(zone, now=now, window=options.window, also=window)
    return [f"{source.source_id}: would ask for", *(f"  {line}" for line in plan)]


def _today(options: RunOptions) -> date:
    return (options.as_of or datetime.now(UTC)).date()
