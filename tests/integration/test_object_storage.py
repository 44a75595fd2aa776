"""The whole pipeline with its raw zone in a bucket: the same published values as on disk, and nothing lost when it fails.

Runs cost seconds, so one workspace and its twin on disk live through one story.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bucket import BUCKET, PREFIX, Bucket, running_bucket
from tests.integration.warehouse import AS_OF, Workspace, differing_tables

pytestmark = pytest.mark.slow

SEPTEMBER = """order_id,sku,quantity,ordered_at,unit_price,customer_id,customer_email
1001,A-1,2,2026-09-01 10:00:00,10.00,c1,ann@example.org
1002,A-1,1,2026-09-02 11:00:00,10.00,c2,bob@example.org
1003,B-2,3,2026-09-02 12:00:00,5.50,c1,ann@example.org
"""
CORRECTED = SEPTEMBER.replace("1002,A-1,1,", "1002,A-1,4,")
OCTOBER = """order_id,sku,quantity,ordered_at,unit_price,customer_id,customer_email
2001,A-1,1,2026-10-01 09:00:00,7.00,c3,cleo@example.org
"""
CONFIGURATION = """
project: {name: Small shop, timezone: Europe/London, currency: GBP}
brands:
  shop: {name: Shop, name_fa: فروشگاه}
sources:
  shop_lines: {connector: order_lines_file, brand: shop, path: "exports/lines/*.csv", currency: GBP}
"""
KEY = "SANJEH_PII_KEY=a-key-for-tests-of-thirty-two-characters\n"
REVENUE = (
    "select period_start::varchar, value from marts.fct_kpi_monthly where kpi_id = 'revenue' "
    "and segment_type = 'overall' and value <> 0 order by 1"
)


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    """An empty bucket."""
    with running_bucket() as made:
        yield made


def _workspace(home: Path, *, storage: str = "", env: str = "") -> Workspace:
    (home / "exports" / "lines").mkdir(parents=True)
    (home / "sanjeh.yml").write_text(CONFIGURATION + storage, encoding="utf-8")
    (home / ".env").write_text(KEY + env, encoding="utf-8")
    return Workspace(home)


def _drop(name: str, content: str, *workspaces: Workspace) -> None:
    for each in workspaces:
        (each.home / "exports" / "lines" / name).write_text(content, encoding="utf-8")


@dataclass(frozen=True)
class Story:
    """A bucket, and a workspace whose raw zone is in it."""

    bucket: Bucket
    far: Workspace
    folder: Path

    def uploads(self) -> list[str]:
        """Paths of the Parquet files that were written since the list was last cleared."""
        asked = [each for each in self.bucket.asked if each.method == "PUT"]
        return [each.path for each in asked if each.path.endswith(".parquet")]


def test_a_zone_in_a_bucket_publishes_what_one_on_disk_does(bucket: Bucket, tmp_path: Path) -> None:
    """Revenue of September: 2 × 10 + 10 + 3 × 5.50 = 46.50; corrected, 76.50."""
    far = _workspace(tmp_path / "far", storage=bucket.settings(), env=bucket.env())
    bucket.client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    story = Story(bucket, far, tmp_path)
    _drop("september.csv", SEPTEMBER, far)
    far.run()
    assert far.rows(REVENUE) == [("2026-09-01", 46.5)]
    assert len(bucket.keys("manifest.json")) == len(list((far.home / "raw").rglob("manifest.json"))) > 1

    _drop("september.csv", CORRECTED, far)
    _drop("october.csv", OCTOBER, far)
    a_store_that_refuses_stops_the_run_before_anything_changes(story)
    a_store_that_goes_away_leaves_the_source_stale_and_the_rest_as_it_was(story)
    the_next_run_is_incremental_and_gives_what_a_zone_on_disk_gives(story)
    another_machine_erases_a_person_from_the_bucket(story)


def a_store_that_refuses_stops_the_run_before_anything_changes(story: Story) -> None:
    far, env = story.far, story.far.home / ".env"
    good, before = env.read_text(), far.published.read_bytes()
    env.write_text(good.replace(story.bucket.key, "not-the-key"))
    refused = far.run(check=False)
    env.write_text(good)
    assert refused.returncode == 1
    assert "SignatureDoesNotMatch" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "not-the-key" not in refused.stderr
    assert far.published.read_bytes() == before


def a_store_that_goes_away_leaves_the_source_stale_and_the_rest_as_it_was(story: Story) -> None:
    story.bucket.busy = lambda request: request.method == "PUT" and "/orders/" in request.path
    broken = story.far.run(check=False)
    story.bucket.busy = lambda _: False
    assert broken.returncode == 1
    assert "SlowDown" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert story.far.rows(REVENUE) == [("2026-09-01", 46.5)]


def the_next_run_is_incremental_and_gives_what_a_zone_on_disk_gives(story: Story) -> None:
    far, bucket = story.far, story.bucket
    bucket.asked.clear()
    far.run()
    assert story.uploads()
    assert all("/orders/" in path for path in story.uploads()), "unchanged streams stay as they are"
    assert far.rows(REVENUE) == [("2026-09-01", 76.5), ("2026-10-01", 7.0)]
    disk = _workspace(story.folder / "disk")
    _drop("september.csv", CORRECTED, disk)
    _drop("october.csv", OCTOBER, disk)
    disk.run()
    assert differing_tables(disk.published, far.published) == {}
    assert f"s3://{BUCKET}/{PREFIX}: " in far.sanjeh("check").stdout
    explained = "".join(far.sanjeh("explain", "shop", "revenue", "2026-10").stdout.split())
    assert f"s3://{BUCKET}/{PREFIX}/orders/" in explained


def another_machine_erases_a_person_from_the_bucket(story: Story) -> None:
    """It starts with the bucket and the exports alone, builds from them, and leaves no old version behind."""
    other = _workspace(story.folder / "other", storage=story.bucket.settings(), env=story.bucket.env())
    shutil.copytree(story.far.home / "exports", other.home / "exports", dirs_exist_ok=True)
    people = story.folder / "people.txt"
    people.write_text("bob@example.org\n")
    arguments = ("--brand", "shop", "--email-file", str(people), "--exports", "purge", "--as-of", AS_OF)
    erased = other.sanjeh("erase", *arguments)
    assert "Nothing of them is found in any file." in erased.stdout
    assert other.rows(REVENUE) == [("2026-09-01", 36.5), ("2026-10-01", 7.0)]
    versions = story.bucket.client.list_object_versions(Bucket=BUCKET, Prefix=f"{PREFIX}/orders/")["Versions"]
    assert all(each["IsLatest"] for each in versions)
    assert story.far.sanjeh("storage", "release").stdout.startswith("Nobody holds")
    assert "fetched" in story.far.sanjeh("storage", "pull").stdout
