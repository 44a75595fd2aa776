"""The starter workspace: what ``sanjeh init DIR`` writes.

In goes a folder that holds no workspace yet, out comes one with commented configuration, an empty drop folder
and a key for personal data. An existing ``sanjeh.yml`` is never overwritten (WorkspaceError).
"""

from __future__ import annotations

import os
import secrets
from importlib.resources import files
from pathlib import Path

from orchestration.errors import WorkspaceError
from orchestration.settings import PII_KEY_VARIABLE
from orchestration.workspace import Workspace

TEMPLATES = {"sanjeh.yml": "sanjeh.yml", "scorecards.yml": "scorecards.yml", "gitignore": ".gitignore"}
"""File name in the workspace by template."""


def create_workspace(folder: Path) -> Workspace:
    """Write a commented starter workspace into ``folder``, which may exist.

    Raises:
        WorkspaceError: there is a workspace already, or the folder can't be written to.
    """
    workspace = Workspace(folder.expanduser().absolute())
    if workspace.settings_file.exists():
        raise WorkspaceError(
            f"{workspace.settings_file} exists, so {workspace.root} is a workspace already; nothing was "
            "changed. Name another folder."
        )
    try:
        workspace.root.mkdir(parents=True, exist_ok=True)
        if not workspace.env_file.exists():
            _write_private(workspace.env_file, _environment())
        for template, name in TEMPLATES.items():
            target = workspace.root / name
            if not target.exists():
                text = files(__package__).joinpath(template).read_text(encoding="utf-8")
                target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            f"The workspace {workspace.root} can't be made: {error.strerror or error}. Check owner, "
            "permissions and free space of its parent folder."
        ) from error
    workspace.prepare()
    return workspace


def _environment() -> str:
    return (
        "# Secrets of this workspace. Never commit this file; keep a copy of the key: with another "
        "one the same\n"
        "# person gets another hash, and what has landed can't be joined with what lands later.\n"
        f"{PII_KEY_VARIABLE}={secrets.token_hex(32)}\n"
    )


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
