"""``sanjeh report``: bring the HTML reports up to what is published, and open them."""

from __future__ import annotations

import webbrowser

import click

from orchestration.cli import Session
from orchestration.errors import SanjehError, WorkspaceError
from orchestration.progress import counted
from orchestration.report.files import write_reports
from orchestration.report.speech import LANGUAGES
from orchestration.run_options import Cadence
from orchestration.settings import load_settings
from orchestration.workspace import Workspace


@click.command("report")
@click.option("--brand", default=None, help="Only this brand.")
@click.option("--cadence", type=click.Choice([each.value for each in Cadence]), default=None)
@click.option("--lang", type=click.Choice(LANGUAGES), default=None, help="Only this language.")
@click.option("--open", "is_opened", is_flag=True, help="Open the index in the browser.")
@click.pass_obj
def report_command(
    session: Session, *, brand: str | None, cadence: str | None, lang: str | None, is_opened: bool
) -> None:
    """Write the HTML reports that are not up to date."""
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    settings = load_settings(workspace, require_secrets=False)
    done = write_reports(
        workspace, languages=settings.report_languages(), brand=brand, cadence=cadence, lang=lang
    )
    for path in done.written:
        click.echo(str(path))
    written, kept = counted(len(done.written), "report"), len(done.kept)
    click.echo(f"{written} written, {kept} up to date. Index: {done.index}")
    if is_opened and not webbrowser.open(done.index.as_uri()):
        click.echo("No browser could be started here; open that file in one.")


def bring_reports_up(workspace: Workspace) -> None:
    """Let the reports say what readers see, after another command changed that.

    Raises:
        WorkspaceError: they could not be written; what was published stays.
    """
    try:
        settings = load_settings(workspace, require_secrets=False)
        done = write_reports(workspace, languages=settings.report_languages())
    except SanjehError as error:
        raise WorkspaceError(
            f"That is done, but the reports in {workspace.reports} still show what was published before. "
            f"{error} Then run `sanjeh report`."
        ) from error
    click.echo(f"{counted(len(done.written), 'report')} written anew.")
