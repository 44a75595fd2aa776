"""Workspaces of one raw zone in a bucket keep the same people out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.core.object_store import ObjectStore
from orchestration.erase.shared import share_suppressed
from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace
from tests.bucket import running_bucket


@pytest.fixture
def store() -> Iterator[ObjectStore]:
    """Below the prefix of an empty bucket."""
    with running_bucket() as bucket:
        yield ObjectStore(bucket.location())


def _workspace(folder: Path, *hashes: str, key: str = "k") -> Workspace:
    workspace = Workspace(folder)
    workspace.warehouse.mkdir(parents=True)
    if hashes:
        content = {"format_version": 1, "key_check": key, "hashes": list(hashes)}
        workspace.suppressed_file.write_text(json.dumps(content))
    return workspace


def _hashes(workspace: Workspace) -> list[str]:
    hashes: list[str] = json.loads(workspace.suppressed_file.read_text())["hashes"]
    return hashes


def test_lists_are_united_and_only_grow(tmp_path: Path, store: ObjectStore) -> None:
    one, two, new = (
        _workspace(tmp_path / "1", "a"),
        _workspace(tmp_path / "2", "b"),
        _workspace(tmp_path / "3"),
    )
    assert not share_suppressed(new, store)
    assert not share_suppressed(one, store)
    assert share_suppressed(two, store)
    assert share_suppressed(new, store)
    assert share_suppressed(one, store)
    assert [_hashes(each) for each in (one, two, new)] == [["a", "b"]] * 3
    assert not share_suppressed(one, store)


def test_lists_of_different_keys_stop_the_run(tmp_path: Path, store: ObjectStore) -> None:
    share_suppressed(_workspace(tmp_path / "1", "a"), store)
    other = _workspace(tmp_path / "2", "b", key="another")
    with pytest.raises(WorkspaceError, match="need the same key"):
        share_suppressed(other, store)
    assert _hashes(other) == ["b"]


def test_a_damaged_list_stops_the_run(tmp_path: Path, store: ObjectStore) -> None:
    store.put("suppressed.json", b"{}", expected=None)
    with pytest.raises(WorkspaceError, match=r"s3://marketing/raw/zone/suppressed\.json is damaged"):
        share_suppressed(_workspace(tmp_path / "1", "a"), store)
