"""``sanjeh suggest``: a scorecard proposed from the published file; changes nothing."""

from __future__ import annotations

import sys

import click

from orchestration.cli import Session
from orchestration.commands.terminal import console_on
from orchestration.scorecard_suggestion import suggest
from orchestration.scorecard_suggestion_view import as_table, as_yaml
from orchestration.scorecards import Goal, Grain
from orchestration.settings import load_settings
from orchestration.workspace import Workspace


@click.command("suggest")
@click.option("--brand", required=True, help="Id or name of a brand.")
@click.option("--goal", required=True, type=click.Choice([goal.value for goal in Goal]))
@click.option(
    "--grain",
    type=click.Choice([grain.value for grain in Grain]),
    default=Grain.MONTH.value,
    show_default=True,
    help="Length of the periods to judge.",
)
@click.option("--format", "format_", type=click.Choice(["yaml", "table"]), default="yaml")
@click.pass_obj
def suggest_command(session: Session, *, brand: str, goal: str, grain: str, format_: str) -> None:
    """Propose a scorecard of 3 to 5 KPIs that a brand measures, with targets from their history."""
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    settings = load_settings(workspace, require_secrets=False)
    found = suggest(workspace, settings, brand=brand, goal=Goal(goal), grain=Grain(grain))
    if format_ == "table":
        console_on(sys.stdout).print(as_table(found))
    else:
        click.echo(as_yaml(found), nl=False)
        if isinstance(settings.plans.file.data, dict) and "scorecards" in settings.plans.file.data:
            click.echo(
                f"{settings.plans.file.where(('scorecards',))} is there already: paste this from `- id` on "
                "below it; the key may stand only once.",
                err=True,
            )
