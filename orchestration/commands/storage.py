"""``sanjeh storage``: the raw zone in a bucket: take it there, fetch it, free it of a dead machine."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from functools import partial

import click

from connectors.core.raw_zone import RawZone
from connectors.core.remote_zone import Moved, RemoteZone
from orchestration.cli import Session
from orchestration.control import open_raw_zone
from orchestration.errors import SettingsError
from orchestration.progress import counted
from orchestration.run_state import read_state, run_lock
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

_say = partial(click.echo, err=True)


@click.group("storage")
def storage_command() -> None:
    """The raw zone on object storage (`storage:` in sanjeh.yml): push, pull, release."""


@storage_command.command("push")
@click.pass_obj
def push_command(session: Session) -> None:
    """Take the raw zone in raw/ into the bucket: what the bucket lacks, never what it has."""
    workspace, zone, remote = _opened(session)
    run_id, now = str(uuid.uuid4()), datetime.now(UTC)
    with (
        run_lock(workspace, run_id=run_id, started_at=now),
        zone.writing(run_id=run_id, started_at=now, above=read_state(workspace).last_load_id, said=_say),
    ):
        _tell(remote, remote.push(_say), "is whole; pushed")


@storage_command.command("pull")
@click.pass_obj
def pull_command(session: Session) -> None:
    """Bring raw/ in line with the bucket, as every run does; for reading on another machine."""
    workspace, zone, remote = _opened(session)
    with run_lock(workspace, run_id=str(uuid.uuid4()), started_at=datetime.now(UTC)):
        moved = remote.pull(_say)
        zone.verify()
    _tell(remote, moved, "is mirrored in raw/; fetched")


@storage_command.command("release")
@click.pass_obj
def release_command(session: Session) -> None:
    """Free the bucket's raw zone of a run whose machine is gone for good; look whether it is before."""
    _, _, remote = _opened(session)
    holder = remote.mark.release()
    click.echo(f"Freed of {holder}." if holder else f"Nobody holds {remote.url}; nothing was done.")


def _opened(session: Session) -> tuple[Workspace, RawZone, RemoteZone]:
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    zone = open_raw_zone(workspace, load_settings(workspace))
    if zone.remote is None:
        raise SettingsError(
            f"{workspace.settings_file} names no object storage, so raw/ is the raw zone. To keep it in a "
            "bucket, set storage.raw to s3://bucket/prefix (docs/scale.md), then `sanjeh storage push`."
        )
    workspace.prepare()
    return workspace, zone, zone.remote


def _tell(remote: RemoteZone, moved: Moved, what: str) -> None:
    parts = (
        f"{counted(moved.manifests, 'manifest')}, {counted(moved.files, 'file')}, {moved.bytes / 1e6:,.1f} MB"
    )
    click.echo(f"{remote.url} {what} {parts}.")
