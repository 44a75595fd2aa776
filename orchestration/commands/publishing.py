"""``sanjeh publish``, ``rollback`` and ``versions``: the published file, its reports, the versions kept."""

from __future__ import annotations

import sys
import uuid
from datetime import UTC, datetime

import click
from rich.table import Table

from orchestration.alerts.sending import send_alerts
from orchestration.cli import Session
from orchestration.commands.reporting import bring_reports_up
from orchestration.commands.terminal import console_on
from orchestration.publish import publish, rollback, versions
from orchestration.run_state import run_lock
from orchestration.settings import load_settings
from orchestration.workspace import Workspace


@click.command("publish")
@click.pass_obj
def publish_command(session: Session) -> None:
    """Publish the newest tested build, and release a hold that a rollback left."""
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    settings = load_settings(workspace)
    now = datetime.now(UTC)
    with run_lock(workspace, run_id=str(uuid.uuid4()), started_at=now):
        click.echo(publish(workspace, settings.publish, published_at=now, release_hold=True).message)
        sent = send_alerts(workspace, settings)
        click.echo(sent.summary)
    bring_reports_up(workspace)
    sent.require_delivered()


@click.command("rollback")
@click.argument("version", type=int, required=False)
@click.pass_obj
def rollback_command(session: Session, *, version: int | None) -> None:
    """Bring VERSION back (default: the one before), and hold publishing until `sanjeh publish`."""
    workspace = Workspace.find(session.home)
    now = datetime.now(UTC)
    with run_lock(workspace, run_id=str(uuid.uuid4()), started_at=now):
        click.echo(rollback(workspace, rolled_back_at=now, version=version).message)
    bring_reports_up(workspace)


@click.command("versions")
@click.pass_obj
def versions_command(session: Session) -> None:
    """List the published versions that are kept."""
    table = Table()
    for column in ("version", "published (UTC)", "as of (UTC)", "rows", "MB", "run", ""):
        table.add_column(column, justify="right" if column in {"version", "rows", "MB"} else "left")
    kept = versions(Workspace.find(session.home))
    if not kept:
        click.echo("No version is kept yet. `sanjeh run` publishes the first one.")
        return
    for version in kept:
        table.add_row(
            str(version.number),
            f"{version.published_at:%Y-%m-%d %H:%M}",
            f"{version.as_of:%Y-%m-%d %H:%M}",
            f"{version.rows:,}",
            f"{version.bytes / 1e6:,.1f}",
            version.run_id,
            "current" if version.is_current else "",
        )
    console_on(sys.stdout).print(table)
