"""``sanjeh erase`` on a small shop: nothing of her is left, nothing of others is touched, and she stays away.

The measure is a twin: the same shop that never knew her. See ``erasure_story`` for who is who.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.integration import erasure_story as story
from tests.integration.warehouse import AS_OF, Workspace, differing_tables, environment

pytestmark = pytest.mark.slow

EXPORTS = ("exports",)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The shop as it was published with her."""
    return story.build(tmp_path_factory.mktemp("shop") / "workspace")


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The shop that never knew her."""
    return story.build(tmp_path_factory.mktemp("twin") / "workspace", with_ann=False)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("asked") / "who.txt"
    path.write_text(story.ASKED, encoding="utf-8")
    return path


def _erase(shop: Workspace, asked: Path, *more: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    arguments = ("erase", "--brand", "shop", "--email-file", str(asked), "--as-of", AS_OF, *more)
    return shop.sanjeh(*arguments, check=check)


def _tree(home: Path) -> dict[str, str]:
    """Hash by file, the lock's text left out."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def _is_like_twin(shop: Workspace, twin: Workspace) -> None:
    assert differing_tables(shop.published, twin.published) == {}


def test_she_is_erased_and_stays_away(shop: Workspace, twin: Workspace, asked: Path, tmp_path: Path) -> None:
    mine = story.copy_of(shop, tmp_path / "shop")
    names = story.her_names()
    before = story.traces(mine.home, names)
    assert {"warehouse/published/kpi.duckdb", "warehouse/published/versions/kpi-1.duckdb"} <= before.keys()
    assert {name.split("/", 1)[0] for name in before} == {"exports", "raw", "warehouse"}

    # A dry run says what it would do and changes nothing.
    tree = _tree(mine.home)
    said = _erase(mine, asked, "--dry-run").stdout
    assert _tree(mine.home) == tree
    for line in (
        "2 address",
        "2 browser",
        "4 order",
        "3 person",
        "1 answer",
        "1 deal",
        "exports/till.csv.gz",
    ):
        assert line in said
    assert "exports/kiosk.csv" not in said

    # Everything but the user's own exports is done; they are named.
    failed = _erase(mine, asked, check=False)
    assert failed.returncode == 1
    assert "The proof isn't whole" in failed.stderr
    assert "exports/orders.csv" in failed.stderr
    assert "of Sanjeh's" not in failed.stderr
    assert story.traces(mine.home, names, without=(*EXPORTS, "warehouse/erasing.json")) == {}
    _is_like_twin(mine, twin)

    # The same command with their leave takes her out of the exports, and is proven.
    done = _erase(mine, asked, "--exports", "purge")
    assert "Nothing of them is found" in done.stdout
    assert story.traces(mine.home, names) == {}
    assert not (mine.home / "warehouse" / "erasing.json").exists()
    for name in story.FILES:
        left, never = (each.home / "exports" / name for each in (mine, twin))
        assert left.read_text(encoding="utf-8") == never.read_text(encoding="utf-8"), name

    # What changed says why; other brands' history doesn't; the ledger knows how many, not who.
    reasons = mine.rows("select distinct brand_id, reason from marts.fct_kpi_history where version = 2")
    assert ("shop", "erased") in reasons
    assert {brand for brand, _ in reasons} == {"shop"}
    assert {reason for _, reason in reasons} <= {"erased", "not published any more"}
    changes = mine.rows("select distinct source_id, reason from marts.fct_source_changes where version = 2")
    assert {reason for _, reason in changes} == {"erased"}
    assert "kiosk" not in {source for source, _ in changes}
    [record] = (mine.home / "warehouse" / "ledger" / "erasures").glob("*.parquet")
    rows = {(row["source_id"], row["stream"]): row for row in pq.read_table(record).to_pylist()}
    assert {key: row["row_count"] for key, row in rows.items()} == {
        ("site", "orders/orders"): 3,
        ("till", "orders/order_lines"): 1,
        ("crm", "crm/contacts"): 2,
        ("deals", "crm/deals"): 1,
        ("billing", "subscriptions/snapshots"): 1,
        ("survey", "surveys/responses"): 1,
        ("events", "ga4_events/events"): 5,
    }
    assert {(row["brand_id"], row["persons"]) for row in rows.values()} == {("shop", 1)}

    # Her old files come again, and a new one of a loaded day with her old number: she stays away.
    story.write(mine.home)
    (mine.home / "exports" / "orders_2.csv").write_text(
        "order_id,ordered_at,customer_id,customer_email,goods_amount,total_amount\n"
        "o9,2026-03-14 12:00:00,17,,5,5\no2,2026-03-14 12:00:00,,ann.old@customers.example,5,5\n",
        encoding="utf-8",
    )
    mine.run()
    assert story.traces(mine.home, names, without=EXPORTS) == {}
    _is_like_twin(mine, twin)
    assert (
        mine.value("select max(difference) from marts.fct_reconciliation where stream = 'order_lines'") == 0
    )


