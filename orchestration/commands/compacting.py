"""``sanjeh compact``: put the raw zone's small files together, all at once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import click

from connectors.core.compaction import compact
from connectors.registry import STREAMS
from orchestration.cli import Session
from orchestration.control import open_raw_zone
from orchestration.progress import counted
from orchestration.run_state import read_state, run_lock
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

_say = partial(click.echo, err=True)


@click.command("compact")
@click.pass_obj
def compact_command(session: Session) -> None:
    """Put small raw files of closed months and years together; runs do it bit by bit.

    No value changes, and nothing is rebuilt. Files that nothing lists any more are deleted.
    """
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    settings = load_settings(workspace, require_secrets=False)
    if settings.storage.raw:
        # The bucket's keys are secrets too.
        settings = load_settings(workspace)
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(settings.project.timezone)).date()
    run_id = str(uuid.uuid4())
    zone = open_raw_zone(workspace, settings)
    with (
        run_lock(workspace, run_id=run_id, started_at=now),
        zone.writing(run_id=run_id, started_at=now, above=read_state(workspace).last_load_id, said=_say),
    ):
        zone.verify(_say)
        before = after = 0
        for folder, manifest in zone.manifests():
            stream = STREAMS.get(f"{manifest.connector}/{manifest.stream}")
            if stream is None:
                continue
            before += len(manifest.files)
            after += len(manifest.files)
            while done := compact(folder, stream, today=today, temp=zone.temp, keeper=zone.keeper):
                after += done.files_after - done.files_before
        collected = zone.collect_garbage()
    if before == after:
        click.echo(f"Nothing to put together: {counted(before, 'raw file')}.")
    else:
        click.echo(f"{counted(before, 'raw file')} became {after:,}; {collected:,} superseded ones deleted.")
