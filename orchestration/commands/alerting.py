"""``sanjeh alerts``: what is open, muted and undelivered; what would be sent; whether a channel works."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from orchestration.alerts.decide import SAID, still_open
from orchestration.alerts.record import FAILED, AlertRecord, Kept
from orchestration.alerts.render import Message, render
from orchestration.alerts.sending import evaluate, send_test
from orchestration.alerts.standings import Standing, read_standings
from orchestration.cli import Session
from orchestration.commands.terminal import console_on
from orchestration.errors import AlertError, SettingsError
from orchestration.progress import counted
from orchestration.published_reader import published_connection
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace
from orchestration.yaml_source import closest

EVERY = "*"
"""Stands for all notifiers where ``--test`` names none."""


@click.command("alerts")
@click.option("--dry-run", is_flag=True, help="Say what would be sent to whom now; send nothing.")
@click.option(
    "--test",
    "channel",
    is_flag=False,
    flag_value=EVERY,
    default=None,
    metavar="[NOTIFIER]",
    help="Send a test message to NOTIFIER, or to all.",
)
@click.pass_obj
def alerts_command(session: Session, *, dry_run: bool, channel: str | None) -> None:
    """Show open, muted and undelivered alerts."""
    if dry_run and channel is not None:
        raise click.UsageError("--dry-run and --test exclude each other.")
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    settings = load_settings(workspace, require_secrets=False)
    console = console_on(sys.stdout)
    if channel is not None:
        _test(console, workspace, settings, channel)
    elif dry_run:
        _dry_run(console, workspace, settings)
    else:
        _show(console, workspace, settings)


def _test(console: Console, workspace: Workspace, settings: Settings, channel: str) -> None:
    known = settings.alerts.notifiers
    if not known:
        raise SettingsError(
            f"{workspace.settings_file} names no notifier. Add one under `alerts: {{notifiers: ...}}`; "
            "docs/alerts.md shows how."
        )
    if channel != EVERY and channel not in known:
        raise SettingsError(
            f"{channel} is no notifier of {workspace.settings_file}. {closest(channel, known)}"
        )
    names = list(known) if channel == EVERY else [channel]
    deliveries = send_test(workspace, settings, names)
    for each in deliveries:
        said = f"failed: {each.error}" if each.error else f"delivered, key {each.alert_ids[0]}"
        console.print(f"{each.channel}: {said}", markup=False, soft_wrap=True)
    failed = [each.channel for each in deliveries if each.error]
    if failed:
        raise AlertError(
            f"{len(failed)} of {counted(len(deliveries), 'notifier')} did not take the test message: "
            f"{', '.join(failed)}. The lines above say why."
        )


def _dry_run(console: Console, workspace: Workspace, settings: Settings) -> None:
    record = AlertRecord(workspace)
    evaluation = evaluate(workspace, settings.alerts, record)
    new = [each for each in (evaluation.kept if evaluation else ()) if each.decision.kind in SAID]
    waiting = [(kept, name) for kept, name in record.pending() if name in settings.alerts.notifiers]
    planned = [*waiting, *((kept, name) for kept in new for name in kept.channels)]
    for kept, name in planned:
        language = settings.alerts.language_of(settings.alerts.notifiers[name])
        _print_message(console, name, render(kept.decision, language))
    for kept in new:
        if not kept.channels:
            _print_message(console, "nobody", render(kept.decision, settings.alerts.language))
    if evaluation:
        asked = f"version {evaluation.version} gives rise to {counted(len(new), 'message')}"
    elif workspace.published_file.is_file():
        asked = "nothing new: what the published version gives rise to was decided when it was published"
    else:
        asked = "nothing is published yet"
    left = f"{counted(len(waiting), 'earlier message')} not delivered yet"
    console.print(f"{asked}; {left}. Nothing was sent.", markup=False, soft_wrap=True)
    _print_untold(console, settings, record.kept())


def _print_message(console: Console, channel: str, message: Message) -> None:
    console.print(f"to {channel}: {message.title}", markup=False, soft_wrap=True)
    for line in message.plain().splitlines():
        console.print(f"    {line}", markup=False, soft_wrap=True)


def _show(console: Console, workspace: Workspace, settings: Settings) -> None:
    record = AlertRecord(workspace)
    kept = record.kept()
    opened = still_open(each.decision for each in kept)
    language = settings.alerts.language
    _print_rows(
        console,
        "Open",
        ("since", "alert", "key"),
        [
            (_since(kept, decision.alert_id), render(decision, language).title, decision.alert_id)
            for decision in opened
        ],
    )
    _print_rows(console, "Muted", ("alert", "why"), _muted(workspace))
    errors = {
        (each.alert_id, each.channel): each.error for each in record.attempts() if each.outcome == FAILED
    }
    _print_rows(
        console,
        "Not delivered yet",
        ("notifier", "message", "newest attempt"),
        [
            (
                name,
                render(each.decision, language).title,
                errors.get((each.decision.alert_id, name)) or "none",
            )
            for each, name in record.pending()
            if name in settings.alerts.notifiers
        ],
    )
    _print_untold(console, settings, kept)
    if not settings.alerts.notifiers:
        console.print("No notifier is configured (`alerts:` in sanjeh.yml), so nobody is told.", markup=False)


def _print_untold(console: Console, settings: Settings, kept: list[Kept]) -> None:
    """How many open alerts go to nobody: no notifier heard of them when they were raised."""
    told = {each.decision.alert_id for each in kept if each.channels}
    opened = list(still_open(each.decision for each in kept))
    untold = [decision for decision in opened if decision.alert_id not in told]
    if not untold:
        return
    which = f"{len(opened)} open" if len(untold) == len(opened) else f"{len(untold)} of {len(opened)} open"
    later = " A notifier hears of what is raised after it was added." if settings.alerts.notifiers else ""
    console.print(
        f"{which}, told to nobody: no notifier was there for {'it' if len(untold) == 1 else 'them'} when "
        f"{'it was' if len(untold) == 1 else 'they were'} raised.{later}",
        markup=False,
        soft_wrap=True,
    )


def _since(kept: list[Kept], alert_id: str) -> str:
    return next(f"{each.decided_at:%Y-%m-%d}" for each in kept if each.decision.alert_id == alert_id)


def _muted(workspace: Workspace) -> list[tuple[str, ...]]:
    """Breaches of the newest period that nobody is told of."""
    if not workspace.published_file.is_file():
        return []
    newest: dict[str, Standing] = {}
    with published_connection(workspace) as con:
        for standing in read_standings(con):
            newest[standing.subject.key] = standing
    return [
        (f"{key}/{standing.period_start}", standing.mute_reason or "")
        for key, standing in newest.items()
        if standing.is_muted and standing.condition == "breach"
    ]


def _print_rows(console: Console, title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not rows:
        console.print(f"{title}: none", markup=False)
        return
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(text.replace("[", "\\[") for text in row))
    console.print(table)
