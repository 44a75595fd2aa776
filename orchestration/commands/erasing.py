"""``sanjeh erase``: take people out of everything that is stored of one brand, keep them out, prove it."""

from __future__ import annotations

import sys
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.table import Table

from orchestration.cli import Session
from orchestration.commands.run import run_job
from orchestration.commands.terminal import console_on
from orchestration.dagster_postgres import postgres_url, shown
from orchestration.erase.addresses import read_addresses
from orchestration.erase.exports import Export
from orchestration.erase.flow import Erasure, Outlook, Result
from orchestration.erase.plan import keeps_clear_text
from orchestration.erase.scan import Proof
from orchestration.errors import SanjehError, SettingsError
from orchestration.progress import counted
from orchestration.run_options import RunOptions
from orchestration.run_state import ERASE, RunRecord, run_lock
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace

_SHOWN = 20


@click.command("erase")
@click.option("--brand", required=True, help="Brand to erase them from.")
@click.option(
    "--email-file",
    required=True,
    type=click.Path(path_type=Path),
    help="Their e-mail addresses, one a line; outside of the workspace.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and change nothing.")
@click.option(
    "--exports",
    type=click.Choice(["name", "purge"]),
    default="name",
    show_default=True,
    help="Export files that hold them: name them, or take their records out of text files.",
)
@click.option("--as-of", default="", metavar="T", help="Fix the clock of the rebuild: a day or a timestamp.")
@click.pass_obj
def erase_command(
    session: Session,
    *,
    brand: str,
    email_file: Path,
    dry_run: bool,
    exports: Literal["name", "purge"],
    as_of: str,
) -> None:
    """Erase people from raw zone, warehouse, versions, history and logs, and prove it."""
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    settings = load_settings(workspace)
    _check(workspace, settings, brand, email_file)
    options = RunOptions.parse(full_refresh=True, as_of=as_of, kind=ERASE)
    addresses = read_addresses(email_file)
    workspace.prepare()
    console = console_on(sys.stdout)
    run_id = str(uuid.uuid4())
    now = options.as_of or datetime.now(UTC)
    with run_lock(workspace, run_id=run_id, started_at=datetime.now(UTC)):
        erasure = Erasure(
            workspace,
            settings,
            brand=brand,
            addresses=addresses,
            say=lambda text: click.echo(text, err=True),
        )
        outlook = erasure.look()
        _print_outlook(console, workspace, outlook, dry_run=dry_run)
        if dry_run:
            return

        def rebuild() -> RunRecord:
            return run_job(session, workspace, options, run_id=run_id)

        workspace.require_space()
        result = erasure.erase(
            outlook, run_id=run_id, now=now, purge_exports=exports == "purge", rebuild=rebuild
        )
    if url := postgres_url():
        console.print(f"Not searched: Dagster's messages in {shown(url)}.", markup=False, soft_wrap=True)
    _conclude(console, workspace, result)


def _check(workspace: Workspace, settings: Settings, brand: str, email_file: Path) -> None:
    if brand not in settings.brands:
        known = ", ".join(sorted(settings.brands))
        raise SettingsError(
            f"--brand {brand} is no brand of {workspace.settings_file}; configured: {known}. Nothing was "
            "changed."
        )
    if settings.pii_key is None and not keeps_clear_text(settings, brand):
        raise SettingsError(
            f"There is no key for personal data: {settings.project.pii_key_env} is not set, so nobody can be "
            "found by address. Set it, in .env or the environment, to the key that their addresses were "
            "hashed with. Nothing was changed."
        )
    if email_file.exists() and email_file.resolve().is_relative_to(workspace.root.resolve()):
        raise SettingsError(
            f"--email-file {email_file} lies in the workspace, which is to hold no trace of these addresses "
            "afterwards. Move it out, and delete it when all is done. Nothing was changed."
        )


