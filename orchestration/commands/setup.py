"""``sanjeh init`` and ``sanjeh check``: make a workspace, and look at one before it runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from orchestration.cli import Session
from orchestration.commands.terminal import console_on
from orchestration.errors import WorkspaceError
from orchestration.progress import counted
from orchestration.workspace import Workspace
from orchestration.workspace_check import Finding, Result, check_workspace

_STYLES = {Result.OK: "green", Result.NOTE: "yellow", Result.WARNING: "yellow", Result.FAILED: "red"}


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
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.pass_obj
def check_command(session: Session, *, strict: bool) -> None:
    """Validate configuration, scorecards, credentials and sources; exit 1 if anything fails."""
    workspace = Workspace.find(session.home)
    findings = check_workspace(workspace)
    console = console_on(sys.stdout)
    console.print(_table(findings))
    failed = [finding for finding in findings if finding.result is Result.FAILED]
    if failed:
        raise WorkspaceError(
            f"{len(failed)} of {len(findings)} checks failed: {_names(failed)}. The table says what to do "
            "about each."
        )
    warned = [finding for finding in findings if finding.result is Result.WARNING]
    if strict and warned:
        raise WorkspaceError(
            f"{counted(len(warned), 'warning')}, and with --strict warnings fail: {_names(warned)}. The "
            "table says how to mend each; `accept:` in a scorecard or objective says that one is meant so."
        )


def _names(findings: list[Finding]) -> str:
    return ", ".join(dict.fromkeys(finding.what for finding in findings))


def _table(findings: list[Finding]) -> Table:
    table = Table()
    table.add_column("check")
    table.add_column("result")
    table.add_column("found", overflow="fold")
    for finding in findings:
        style = _STYLES[finding.result]
        table.add_row(finding.what, f"[{style}]{finding.result.value}[/]", escape(finding.message))
    return table
