"""``sanjeh scorecard`` and ``status``: what is published, and how each source stands; changes nothing."""

from __future__ import annotations

import sys

import click
from rich.table import Table

from orchestration.cli import Session
from orchestration.commands.terminal import console_on
from orchestration.errors import WorkspaceError
from orchestration.objective_view import (
    objectives_as_csv,
    objectives_as_json,
    print_objectives,
    read_objectives,
)
from orchestration.scorecard_view import (
    GRAINS,
    print_scorecards,
    read_scorecards,
    scorecards_as_csv,
    scorecards_as_json,
)
from orchestration.source_status import WITHOUT_ERROR, overdue_days, read_source_status
from orchestration.workspace import Workspace

NO_SOURCE = (
    "No source is set up yet. Name your first one under sources in {settings} (the examples there say how), "
    "put its export where its path says, then run `sanjeh check` and `sanjeh run`."
)
LEGEND = (
    "lag: days since the newest landed day, where new ones are awaited. state: ok, the last attempt worked; "
    "final, it did and nothing new or corrected is awaited; never landed, no run has loaded it yet; failed, "
    "the error stands below."
)


@click.command("scorecard")
@click.option("--brand", default=None, help="Only this brand.")
@click.option("--grain", type=click.Choice(GRAINS), default=None, help="Only this grain.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv"]), default="table")
@click.option("--lang", type=click.Choice(["en", "fa"]), default="en", help="Language of the table.")
@click.option("--objectives", "only_objectives", is_flag=True, help="Only objectives with their key results.")
@click.pass_obj
def scorecard_command(
    session: Session, *, brand: str | None, grain: str | None, format_: str, lang: str, only_objectives: bool
) -> None:
    """Print scorecards, and objectives below them, from the published file.

    JSON and CSV hold the scorecards, or with --objectives the key results.
    """
    workspace = Workspace.find(session.home)
    is_table = format_ == "table"
    cards = [] if only_objectives else read_scorecards(workspace, brand=brand, grain=grain)
    objectives = read_objectives(workspace, brand=brand, grain=grain) if only_objectives or is_table else []
    match format_:
        case "json":
            click.echo(objectives_as_json(objectives) if only_objectives else scorecards_as_json(cards))
        case "csv":
            text = objectives_as_csv(objectives) if only_objectives else scorecards_as_csv(cards)
            click.echo(text, nl=False)
        case _:
            console = console_on(sys.stdout)
            if not only_objectives:
                print_scorecards(console, cards, lang=lang)
            elif not objectives:
                console.print(_no_objectives(workspace, brand, grain), markup=False, soft_wrap=True)
            print_objectives(console, objectives, lang=lang)


def _no_objectives(workspace: Workspace, brand: str | None, grain: str | None) -> str:
    """Why there are none: none at all, or none of that brand and grain."""
    others = read_objectives(workspace, brand=None, grain=None)
    if not others:
        return "There are no objectives; scorecards.yml lists them under objectives."
    wanted = " and ".join(
        f"{option} {value}" for option, value in (("brand", brand), ("grain", grain)) if value is not None
    )
    there = sorted({f"{row.brand_id} by {row.grain}" for row in others})
    return f"No objective has {wanted}. There are objectives of {', '.join(there)}."


@click.command("status")
@click.pass_obj
def status_command(session: Session) -> None:
    """Print, per source and stream, what is landed and what went wrong last."""
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    table = Table()
    columns = ("source", "stream", "days landed", "rows", "last success (UTC)", "lag", "rejected", "state")
    for column in columns:
        table.add_column(column, justify="right" if column in {"rows", "lag", "rejected"} else "left")
    quality: list[str] = []
    errors: dict[str, None] = {}  # several streams of a source share one error
    rows = read_source_status(workspace)
    console = console_on(sys.stdout)
    if not rows:
        console.print(NO_SOURCE.format(settings=workspace.settings_file), markup=False, soft_wrap=True)
        return
    for row in rows:
        has_failed = row.state not in WITHOUT_ERROR
        if has_failed:
            errors[f"{row.source_id}: {row.state}"] = None
        if row.quality:
            quality.append(
                f"{row.source_id} {row.stream_id}: the vendor says of the last month: {row.quality}"
            )
        table.add_row(
            row.source_id,
            row.stream_id,
            f"{row.first_day} … {row.last_day}" if row.first_day and row.last_day else "–",
            f"{row.rows:,}",
            f"{row.last_success_at:%Y-%m-%d %H:%M}" if row.last_success_at else "–",
            f"{row.lag_days} d" if row.lag_days is not None else "–",
            f"{row.rejected:,}",
            "failed" if has_failed else row.state,
        )
    console.print(table)
    console.print(LEGEND, markup=False, soft_wrap=True)
    try:
        owed = overdue_days(workspace)
    except WorkspaceError as unread:
        owed = [str(unread)]
    for line in owed:
        console.print(line, markup=False, soft_wrap=True)
    for line in quality:
        console.print(line, markup=False, soft_wrap=True)
    for error in errors:
        console.print(error, markup=False, soft_wrap=True)
