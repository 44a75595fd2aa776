"""The suppression list and the note of an erasure under way: what they hold, and what a bad one means."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime

import pytest

from connectors.core.identity import IdKind
from orchestration.control import open_raw_zone
from orchestration.erase.pending import (
    Pending,
    forget_pending,
    read_pending,
    write_pending,
)
from orchestration.erase.suppressed import read_suppression, suppress
from orchestration.erase.tokens import Namespaces, Token
from orchestration.errors import WorkspaceError
from orchestration.settings import Settings, load_settings
from orchestration.workspace import Workspace

TOKENS = (Token(IdKind.ADDRESS, "", "a" * 64), Token(IdKind.PERSON, "store", "4711"))
NAMES = Namespaces({"site": "store", "till": "store"})


@pytest.fixture
def settings(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SANJEH_PII_KEY", "the key")
    return load_settings(workspace)


def _suppress(workspace: Workspace, settings: Settings) -> None:
    suppress(workspace, read_suppression(workspace, settings, fallback_key="s"), "shop", TOKENS, NAMES)


def test_the_list_names_nobody_and_grows(workspace: Workspace, settings: Settings) -> None:
    assert read_suppression(workspace, settings, fallback_key="s").hashes == frozenset()
    _suppress(workspace, settings)
    text = workspace.suppressed_file.read_text(encoding="utf-8")
    assert "4711" not in text
    assert "a" * 64 not in text
    listed = read_suppression(workspace, settings, fallback_key="s")
    for scope in ("store", "site", "till"):
        assert listed.hash_of("shop", IdKind.PERSON, scope, "4711") in listed.hashes
    assert listed.hash_of("other", IdKind.PERSON, "store", "4711") not in listed.hashes
    suppress(workspace, listed, "other", TOKENS, NAMES)
    assert len(read_suppression(workspace, settings, fallback_key="s").hashes) == 8
    zone = open_raw_zone(workspace, settings)
    assert zone.suppression is not None
    assert len(zone.suppression.hashes) == 8


def test_nothing_lands_beside_a_list_of_another_key(
    workspace: Workspace, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _suppress(workspace, settings)
    monkeypatch.setenv("SANJEH_PII_KEY", "another key")
    with pytest.raises(WorkspaceError, match=r"made with another SANJEH_PII_KEY.*nothing was landed"):
        open_raw_zone(workspace, load_settings(workspace))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is damaged"),
        ('{"format_version": 1}', "is damaged"),
        ('{"format_version": 2, "key_check": "", "hashes": []}', "has format 2"),
    ],
)
def test_a_list_that_cannot_be_read_stops_the_run(
    workspace: Workspace, settings: Settings, content: str, said: str
) -> None:
    workspace.suppressed_file.write_text(content, encoding="utf-8")
    with pytest.raises(WorkspaceError, match=said):
        open_raw_zone(workspace, settings)


def _pending(*, is_published: bool) -> Pending:
    return Pending(
        brand="shop",
        begun_at=datetime(2026, 11, 1, tzinfo=UTC),
        tokens=frozenset(TOKENS),
        hashes=frozenset({"b" * 64}),
        asked=frozenset({"c" * 64}),
        persons=1,
        rows={"site|orders/orders": 3},
        is_published=is_published,
    )


def test_the_note_is_kept_and_forgotten(workspace: Workspace) -> None:
    assert read_pending(workspace) is None
    write_pending(workspace, _pending(is_published=False))
    assert stat.S_IMODE(workspace.erasing_file.stat().st_mode) == 0o600
    assert read_pending(workspace) == _pending(is_published=False)
    write_pending(workspace, _pending(is_published=True))
    assert read_pending(workspace) == _pending(is_published=True)
    forget_pending(workspace)
    forget_pending(workspace)
    assert read_pending(workspace) is None


def test_a_damaged_note_is_named(workspace: Workspace) -> None:
    workspace.erasing_file.write_text(json.dumps({"brand": "shop"}), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"erasing\.json.* is damaged.*Delete it"):
        read_pending(workspace)