def _print_outlook(console: Console, workspace: Workspace, outlook: Outlook, *, dry_run: bool) -> None:
    plan = outlook.plan

    def say(text: str) -> None:
        console.print(text, markup=False, soft_wrap=True)

    if outlook.pending is not None:
        say(f"Going on with the erasure begun {outlook.pending.begun_at:%Y-%m-%d %H:%M} UTC.")
    unknown = [address for address in plan.addresses if address.line not in plan.known]
    say(f"Brand {plan.brand} knows {len(plan.known)} of {len(plan.addresses)} addresses asked for.")
    for address in unknown[:_SHOWN]:
        say(f"  line {address.line}: no record of brand {plan.brand} has {address.text}")
    for address in plan.addresses:
        if address.is_role and address.line in plan.known:
            say(
                f"  line {address.line}: {address.text} is a role address; rows that carry it go, and nobody "
                "is linked by it"
            )
    kinds = Counter(token.kind.value for token in plan.tokens)
    if kinds:
        say("Known by: " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) + ".")
    if plan.rows:
        table = Table(title="Rows of the raw zone", title_justify="left")
        table.add_column("source")
        table.add_column("stream")
        table.add_column("rows", justify="right")
        for (source, stream), rows in sorted(plan.rows.items()):
            table.add_row(source, stream, f"{rows:,}")
        console.print(table)
    for purged in outlook.published:
        say(f"{purged.path.relative_to(workspace.root)}: {counted(purged.rows or 0, 'row')} of theirs")
    if plan.holders:
        say(
            f"Brand {', '.join(plan.holders)} holds an address of theirs too and keeps it; erase them there "
            "as well if they asked for that."
        )
    for export in outlook.exports:
        say(f"Export file: {_export_line(workspace, export)}")
    if dry_run:
        say("Nothing was changed.")


def _export_line(workspace: Workspace, export: Export) -> str:
    name = export.path.relative_to(workspace.root)
    if export.others:
        return f"{name} (of brand {', '.join(export.others)}: left alone)"
    if not export.path.is_relative_to(workspace.exports):
        return f"{name} (not below exports/: edit it by hand)"
    if by_hand := export.by_hand:  # asked once: it reads the file
        return f"{name} ({by_hand}: by hand)"
    return f"{name} (--exports purge takes their records out)"


def _conclude(console: Console, workspace: Workspace, result: Result) -> None:
    proof = result.proof
    _print_proof(console, proof)
    if result.is_closed:
        for export in result.exports:
            console.print(f"Left: {_export_line(workspace, export)}", markup=False, soft_wrap=True)
        said = "Erased. " if result.was_known else ""
        console.print(f"{said}Nothing of them is found in any file.", markup=False)
        return
    named = {export.path for export in result.exports}
    own = [
        f"  {finding.path.relative_to(workspace.root)}: {finding.what} in {finding.place}"
        for finding in proof.findings
        if finding.path not in named
    ]
    parts = []
    if result.exports:
        files = [f"  {_export_line(workspace, export)}" for export in result.exports if not export.others]
        parts.append(
            "These files of yours still hold them or can't be looked into. Take them out (`--exports purge` "
            "does it for text files below exports/) or delete the files, and run the same command again; "
            f"until then {workspace.erasing_file.relative_to(workspace.root)} keeps their ids.\n"
            + _listed(files)
        )
    if own:
        parts.append(
            "These files of Sanjeh's still hold something of theirs or can't be looked into, which must not "
            "be. Close what has them open and run the same command again; if it stays, report it with this "
            f"list.\n{_listed(own)}"
        )
    raise SanjehError("\n".join(["The proof isn't whole.", *parts]))


def _listed(lines: Sequence[str]) -> str:
    more = [f"  and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "\n".join([*lines[:_SHOWN], *more])


def _print_proof(console: Console, proof: Proof) -> None:
    table = Table(title="Proof", title_justify="left")
    table.add_column("searched")
    table.add_column("found", justify="right")
    found = Counter(finding.what for finding in proof.findings)
    searched = f"{proof.files:,} files, {proof.searched_bytes / 1e6:,.0f} MB with what is compressed in them"
    for what, title in (
        ("hash", "keyed hashes and customer keys"),
        ("id", "ids of ten characters or more"),
        ("address", "addresses"),
    ):
        table.add_row(f"{title}: {searched}", f"{found[what]:,}")
    table.add_row(
        f"all ids by column: {proof.streams} streams of the raw zone, {proof.tables:,} warehouse tables",
        f"{found['rows']:,}",
    )
    if found["unread"]:
        table.add_row("files that can't be looked into", f"{found['unread']:,}")
    console.print(table)
