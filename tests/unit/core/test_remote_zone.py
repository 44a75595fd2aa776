"""A raw zone on object storage: what lands is in the bucket or not at all, and no machine undoes another's work."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from connectors.core.errors import RawZoneError
from connectors.core.object_store import ConditionFailedError, ObjectStore
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_erasure import erase_rows
from connectors.core.raw_zone import RawZone
from connectors.core.remote_zone import RemoteZone
from tests.bucket import BUCKET, PREFIX, Bucket, Request, running_bucket
from tests.unit.core.landings import CONTACTS, VISITS, land_contacts, land_days, stored_days

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
Machine = Callable[[str], RawZone]


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    """An empty bucket on a server of its own."""
    with running_bucket() as made:
        yield made


@pytest.fixture
def machine(bucket: Bucket, tmp_path: Path) -> Machine:
    """The zone in the bucket, as the machine of that name sees it."""

    def zone(name: str) -> RawZone:
        root = tmp_path / name / "raw"
        return RawZone(
            root,
            temp=tmp_path / name / "tmp",
            pii=Pseudonymiser(key=b"test key"),
            remote=RemoteZone(ObjectStore(bucket.location()), root),
        )

    return zone


def remote(zone: RawZone) -> RemoteZone:
    assert zone.remote is not None
    return zone.remote


def manifest_key(stream: str = "visits", source: str = "web") -> str:
    return f"test/{stream}/source={source}/manifest.json"


def test_what_one_machine_lands_another_reads(machine: Machine, bucket: Bucket) -> None:
    land_days(machine("a"), {"2026-11-01": [1, 2], "2026-11-02": [3]}, load_id=1)
    reader = machine("b")
    reader.verify()
    assert stored_days(reader) == {"2026-11-01": (1, [1, 2]), "2026-11-02": (1, [3])}
    listed = json.loads(bucket.read(manifest_key()))
    assert "mirrored" not in listed
    assert [key.rsplit("/", 1)[1] for key in bucket.keys(".parquet")] == list(listed["files"])


def test_a_pull_fetches_only_what_changed(machine: Machine, bucket: Bucket) -> None:
    writer, reader = machine("a"), machine("b")
    land_days(writer, {"2026-11-01": [1]}, load_id=1)
    land_contacts(writer, "select 'c1' as contact_id, 'a.csv' as _slice, 1::bigint as _line")
    assert remote(reader).pull().files == 2
    again = remote(reader).pull()
    assert (again.manifests, again.files) == (0, 0)
    land_days(writer, {"2026-11-02": [2]}, load_id=2)
    bucket.asked.clear()
    changed = remote(reader).pull()
    assert (changed.manifests, changed.files) == (1, 1)
    assert not [each for each in bucket.asked if "contacts" in each.path]


def test_files_that_the_mirror_lost_or_cut_are_fetched_again(machine: Machine) -> None:
    zone = machine("a")
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    land_days(zone, {"2026-11-02": [2]}, load_id=2)
    gone, cut = sorted(zone.folder(VISITS, "web").glob("*.parquet"))
    gone.unlink()
    cut.write_bytes(cut.read_bytes()[:100])
    zone.verify()
    assert stored_days(zone) == {"2026-11-01": (1, [1]), "2026-11-02": (2, [2])}


def test_a_landing_on_a_stale_mirror_is_refused_and_undoes_nothing(machine: Machine, bucket: Bucket) -> None:
    one, other = machine("a"), machine("b")
    land_days(one, {"2026-11-01": [1]}, load_id=1)
    other.verify()
    land_days(one, {"2026-11-02": [2]}, load_id=2)
    with pytest.raises(ConditionFailedError, match=r"Another machine wrote it meanwhile: run again"):
        land_days(other, {"2026-11-03": [3]}, load_id=3)
    other.verify()
    assert stored_days(other) == {"2026-11-01": (1, [1]), "2026-11-02": (2, [2])}
    land_days(other, {"2026-11-03": [3]}, load_id=3)
    one.verify()
    assert set(stored_days(one)) == {"2026-11-01", "2026-11-02", "2026-11-03"}


def test_two_first_landings_don_t_both_win(machine: Machine) -> None:
    land_days(machine("a"), {"2026-11-01": [1]}, load_id=1)
    with pytest.raises(ConditionFailedError):
        land_days(machine("b"), {"2026-11-01": [2]}, load_id=1)


def test_a_lost_answer_is_no_conflict(machine: Machine, bucket: Bucket) -> None:
    """The manifest was replaced, and boto3's second attempt then meets its own work."""
    zone = machine("a")
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    lost: list[Request] = []

    def loses(request: Request) -> bool:
        if request.method == "PUT" and request.path.endswith("manifest.json") and not lost:
            lost.append(request)
            return True
        return False

    bucket.loses = loses
    land_days(zone, {"2026-11-02": [2]}, load_id=2)
    assert lost
    zone.verify()
    assert set(stored_days(zone)) == {"2026-11-01", "2026-11-02"}


