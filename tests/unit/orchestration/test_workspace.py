"""Which folder is the workspace, and what is said when it can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.errors import WorkspaceError
from orchestration.workspace import HOME_VARIABLE, Workspace, dbt_project_dir, git_revision


def made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "sanjeh.yml").touch()
    return folder


def test_argument_wins_over_variable_and_variable_over_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    argument, variable, current = (made(tmp_path / name) for name in ("argument", "variable", "current"))
    monkeypatch.chdir(current)
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    assert Workspace.find().root == current
    monkeypatch.setenv(HOME_VARIABLE, str(variable))
    assert Workspace.find().root == variable
    assert Workspace.find(argument).root == argument


def test_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=r"No sanjeh.yml in .*`sanjeh init DIR`"):
        Workspace.find(tmp_path)


def test_workspace_that_cannot_be_written_to_names_the_folder(workspace: Workspace) -> None:
    workspace.exports.rmdir()
    workspace.exports.write_text("a file where a folder should be")
    with pytest.raises(WorkspaceError, match=r"can't be written to: .*exports"):
        workspace.prepare()


def test_too_little_space_says_how_much_is_needed(workspace: Workspace) -> None:
    workspace.require_space()
    with pytest.raises(WorkspaceError, match=r"a run needs 1,000,000,\d{3},\d{3} MB"):
        workspace.require_space(10**18)


def test_project_and_revision_of_this_checkout() -> None:
    assert (dbt_project_dir() / "dbt_project.yml").is_file()
    assert git_revision()
