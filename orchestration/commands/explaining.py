"""``sanjeh history``, ``explain`` and ``diff``: where a published value comes from and how it changed.

They read the published file, the ledger and the raw zone, and change nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import click

from orchestration.cli import Session
from orchestration.commands.terminal import console_on
from orchestration.kpi_cells import find_brand, find_cell, find_kpi
from orchestration.kpi_diff import COLUMNS as DIFF_COLUMNS
from orchestration.kpi_diff import event_of_version, event_since, newest, only_version, print_diff, read_diff
from orchestration.kpi_explain import read_explanation
from orchestration.kpi_explain_view import print_explanation
from orchestration.kpi_history import COLUMNS as HISTORY_COLUMNS
from orchestration.kpi_history import print_history, read_history
from orchestration.ledger import Event, Ledger
from orchestration.published_reader import published_connection
from orchestration.row_output import as_csv, as_json
from orchestration.scorecard_view import GRAINS
from orchestration.workspace import Workspace

Callback = TypeVar("Callback", bound=Callable[..., None])


def _of_cell(command: Callback) -> Callback:
    """BRAND, KPI and PERIOD, and the options that choose one of their cells."""
    for parameter in (
        click.option(
            "--segment", default=None, metavar="TYPE/NAME", help="A breakdown, such as channel/email."
        ),
        click.option(
            "--grain",
            type=click.Choice(GRAINS),
            default=None,
            help="With a day: the week, month … that holds it.",
        ),
        click.argument("period"),
        click.argument("kpi"),
        click.argument("brand"),
    ):
        command = parameter(command)
    return command


@click.command("history")
@_of_cell
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv"]), default="table")
@click.pass_obj
def history_command(
    session: Session,
    *,
    brand: str,
    kpi: str,
    period: str,
    grain: str | None,
    segment: str | None,
    format_: str,
) -> None:
    """Print every value ever published of a KPI in one period: when, by which run, why.

    PERIOD is 2026-11, 2026-11-03, 2026-W45, 2026-Q4, or Jalali: 1405-08. KPI is an id, a name or an alias
    such as CPA.
    """
    with published_connection(Workspace.find(session.home)) as con:
        cell = find_cell(con, brand, kpi, period, grain=grain, segment=segment)
        rows = read_history(con, cell)
    match format_:
        case "json":
            click.echo(as_json(rows))
        case "csv":
            click.echo(as_csv(rows, HISTORY_COLUMNS), nl=False)
        case _:
            print_history(console_on(sys.stdout), cell, rows)


@click.command("explain")
@_of_cell
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table")
@click.pass_obj
def explain_command(
    session: Session,
    *,
    brand: str,
    kpi: str,
    period: str,
    grain: str | None,
    segment: str | None,
    format_: str,
) -> None:
    """Print what a value is made of: formula, parts, days, status, and the files and rows behind it.

    PERIOD is 2026-11, 2026-11-03, 2026-W45, 2026-Q4, or Jalali: 1405-08. KPI is an id, a name or an alias
    such as CPA.
    """
    workspace = Workspace.find(session.home)
    with published_connection(workspace) as con:
        cell = find_cell(con, brand, kpi, period, grain=grain, segment=segment)
        explanation = read_explanation(con, workspace, cell)
    if format_ == "json":
        click.echo(as_json(explanation))
    else:
        print_explanation(console_on(sys.stdout), explanation)


@click.command("diff")
@click.argument("first", metavar="[V1]", type=int, required=False)
@click.argument("second", metavar="[V2]", type=int, required=False)
@click.option(
    "--since", default=None, metavar="DAY", help="From what readers saw at the end of that UTC day."
)
@click.option("--brand", default=None, help="Only this brand.")
@click.option("--kpi", default=None, help="Only this KPI.")
@click.option("--grain", type=click.Choice(GRAINS), default=None, help="Only this grain.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "csv"]), default="table")
@click.pass_obj
def diff_command(
    session: Session,
    *,
    first: int | None,
    second: int | None,
    since: str | None,
    brand: str | None,
    kpi: str | None,
    grain: str | None,
    format_: str,
) -> None:
    """Print which values differ between versions V1 and V2, and which source moved them.

    V2 is what readers see now unless it is named; without V1, what they saw before.
    """
    if since is not None and first is not None:
        raise click.UsageError("Name versions or --since, not both.")
    workspace = Workspace.find(session.home)
    events = Ledger(workspace).events()
    after = newest(events) if second is None else event_of_version(events, second)
    before: Event | None
    if since is not None:
        before = event_since(events, since)
    elif first is not None:
        before = event_of_version(events, first)
    else:
        before = events[-2] if len(events) > 1 else None
    with published_connection(workspace) as con:
        brand_id = find_brand(con, brand)["brand_id"] if brand else None
        kpi_id = find_kpi(con, kpi)["kpi_id"] if kpi else None
        rows = (
            read_diff(con, before, after, brand_id=brand_id, kpi_id=kpi_id, grain=grain)
            if before is not None
            else []
        )
    match format_:
        case "json":
            click.echo(as_json([{name: row[name] for name in DIFF_COLUMNS} for row in rows]))
        case "csv":
            click.echo(as_csv(rows, DIFF_COLUMNS), nl=False)
        case _ if before is None:
            click.echo(only_version(after))
        case _:
            print_diff(console_on(sys.stdout), before, after, rows, cells=bool(brand or kpi))
