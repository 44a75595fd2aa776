"""``sanjeh dev``: the Dagster UI on 127.0.0.1, over this workspace. Becomes the ``dagster`` process."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from orchestration.cli import Session
from orchestration.dagster_instance import activate, require_storage
from orchestration.parsed_project import parsed_project
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

DEV_NOTICE = "ignore:Function `dev_command` is superseded"
"""Warning filter: `dg dev`, which Dagster advertises at every start, is a package that only starts this."""


@click.command("dev")
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.pass_obj
def dev_command(session: Session, *, port: int) -> None:
    """Open the Dagster UI; a run started there does the same as `sanjeh run`."""
    workspace = Workspace.find(session.home)
    workspace.load_environment()
    load_settings(workspace)
    workspace.prepare()
    activate(workspace)
    require_storage()
    # Dagster's processes would each find it missing.
    parsed_project()
    click.echo(f"Dagster UI of {workspace.root} on http://127.0.0.1:{port} (Ctrl-C ends it)", err=True)
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, [os.environ.get("PYTHONWARNINGS"), DEV_NOTICE]))
    # A shell's background job starts with Ctrl-C ignored, and Dagster then ignores every way to end it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    executable = str(Path(sys.executable).with_name("dagster"))
    module = ["-m", "orchestration.definitions"]
    os.execv(executable, [executable, "dev", *module, "--host", "127.0.0.1", "--port", str(port)])  # noqa: S606 - fixed words
