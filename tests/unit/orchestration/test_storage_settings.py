"""``storage:`` of sanjeh.yml: where it leads, which keys it takes, what is told of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.core.raw_zone import RawZone
from orchestration.control import open_raw_zone
from orchestration.errors import SettingsError
from orchestration.settings import load_settings
from orchestration.workspace import Workspace

HEAD = "project: {name: Acme, currency: EUR}\nbrands: {acme: {name: Acme}}\n"


def _zone(folder: Path, storage: str) -> RawZone:
    (folder / "sanjeh.yml").write_text(HEAD + storage, encoding="utf-8")
    workspace = Workspace(folder)
    return open_raw_zone(workspace, load_settings(workspace))


def test_without_the_block_the_folder_is_the_zone(tmp_path: Path) -> None:
    assert _zone(tmp_path, "").remote is None


def test_keys_come_from_the_variables_that_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE_ID", "an id")
    monkeypatch.setenv("STORE_KEY", "a secret")
    zone = _zone(
        tmp_path,
        "storage: {raw: 's3://acme-data/marketing/raw/', endpoint: 'http://minio:9000', region: eu-central-1, "
        "access_key_env: STORE_ID, secret_key_env: STORE_KEY}\n",
    )
    assert zone.remote is not None
    location = zone.remote.store.location
    assert location.url == "s3://acme-data/marketing/raw"
    assert (location.endpoint, location.region) == ("http://minio:9000", "eu-central-1")
    assert (location.access_key, location.secret_key) == ("an id", "a secret")
    assert "a secret" not in repr(location)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("{raw: 'gs://b/c'}", "no address of the form s3://bucket/prefix"),
        ("{raw: 's3://B/c'}", "no address of the form s3://bucket/prefix"),
        ("{raw: 's3://bucket/a//b'}", "an empty part in its prefix"),
        ("{raw: 's3://bucket/a', endpoint: minio}", "no address of a server"),
        ("{raw: 's3://bucket/a', endpoint: 'https://id:key@minio'}", "keys don't belong into the address"),
        ("{raw: 's3://bucket/a', access_key_env: STORE_ID}", "go together: give both or neither"),
        ("{raw: 's3://bucket/a', session_token_env: TOKEN}", "session_token_env goes with"),
        ("{endpoint: 'https://minio'}", "raw is missing"),
        ("{raw: 's3://bucket/a', bucket: x}", "bucket"),
        (
            "{raw: 's3://bucket/a', access_key_env: NO_SUCH_ID, secret_key_env: NO_SUCH_KEY}",
            "storage needs the environment variable NO_SUCH_KEY",
        ),
    ],
)
def test_what_makes_no_sense_is_told_with_its_line(tmp_path: Path, block: str, said: str) -> None:
    with pytest.raises(SettingsError, match=r"sanjeh\.yml:3") as told:
        _zone(tmp_path, f"storage: {block}\n")
    assert said in str(told.value)


def test_moving_the_raw_zone_rebuilds_nothing(tmp_path: Path) -> None:
    (tmp_path / "sanjeh.yml").write_text(HEAD, encoding="utf-8")
    before = load_settings(Workspace(tmp_path)).fingerprint()
    (tmp_path / "sanjeh.yml").write_text(f"{HEAD}storage: {{raw: 's3://bucket/a'}}\n", encoding="utf-8")
    assert load_settings(Workspace(tmp_path)).fingerprint() == before