def test_an_answer_that_never_comes_leaves_the_files_of_a_landing_that_may_hold(
    machine: Machine, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All attempts reached the server and none was answered: the bucket knows the landing, the mirror not yet."""
    monkeypatch.setattr("connectors.core.object_store._ATTEMPTS", 2)
    zone = machine("a")
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    bucket.loses = lambda request: request.path.endswith("manifest.json")
    with pytest.raises(RawZoneError, match="tried several times"):
        land_days(zone, {"2026-11-02": [2]}, load_id=2)
    bucket.loses = lambda _: False
    assert set(stored_days(zone)) == {"2026-11-01"}
    zone.verify()
    assert set(stored_days(zone)) == {"2026-11-01", "2026-11-02"}


def test_a_busy_store_is_asked_again(machine: Machine, bucket: Bucket) -> None:
    zone = machine("a")
    bucket.busy = lambda _: len(bucket.asked) % 3 == 0
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    machine("b").verify()
    assert stored_days(zone) == {"2026-11-01": (1, [1])}


@pytest.mark.parametrize("dies_at", range(1, 8))
def test_a_landing_that_fails_at_any_request_is_whole_or_not_there(
    machine: Machine, bucket: Bucket, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    """The store goes away at the n-th request of the landing and of all after it, then comes back."""
    monkeypatch.setattr("connectors.core.object_store._ATTEMPTS", 1)
    zone = machine("a")
    land_days(zone, {"2026-11-01": [1], "2026-11-02": [2]}, load_id=1)
    before = stored_days(zone)
    bucket.asked.clear()
    bucket.busy = lambda _: len(bucket.asked) >= dies_at
    try:
        land_days(zone, {"2026-11-02": [20], "2026-11-03": [3]}, load_id=2)
        ended = True
    except RawZoneError as error:
        assert "What was stored before is intact" in str(error)
        ended = False
    bucket.busy = lambda _: False
    after = before | {"2026-11-02": (2, [20]), "2026-11-03": (2, [3])}
    for name in ("a", "b"):
        seen = machine(name)
        seen.verify()
        assert stored_days(seen) == (after if ended else before)
    land_days(zone, {"2026-11-02": [20], "2026-11-03": [3]}, load_id=3)
    assert {day: rows for day, (_, rows) in stored_days(zone).items()} == {
        day: rows for day, (_, rows) in after.items()
    }


def test_a_death_between_bucket_and_mirror_is_mended_by_the_next_pull(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = machine("a")
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    path = zone.folder(VISITS, "web") / "manifest.json"
    old = path.read_bytes()
    land_days(zone, {"2026-11-02": [2]}, load_id=2)
    path.write_bytes(old)
    for parquet in zone.folder(VISITS, "web").glob("000002-*"):
        parquet.unlink()
    zone.verify()
    assert set(stored_days(zone)) == {"2026-11-01", "2026-11-02"}


def test_garbage_goes_after_a_day_and_listed_files_stay(machine: Machine, bucket: Bucket) -> None:
    zone = machine("a")
    land_days(zone, {"2026-11-01": [1], "2026-11-02": [2]}, load_id=1)
    bucket.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/test/visits/source=web/dead.parquet", Body=b"x")
    bucket.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/notes/of/ours.parquet", Body=b"not Sanjeh's")
    zone.collect_garbage()
    assert len(bucket.keys(".parquet")) == 3
    assert remote(zone).collect_garbage(grace=timedelta(0)) == 1
    assert len(bucket.keys(".parquet")) == 2
    zone.verify()
    assert stored_days(zone) == {"2026-11-01": (1, [1]), "2026-11-02": (1, [2])}


def test_erased_rows_leave_the_bucket_with_every_old_version(machine: Machine, bucket: Bucket) -> None:
    bucket.client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    zone = machine("a")
    rows = "select 'c' || i as contact_id, 'a.csv' as _slice, i::bigint as _line, 'p' || i as note from range(3) t(i)"
    land_contacts(zone, rows)
    with duckdb.connect() as con:
        erased = erase_rows(
            con,
            zone.folder(CONTACTS, "crm"),
            zone.manifest(CONTACTS, "crm"),
            CONTACTS,
            condition="contact_id = 'c1'",
            load_id=2,
            loaded_at=NOW,
            keeper=zone.keeper,
        )
    assert erased == 1
    kept = bucket.client.list_object_versions(Bucket=BUCKET)
    assert len([each for each in kept["Versions"] if each["Key"].endswith(".parquet")]) == 2
    remote(zone).purge()
    versions = bucket.client.list_object_versions(Bucket=BUCKET)
    assert [each["IsLatest"] for each in versions["Versions"]] == [True] * 2
    assert not versions.get("DeleteMarkers")
    reader = machine("b")
    reader.verify()
    with duckdb.connect() as con:
        reader.create_views(con, [CONTACTS])
        assert con.execute("select contact_id from raw.test__contacts order by 1").fetchall() == [
            ("c0",),
            ("c2",),
        ]


def test_a_zone_on_disk_is_pushed_once_and_never_overwritten(machine: Machine, tmp_path: Path) -> None:
    zone = machine("a")
    on_disk = RawZone(zone.root, temp=zone.temp, pii=None)
    land_days(on_disk, {"2026-11-01": [1]}, load_id=1)
    with pytest.raises(RawZoneError, match=r"was never in s3://marketing/raw/zone.*sanjeh storage push"):
        zone.verify()
    assert remote(zone).push().files == 1
    assert remote(zone).push().files == 0
    reader = machine("b")
    reader.verify()
    assert stored_days(reader) == stored_days(zone)
    land_days(on_disk, {"2026-11-01": [100]}, load_id=2)  # behind the bucket's back
    with pytest.raises(RawZoneError, match="changed without it"):
        zone.verify()
    with pytest.raises(RawZoneError, match="one of the two would be lost"):
        remote(zone).push()


def test_what_the_bucket_lost_is_told_and_can_be_put_back(machine: Machine, bucket: Bucket) -> None:
    zone = machine("a")
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    (file,) = bucket.keys(".parquet")
    bucket.client.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/{file}")
    with pytest.raises(RawZoneError, match=r"is gone; it holds 1 rows of web.*sanjeh storage push"):
        machine("b").verify()
    bucket.client.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/{manifest_key()}")
    with pytest.raises(RawZoneError, match=r"was there at the last run and is gone"):
        zone.verify()
    moved = remote(zone).push()
    assert (moved.manifests, moved.files) == (1, 1)
    machine("b").verify()


def test_a_file_that_was_cut_in_the_bucket_is_told(machine: Machine, bucket: Bucket) -> None:
    land_days(machine("a"), {"2026-11-01": [1]}, load_id=1)
    (file,) = bucket.keys(".parquet")
    bucket.client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/{file}", Body=b"half")
    with pytest.raises(RawZoneError, match="has 4 bytes instead of"):
        machine("b").verify()


def test_one_workspace_writes_at_a_time(machine: Machine) -> None:
    one, other = machine("a"), machine("b")
    with one.writing(run_id="r1", started_at=NOW, above=4) as load_id:
        assert load_id == 5
        with one.writing(run_id="r1", started_at=NOW, above=4) as again:
            assert again == 5
        with (
            one.writing(run_id="r1", started_at=NOW, above=4),
            pytest.raises(RawZoneError, match=r"Another workspace's run r1 \(pid .*sanjeh storage release"),
            other.writing(run_id="r2", started_at=NOW, above=9),
        ):
            pass
    with other.writing(run_id="r2", started_at=NOW, above=2) as load_id:
        assert load_id > 5


def test_a_dead_run_s_workspace_goes_on_and_others_need_a_word(machine: Machine) -> None:
    mark = remote(machine("a")).mark
    assert mark.take(run_id="dead", started_at=NOW, above=0) == 1
    other = remote(machine("b")).mark
    with pytest.raises(RawZoneError, match="writes to s3://marketing/raw/zone"):
        other.require_free()
    assert mark.take(run_id="next", started_at=NOW, above=1) == 2
    freed = other.release()
    assert freed is not None
    assert freed.run_id == "next"
    assert other.take(run_id="r", started_at=NOW, above=0) == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"access_key": "AKIANOBODY"}, r"InvalidAccessKeyId.*storage\.access_key_env"),
        ({"secret_key": "wrong"}, r"SignatureDoesNotMatch.*storage\.secret_key_env"),
        ({"bucket": "no-such-bucket"}, r"NoSuchBucket.*Sanjeh never makes buckets"),
        ({"endpoint": "http://127.0.0.1:9"}, r"Could not connect.*this machine reaches the server"),
    ],
)
def test_what_is_wrong_with_the_store_is_said_with_what_to_do(
    bucket: Bucket, tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    zone = RemoteZone(ObjectStore(bucket.location(**changes)), tmp_path / "raw")
    with pytest.raises(RawZoneError, match=said) as told:
        zone.pull()
    assert bucket.key not in str(told.value)


def test_a_file_in_parts_arrives_whole(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.core.object_store._PART_BYTES", 5 * 1024 * 1024)
    path = tmp_path / "large"
    path.write_bytes(bytes(range(256)) * 50_000)  # 12.8 MB: three parts
    store = ObjectStore(bucket.location())
    store.upload(path, "large")
    assert [each for each in bucket.asked if "uploadId" in each.query]
    store.download("large", tmp_path / "back", size=path.stat().st_size)
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
    with pytest.raises(RawZoneError, match="has 12800000 bytes instead of 5"):
        store.download("large", tmp_path / "short", size=5)
    assert not list(tmp_path.glob("short*"))


def test_the_mirror_may_be_thrown_away(machine: Machine) -> None:
    zone = machine("a")
    land_days(zone, {"2026-11-01": [1]}, load_id=1)
    shutil.rmtree(zone.root)
    zone.verify()
    assert stored_days(zone) == {"2026-11-01": (1, [1])}
