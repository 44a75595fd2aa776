"""``sanjeh init`` and ``sanjeh check``: make a workspace, and look at one before it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.table import Table

from orchestration.cli import Session
from orchestration.commands.terminal import console_on
from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace
from orchestration.workspace_check import Finding, check_workspace


@click.command("init")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def init_command(*, directory: Path) -> None:
    """Make a commented starter workspace in DIRECTORY."""
    from orchestration.starter import create_workspace  # noqa: PLC0415 - only init needs the templates

    workspace = create_workspace(directory)
    click.echo(
        f"Made {workspace.root}. Next: put exports into {workspace.exports}, edit "
        f"{workspace.settings_file}, then `sanjeh --workspace {directory} check`."
    )


@click.command("check")
@click.pass_obj
def check_command(session: Session) -> None:
    """Validate configuration, credentials and sources; exit 1 if anything would stop a run."""
    workspace = Workspace.find(session.home)
    findings = check_workspace(workspace)
    console = console_on(sys.stdout)
    console.print(_table(findings))
    failed = [finding for finding in findings if finding.ok is False]
    if failed:
        names = ", ".join(finding.what for finding in failed)
        raise WorkspaceError(
            f"{len(failed)} of {len(findings)} checks failed: {names}. The table says what to do about each."
        )


def _table(findings: list[Finding]) -> Table:
    table = Table()
    table.add_column("check")
    table.add_column("result")
    table.add_column("found", overflow="fold")
    for finding in findings:
        word, style = {True: ("ok", "green"), False: ("FAILED", "red"), None: ("note", "yellow")}[finding.ok]
        table.add_row(finding.what, f"[{style}]{word}[/]", finding.message)
    return table
