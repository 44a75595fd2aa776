"""Where Dagster keeps its storage: ``dagster.yaml`` and the environment agree, or the run says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.dagster_instance import DAGSTER_YAML, POSTGRES_YAML, activate
from orchestration.dagster_postgres import STORAGE_YAML, URL_VARIABLE, require_postgres, shown
from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace

URL = "postgresql+psycopg2://sanjeh:secret@db:5432/dagster"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    for name in ("SANJEH_HOME", "DAGSTER_HOME", URL_VARIABLE):
        monkeypatch.setenv(name, "")  # put back after the test, whatever activate() sets
    return Workspace(tmp_path)


def _settings(workspace: Workspace) -> Path:
    return workspace.dagster_home / "dagster.yaml"


def test_the_variable_moves_storage_that_was_not_edited(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    activate(workspace)
    assert _settings(workspace).read_text() == DAGSTER_YAML
    monkeypatch.setenv(URL_VARIABLE, URL)
    activate(workspace)
    assert _settings(workspace).read_text() == POSTGRES_YAML
    assert "secret" not in POSTGRES_YAML


def test_edited_settings_are_kept(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    activate(workspace)
    edited = f"{DAGSTER_YAML}\nui:\n  name: ours\n"
    _settings(workspace).write_text(edited)
    activate(workspace)
    assert _settings(workspace).read_text() == edited
    monkeypatch.setenv(URL_VARIABLE, URL)
    with pytest.raises(WorkspaceError, match=r"(?s)was edited and doesn't name it.*postgres_url"):
        activate(workspace)
    _settings(workspace).write_text(f"{STORAGE_YAML}ui:\n  name: ours\n")
    activate(workspace)


def test_history_in_a_database_is_not_left_for_files_by_a_forgotten_variable(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_VARIABLE, URL)
    activate(workspace)
    monkeypatch.setenv(URL_VARIABLE, "")
    with pytest.raises(WorkspaceError, match=f"{URL_VARIABLE}, which says where, isn't set"):
        activate(workspace)


def test_what_is_told_of_the_database_holds_no_password() -> None:
    assert shown(URL) == "postgresql+psycopg2://db:5432/dagster"
    for scheme in ("mysql", "postgresql"):
        with pytest.raises(WorkspaceError, match=r"looks like postgresql\+psycopg2://user"):
            require_postgres(f"{scheme}://sanjeh:secret@db/dagster")
    with pytest.raises(
        WorkspaceError, match=r"127\.0\.0\.1:1/x .*onnection refused.*See that the server runs"
    ) as told:
        require_postgres("postgresql+psycopg2://sanjeh:s3cr3t@127.0.0.1:1/x")
    assert "s3cr3t" not in str(told.value)
