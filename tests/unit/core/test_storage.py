"""Damaged manifests, failing disks and leftovers of dead landings."""

from __future__ import annotations

import errno
import json
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from connectors.core.errors import RawZoneError
from connectors.core.manifest import Manifest
from connectors.core.raw_zone import RawZone
from connectors.core.storage import disk_errors, write_atomically
from tests.unit.core.landings import VISITS, land_days, stored_days


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format_version": 1}', b"\xff\xfe"])
def test_a_damaged_manifest_is_named_with_what_to_do(zone: RawZone, damage: bytes) -> None:
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    path = zone.folder(VISITS, "web") / "manifest.json"
    path.write_bytes(damage)
    with pytest.raises(RawZoneError, match=r"manifest\.json is damaged.*Restore"):
        land_days(zone, {"2026-11-02": [1]}, load_id=2)
    assert path.read_bytes() == damage


def test_a_manifest_of_a_newer_version_asks_for_an_upgrade(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    path = zone.folder(VISITS, "web") / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format_version": 2}))
    with pytest.raises(RawZoneError, match=r"version 2.*upgrade"):
        zone.slices()


def test_a_manifest_survives_writing_and_reading(zone: RawZone, workspace: Path) -> None:
    land_days(zone, {"2026-11-01": [1], "2026-11-02": []}, load_id=1)
    manifest = zone.manifest(VISITS, "web")
    manifest.write(workspace / "copy.json")
    assert Manifest.read(workspace / "copy.json") == manifest


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "file.json"
    write_atomically(target, b"old")
    (tmp_path / "blocked").write_text("a file where a folder should be")
    with pytest.raises(RawZoneError, match="What was stored before is intact"):
        write_atomically(tmp_path / "blocked" / "file.json", b"new")
    assert [path.name for path in target.parent.iterdir()] == ["file.json"]


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "read-only"),
        (PermissionError(errno.EACCES, "Permission denied"), "may not write"),
        (duckdb.IOException("Could not write file: No space left on device"), "disk is full"),
        (duckdb.TransactionException("Failed to commit: No space left on device"), "disk is full"),
        (duckdb.OutOfMemoryException("max_temp_directory_size exceeded"), "disk is full"),
    ],
)
def test_disk_failures_say_what_to_do(error: Exception, advice: str) -> None:
    with pytest.raises(RawZoneError, match=advice) as caught, disk_errors(Path("raw")):
        raise error
    assert "\n" not in str(caught.value)


def test_a_lost_parquet_file_is_reported_and_not_forgotten(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1], "2026-11-02": [2]}, load_id=1)
    next(iter(zone.folder(VISITS, "web").glob("*.parquet"))).unlink()
    before = zone.manifest(VISITS, "web")
    with pytest.raises(RawZoneError, match="cannot be read"):
        land_days(zone, {"2026-11-01": [9]}, load_id=2)
    assert zone.manifest(VISITS, "web") == before


def test_garbage_is_what_no_manifest_lists(zone: RawZone) -> None:
    land_days(zone, {"2026-11-01": [1], "2026-11-02": [2]}, load_id=1)
    land_days(zone, {"2026-11-01": [9]}, load_id=2)
    (zone.folder(VISITS, "web") / f"manifest.json.1{'.aside'}").write_text("{")
    (zone.temp / "landing-dead").mkdir()
    assert zone.collect_garbage() == 3
    assert zone.collect_garbage() == 0
    assert stored_days(zone) == {"2026-11-01": (2, [9]), "2026-11-02": (1, [2])}


def test_a_killed_landing_leaves_all_or_nothing(zone: RawZone) -> None:
    days = {f"2026-11-{day:02d}": [day] for day in range(1, 29)}
    land_days(zone, days, load_id=1)
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from connectors.core.raw_zone import RawZone\n"
        "from tests.unit.core.landings import land_days\n"
        "zone = RawZone(Path(sys.argv[1]), temp=Path(sys.argv[2]), pii=None)\n"
        "for load_id in range(2, 1000):\n"
        "    sys.stdout.write('ready\\n')\n"
        "    sys.stdout.flush()\n"
        "    land_days(zone, {f'2026-11-{day:02d}': [load_id, load_id] for day in range(1, 29)}, load_id=load_id)\n"
    )
    for round_ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(zone.root), str(zone.temp)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        for _ in range(1 + round_ % 3):
            process.stdout.readline()
        try:
            process.wait(timeout=0.02 * round_)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()
        loads = {(load_id, tuple(visits)) for load_id, visits in stored_days(zone).values()}
        assert all(visits == (load_id, load_id) for load_id, visits in loads if load_id > 1)
        assert len({load_id for load_id, _ in loads}) == 1
        zone.collect_garbage()
    land_days(zone, days, load_id=5000)
    assert stored_days(zone) == {day: (5000, visits) for day, visits in days.items()}
    assert list(zone.temp.iterdir()) == []
