"""``engine:`` of sanjeh.yml: what dbt's profile reads of it, what a variable overrides, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.engine_settings import (
    MEMORY_VARIABLE,
    TEMP_VARIABLE,
    THREADS_VARIABLE,
    EngineSettings,
    enter_engine_limits,
)
from orchestration.errors import SettingsError
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

HEAD = "project: {name: Acme, currency: GBP}\nbrands:\n  acme: {name: Acme}\n"


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (MEMORY_VARIABLE, TEMP_VARIABLE, THREADS_VARIABLE):
        monkeypatch.setenv(name, "")  # so that what the test sets goes away after it


def _engine(home: Path, text: str) -> EngineSettings:
    (home / "sanjeh.yml").write_text(HEAD + text, encoding="utf-8")
    return load_settings(Workspace(home)).engine


def test_what_the_workspace_says_reaches_dbt(tmp_path: Path) -> None:
    engine = _engine(tmp_path, "engine: {memory_limit: 1.5 GB, threads: 3, temp_directory: spill}\n")
    enter_engine_limits(engine, Workspace(tmp_path))
    assert os.environ[MEMORY_VARIABLE] == "1.5 GB"
    assert os.environ[THREADS_VARIABLE] == "3"
    assert os.environ[TEMP_VARIABLE] == str(tmp_path / "spill")


def test_a_variable_wins_and_what_is_not_said_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MEMORY_VARIABLE, "8GB")
    enter_engine_limits(_engine(tmp_path, "engine: {memory_limit: 1GB}\n"), Workspace(tmp_path))
    assert os.environ[MEMORY_VARIABLE] == "8GB"
    assert (os.environ[THREADS_VARIABLE], os.environ[TEMP_VARIABLE]) == ("", "")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("engine: {memory_limit: 3}\n", "engine.memory_limit"),
        ("engine: {memory_limit: 3 gigs}\n", "engine.memory_limit"),
        ("engine: {memory_limit: 0GB}\n", "engine.memory_limit"),
        ("engine: {threads: 0}\n", "engine.threads"),
        ("engine: {thread: 2}\n", "engine.thread"),
    ],
)
def test_what_is_no_limit_is_refused_by_its_key(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(SettingsError, match=key):
        _engine(tmp_path, text)
