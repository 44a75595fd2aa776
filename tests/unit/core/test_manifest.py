"""What an API's stream remembers survives on disk, and manifests of files needn't have it."""

from __future__ import annotations

import json
from pathlib import Path

from connectors.core.manifest import Manifest
from connectors.core.raw_zone import RawZone, Replaces
from tests.unit.core.landings import LOADED_AT, VISITS, land_days, stored_days


def commit_state(zone: RawZone, load_id: int, **state: str) -> None:
    """Land nothing but state."""
    with zone.landing(VISITS, source="web", brand="acme", load_id=load_id, loaded_at=LOADED_AT) as landing:
        landing.commit(replaces=Replaces.nothing(), window=None, state=state)


def test_state_survives_writing_and_reading(tmp_path: Path) -> None:
    manifest = Manifest(connector="toy", stream="visits", source="shop", state={"asked": "نام برند, brand"})
    manifest.write(tmp_path / "manifest.json")
    assert Manifest.read(tmp_path / "manifest.json") == manifest
    assert "نام برند" in (tmp_path / "manifest.json").read_text(encoding="utf-8")


def test_a_manifest_without_state_is_read_as_one_of_files(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    path = zone.folder(VISITS, "web") / "manifest.json"
    content = json.loads(path.read_text())
    del content["state"]
    path.write_text(json.dumps(content))
    assert zone.manifest(VISITS, "web").state == {}
    commit_state(zone, 2, asked="a")
    assert zone.manifest(VISITS, "web").state == {"asked": "a"}


def test_state_is_committed_without_rows_and_leaves_the_rows_alone(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1, 2]}, load_id=1)
    commit_state(zone, 2, asked="a")
    commit_state(zone, 3, seen_through="b")
    assert zone.manifest(VISITS, "web").state == {"asked": "a", "seen_through": "b"}
    assert stored_days(zone) == {"2026-11-01": (1, [1, 2])}
    land_days(zone, {"2026-11-01": [3]}, load_id=4)
    assert zone.manifest(VISITS, "web").state == {"asked": "a", "seen_through": "b"}
