"""The checks of ``sanjeh check``: would a run work here? Configuration, scorecards, folders, disk, sources.

In goes a workspace, out comes a list of findings, all of them even when the first fails. Nothing is landed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial

from connectors.core.errors import ConnectorError
from connectors.core.raw_zone import RawZone
from orchestration.alerts.deliver import is_understood, no_address
from orchestration.alerts.settings import KINDS
from orchestration.control import open_raw_zone
from orchestration.errors import SanjehError
from orchestration.progress import counted
from orchestration.run_state import read_holder, read_state
from orchestration.scorecard_lint import LintFinding, Severity, lint_workspace
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace


class Result(StrEnum):
    """How a check went: a note is worth knowing, a warning worth mending, a failure stops something."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAILED = "FAILED"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One check."""

    what: str
    result: Result
    message: str


def check_workspace(workspace: Workspace) -> list[Finding]:
    """Every check, in the order of a run."""
    workspace.load_environment()
    settings, finding = _load(workspace)
    copies = settings.publish.copies if settings is not None else 0
    findings = [
        finding,
        _attempt("folders", workspace.prepare, f"{workspace.root} can be written to"),
        _attempt("disk", partial(workspace.require_space, copies=copies), "enough free space for a run"),
        _attempt("state", lambda: read_state(workspace), "readable"),
        _raw_zone(workspace, settings),
    ]
    holder = read_holder(workspace)
    if holder is not None:
        findings.append(
            Finding(
                what="lock", result=Result.NOTE, message=f"run {holder.run_id} (pid {holder.pid}) took it"
            )
        )
    if workspace.erasing_file.exists():
        message = (
            "an erasure of people isn't finished, and until then "
            f"{workspace.erasing_file.relative_to(workspace.root)} holds their ids: run the same "
            "`sanjeh erase` again"
        )
        findings.append(Finding(what="erasure", result=Result.NOTE, message=message))
    if settings is not None:
        findings[1:1] = _scorecards(workspace, settings)
        findings.append(_personal_data(settings))
        if workspace.suppressed_file.exists():
            findings.append(
                _attempt("erased people", lambda: open_raw_zone(workspace, settings), "kept from landing")
            )
        findings += _sources(workspace, settings)
        findings += _notifiers(settings)
    return findings


def _load(workspace: Workspace) -> tuple[Settings | None, Finding]:
    try:
        settings = load_settings(workspace)
    except SanjehError as error:
        return None, Finding(what="configuration", result=Result.FAILED, message=str(error))
    parts = {
        "brand": settings.brands,
        "source": settings.sources,
        "scorecard": settings.scorecards,
        "objective": settings.plans.objectives,
        "budget": settings.plans.budgets,
    }
    message = ", ".join(
        counted(len(part), noun)
        for noun, part in parts.items()
        if part or noun not in {"objective", "budget"}
    )
    return settings, Finding(what="configuration", result=Result.OK, message=message)


def _scorecards(workspace: Workspace, settings: Settings) -> list[Finding]:
    """What the lint says of scorecards, objectives and budgets."""
    if settings.plans.is_empty:
        return []
    found = lint_workspace(workspace, settings)
    if found:
        return [_linted(finding) for finding in found]
    message = f"nothing to mend in {workspace.scorecards_file.name}"
    if not workspace.published_file.exists():
        message += "; what needs history is looked at once something is published"
    return [Finding(what="scorecards", result=Result.OK, message=message)]


def _linted(finding: LintFinding) -> Finding:
    result = Result.FAILED if finding.severity is Severity.ERROR else Result.WARNING
    return Finding(what=finding.code, result=result, message=finding.text)


def _raw_zone(workspace: Workspace, settings: Settings | None) -> Finding:
    """Whether the raw zone can be read; one on object storage is listed, and nothing of it fetched."""
    if settings is None or settings.storage.raw is None:
        return _attempt("raw zone", RawZone(workspace.raw, temp=workspace.temp, pii=None).verify, "whole")
    try:
        remote = open_raw_zone(workspace, settings).remote
        message = remote.summary() if remote else ""
    except (SanjehError, ConnectorError) as error:
        return Finding(what="raw zone", result=Result.FAILED, message=str(error))
    return Finding(what="raw zone", result=Result.OK, message=message)


def _attempt(what: str, action: Callable[[], object], success: str) -> Finding:
    try:
        action()
    except (SanjehError, ConnectorError) as error:
        return Finding(what=what, result=Result.FAILED, message=str(error))
    return Finding(what=what, result=Result.OK, message=success)


def _personal_data(settings: Settings) -> Finding:
    if settings.pii_key:
        return Finding(what="personal data key", result=Result.OK, message="set")
    return Finding(
        what="personal data key",
        result=Result.NOTE,
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
            findings.append(Finding(what=what, result=Result.FAILED, message=str(error)))
        else:
            problems = list(found.problems)
            if found.personal_columns and not settings.pii_key:
                columns, key = ", ".join(found.personal_columns), settings.project.pii_key_env
                problems.append(
                    f"{columns} hold personal data, and there is no key to hash it with: set {key} in "
                    f"{workspace.env_file}, or leave the columns out with `columns: {{name: null}}`"
                )
            message = "; ".join([found.summary, *found.notes, *problems])
            findings.append(
                Finding(what=what, result=Result.FAILED if problems else Result.OK, message=message)
            )
    return findings


def _notifiers(settings: Settings) -> list[Finding]:
    findings = []
    for name, notifier in settings.alerts.notifiers.items():
        what = f"notifier {name}"
        brands = "all brands" if notifier.brands is None else ", ".join(notifier.brands)
        kinds = [kind for kind in KINDS if notifier.hears_of(kind, None)]
        is_set = notifier.url() is not None
        works = is_set and is_understood(notifier)
        if not is_set:
            message = (
                f"{notifier.url_env} is not set; set it to the channel's Apprise URL, or add the line "
                f"{notifier.url_env}=... to the file .env of the workspace; until then its messages are kept"
            )
        elif not works:
            message = f"{no_address(notifier)}; until then its messages are kept"
        else:
            message = f"{brands}; {', '.join(kinds)}; address in {notifier.url_env}"
        findings.append(Finding(what=what, result=Result.OK if works else Result.FAILED, message=message))
    return findings
