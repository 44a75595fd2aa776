"""The checks of ``sanjeh check``: would a run work here? Configuration, key, folders, disk, each source.

In goes a workspace, out comes a list of findings, all of them even when the first fails. Nothing is landed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.core.errors import ConnectorError
from connectors.core.raw_zone import RawZone
from orchestration.control import open_raw_zone
from orchestration.errors import SanjehError
from orchestration.progress import counted
from orchestration.run_state import read_holder, read_state
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check; ``ok`` is None for something worth knowing that stops nothing."""

    what: str
    ok: bool | None
    message: str


def check_workspace(workspace: Workspace) -> list[Finding]:
    """Every check, in the order of a run."""
    workspace.load_environment()
    settings, finding = _load(workspace)
    findings = [
        finding,
        _attempt("folders", workspace.prepare, f"{workspace.root} can be written to"),
        _attempt("disk", workspace.require_space, "enough free space for a run"),
        _attempt("state", lambda: read_state(workspace), "readable"),
        _attempt("raw zone", RawZone(workspace.raw, temp=workspace.temp, pii=None).verify, "whole"),
    ]
    holder = read_holder(workspace)
    if holder is not None:
        findings.append(
            Finding(what="lock", ok=None, message=f"run {holder.run_id} (pid {holder.pid}) took it")
        )
    if workspace.erasing_file.exists():
        message = (
            "an erasure of people isn't finished, and until then "
            f"{workspace.erasing_file.relative_to(workspace.root)} holds their ids: run the same "
            "`sanjeh erase` again"
        )
        findings.append(Finding(what="erasure", ok=None, message=message))
    if settings is not None:
        findings.append(_personal_data(settings))
        if workspace.suppressed_file.exists():
            findings.append(
                _attempt("erased people", lambda: open_raw_zone(workspace, settings), "kept from landing")
            )
        findings += _sources(workspace, settings)
    return findings


def _load(workspace: Workspace) -> tuple[Settings | None, Finding]:
    try:
        settings = load_settings(workspace)
    except SanjehError as error:
        return None, Finding(what="configuration", ok=False, message=str(error))
    parts = {"brand": settings.brands, "source": settings.sources, "scorecard": settings.scorecards}
    message = ", ".join(counted(len(part), noun) for noun, part in parts.items())
    return settings, Finding(what="configuration", ok=True, message=message)


def _attempt(what: str, action: Callable[[], object], success: str) -> Finding:
    try:
        action()
    except (SanjehError, ConnectorError) as error:
        return Finding(what=what, ok=False, message=str(error))
    return Finding(what=what, ok=True, message=success)


def _personal_data(settings: Settings) -> Finding:
    if settings.pii_key:
        return Finding(what="personal data key", ok=True, message="set")
    return Finding(
        what="personal data key",
        ok=None,
        message=(
            f"{settings.project.pii_key_env} is not set; it is needed once a file has a column of e-mail "
            "addresses, phone numbers or names"
        ),
    )


def _sources(workspace: Workspace, settings: Settings) -> list[Finding]:
    findings = []
    for source in settings.sources.values():
        what = f"source {source.source_id}"
        try:
            found = source.check(workspace, now=datetime.now(UTC))
        except ConnectorError as error:
            findings.append(Finding(what=what, ok=False, message=str(error)))
        else:
            problems = list(found.problems)
            if found.personal_columns and not settings.pii_key:
                columns, key = ", ".join(found.personal_columns), settings.project.pii_key_env
                problems.append(
                    f"{columns} hold personal data, and there is no key to hash it with: set {key} in "
                    f"{workspace.env_file}, or leave the columns out with `columns: {{name: null}}`"
                )
            message = "; ".join([found.summary, *found.notes, *problems])
            findings.append(Finding(what=what, ok=not problems, message=message))
    return findings