def test_killed_anywhere_it_goes_on(shop: Workspace, twin: Workspace, asked: Path, tmp_path: Path) -> None:
    mine = story.copy_of(shop, tmp_path / "shop")
    for moment in ("raw zone:", "landing", "publish", "published files", "searching"):
        _kill_at(mine, asked, moment)
        assert (mine.home / "warehouse" / "erasing.json").exists()
    _erase(mine, asked, "--exports", "purge")
    assert story.traces(mine.home, story.her_names()) == {}
    _is_like_twin(mine, twin)
    reasons = mine.rows("select distinct reason from marts.fct_kpi_history where version > 1")
    assert {reason for (reason,) in reasons} <= {"erased", "not published any more"}


def _kill_at(workspace: Workspace, asked: Path, moment: str) -> None:
    """Start an erasure and kill its process group once it says ``moment``."""
    command = workspace.command("erase", "--brand", "shop", "--email-file", str(asked), "--as-of", AS_OF)
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        seen = []
        for line in process.stderr:
            seen.append(line)
            if line.startswith(moment):
                break
        assert seen, "it said nothing"
        assert seen[-1].startswith(moment), "".join(seen)
        os.killpg(process.pid, signal.SIGKILL)


def test_what_is_wrong_is_said_and_changes_nothing(shop: Workspace, asked: Path, tmp_path: Path) -> None:
    mine = story.copy_of(shop, tmp_path / "shop")
    tree = _tree(mine.home)
    stranger = tmp_path / "stranger.txt"
    stranger.write_text("nobody@nowhere.example\n", encoding="utf-8")
    inside = mine.home / "exports" / "who.txt"

    def refused(*arguments: str) -> str:
        done = mine.sanjeh("erase", *arguments, check=False)
        assert done.returncode == 1
        assert _tree(mine.home) == tree
        return done.stderr

    assert "--brand nobody is no brand" in refused("--brand", "nobody", "--email-file", str(asked))
    assert "can't be read" in refused("--brand", "shop", "--email-file", str(tmp_path / "absent.txt"))
    inside.write_text(story.ASKED, encoding="utf-8")
    tree = _tree(mine.home)
    assert "lies in the workspace" in refused("--brand", "shop", "--email-file", str(inside))
    inside.unlink()
    tree = _tree(mine.home)

    # Somebody whom nothing knows: said, proven, and the workspace stays as it is.
    done = mine.sanjeh("erase", "--brand", "shop", "--email-file", str(stranger))
    assert "line 1: no record of brand shop has nobody@nowhere.example" in done.stdout
    assert "Nothing of them is found" in done.stdout
    assert _tree(mine.home) == tree

    # Without the key nobody can be found, and with another one nothing lands once people were erased.
    (mine.home / ".env").write_text("", encoding="utf-8")
    tree = _tree(mine.home)
    assert "There is no key for personal data" in refused("--brand", "shop", "--email-file", str(asked))
    (mine.home / "warehouse" / "suppressed.json").write_text(
        '{"format_version": 1, "key_check": "of another key", "hashes": []}', encoding="utf-8"
    )
    failed = mine.run(check=False)
    assert failed.returncode == 1
    assert "was made with another SANJEH_PII_KEY" in failed.stderr


def test_another_brand_keeps_what_it_has(shop: Workspace, asked: Path, tmp_path: Path) -> None:
    mine = story.copy_of(shop, tmp_path / "shop")
    done = mine.sanjeh("erase", "--brand", "plain", "--email-file", str(asked), "--dry-run")
    assert "Brand plain knows 0 of 1 addresses asked for" in done.stdout
    assert "exports/orders.csv (of brand shop: left alone)" in done.stdout
    with duckdb.connect(str(mine.published), read_only=True) as con:
        assert con.execute("select count(*) from marts.fct_orders where brand_id = 'plain'").fetchall() == [
            (1,)
        ]
