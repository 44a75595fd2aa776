"""Wrong input through the command line: one clear paragraph, nothing stored lost, and a plain run mends it.

One workspace with a source per kind of mistake runs three times: all right, every new file wrong, mended.
What fails before landing is tried on copies of the finished workspace.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from tests.integration.warehouse import AS_OF, Workspace, differing_tables

HEADER = "Order ID,Date,Subtotal,Status,Discount\n"


def _orders(first: int) -> str:
    return HEADER + "".join(f"{first + n},2026-10-{n + 1:02d},{n}.50,paid,0\n" for n in range(20))


@dataclass(frozen=True)
class Mistake:
    """A file that can't land, and what the paragraph about it must say."""

    name: str
    content: bytes
    says: tuple[str, ...]


NEXT = _orders(500_000)
MISTAKES: Mapping[str, Mistake] = {
    "missing_column": Mistake(
        "b.csv",
        NEXT.replace("Subtotal", "Colour").encode(),
        ("b.csv", "'goods_amount'", "'Colour'", "columns:"),
    ),
    "renamed_column": Mistake(
        "b.csv",
        NEXT.replace("Subtotal", "Sub total amt").encode(),
        ("closest is 'Sub total amt'", "columns: {goods_amount: Sub total amt}"),
    ),
    "bad_date": Mistake(
        "b.csv",
        NEXT.replace("2026-10-05", "2026-13-05").encode(),
        ("b.csv, line 6, column ordered_at: not a date", "date_format"),
    ),
    "bad_number": Mistake(
        "b.csv",
        NEXT.replace(",3.50,", ",3x50,").encode(),
        ("b.csv, line 5, column goods_amount: not an amount", "decimal"),
    ),
    "wrong_delimiter": Mistake("b.csv", NEXT.replace(",", ";").encode(), ("line 1", "delimiter: semicolon")),
    "empty_file": Mistake("b.csv", b"", ("b.csv is empty", "Export it again")),
    "truncated_gz": Mistake("b.csv.gz", gzip.compress(NEXT.encode())[:90], ("cut off", "copy it again")),
    "zero_xlsx": Mistake("b.xlsx", b"", ("b.xlsx is empty (0 bytes)", "Save the workbook again")),
    "web_page": Mistake("b.xlsx", b"<html><table></table></html>", ("b.xlsx is no Excel workbook",)),
    "wrong_encoding": Mistake(
        "b.csv",
        NEXT.replace("paid", "پرداخت").encode("windows-1256"),
        ("b.csv, line 2", "not utf-8", "`encoding`"),
    ),
    "wide_text": Mistake("b.csv", NEXT.encode("utf-16-le"), ("encoding: utf-16-le",)),
    "conflicting_keys": Mistake(
        "b.csv",
        (NEXT + "500000,2026-10-05,99,paid,0\n").encode(),
        ("line 2, column order_id: same key, with other values, as line 22",),
    ),
    "people": Mistake(
        "b.csv",
        NEXT.replace("Discount", "Discount,Email").replace(",0\n", ",0,ann@example.com\n").encode(),
        ("customer_email holds personal data", "SANJEH_PII_KEY"),
    ),
}
FOLDERLESS = "no_folder"
UNFINISHED = ("b.csv.part", "c.tmp", "~$d.xlsx")
VISITS = """
  visits:
    connector: ravand_file
    brand: shop
    path: exports/visits/*
    calendar: jalali
    expect: until 2026-10-31
"""
PROJECT = """\
project: {name: Small, currency: USD, customer_salt: small}
brands:
  shop: {name: Shop, name_fa: فروشگاه}
sources:
"""


def _settings() -> str:
    sources = [
        f"  {name}: {{connector: orders_file, brand: shop, path: exports/{name}/*, expect: until 2026-10-31}}"
        for name in (*MISTAKES, FOLDERLESS)
    ]
    return PROJECT + "\n".join(sources) + VISITS


def _visits(path: Path, month: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["تاریخ", "کانال", "نشست", "بازدید صفحه"])
    for day in ("۰۱", "۰۲", "۰۳"):
        sheet.append([f"۱۴۰۵/{month}/{day}", "مستقیم", "۱٬۲۳۴", "۲٬۰۰۰"])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _manifests(home: Path) -> dict[str, str]:
    return {str(path.relative_to(home)): path.read_text() for path in (home / "raw").rglob("manifest.json")}


def _copy(workspace: Workspace, to: Path) -> Workspace:
    shutil.copytree(workspace.home, to, copy_function=shutil.copy2)
    return Workspace(to)


def _paragraph(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.partition("Error: ")[2]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A published workspace in which nothing is wrong."""
    home = tmp_path_factory.mktemp("wrong") / "workspace"
    for number, name in enumerate((*MISTAKES, FOLDERLESS), start=1):
        (home / "exports" / name).mkdir(parents=True)
        (home / "exports" / name / "a.csv").write_text(_orders(1000 * number), encoding="utf-8")
    _visits(home / "exports" / "visits" / "آمار.xlsx", "۰۷")
    (home / "sanjeh.yml").write_text(_settings(), encoding="utf-8")
    workspace = Workspace(home)
    workspace.run()
    return workspace


def test_persian_workbooks_with_jalali_days_land(finished: Workspace) -> None:
    [(first, last, sessions)] = finished.rows(
        "select min(period_start), max(period_start), sum(value) from marts.fct_kpi_daily "
        "where kpi_id = 'sessions' and value is not null and segment_type = 'overall'"
    )
    assert (str(first), str(last), sessions) == ("2026-09-23", "2026-09-25", 3 * 1234)


def test_every_wrong_file_is_explained_and_what_had_landed_stays(finished: Workspace, tmp_path: Path) -> None:
    workspace = _copy(finished, tmp_path / "workspace")
    exports = workspace.home / "exports"
    for name, mistake in MISTAKES.items():
        (exports / name / mistake.name).write_bytes(mistake.content)
    _visits(exports / "visits" / "بد.xlsx", "۱۳")
    for name in UNFINISHED:
        (exports / "missing_column" / name).write_bytes(b"half")
    (exports / FOLDERLESS).rename(exports / "moved")

    running = subprocess.Popen(
        workspace.command("run", "--as-of", AS_OF), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stderr is not None
    while not (line := running.stderr.readline()).startswith("landing"):
        assert line
    refused = _paragraph(workspace.run(check=False))
    assert f"(pid {running.pid} on " in refused
    assert "holds the lock" in refused
    _, said = running.communicate(timeout=900)
    done = subprocess.CompletedProcess(running.args, running.returncode, stderr=said)

    last_words = _paragraph(done)
    failed = len(MISTAKES) + 2
    assert last_words.startswith(f"{failed} of {failed} sources failed; what they had landed before is kept.")
    reasons = dict(line.strip().split(": ", 1) for line in last_words.splitlines()[1:])
    assert reasons.keys() == {*MISTAKES, FOLDERLESS, "visits"}
    for name, mistake in MISTAKES.items():
        for words in mistake.says:
            assert words in reasons[name], name
    assert "does not exist" in reasons[FOLDERLESS]
    assert "بد.xlsx, line 2, column date: not a date" in reasons["visits"]
    assert _manifests(workspace.home) == _manifests(finished.home)
    # Data alerts tell that the sources failed.
    assert differing_tables(finished.published, workspace.published, ignore=["fct_kpi_alerts"]) == {}

    checked = workspace.sanjeh("check", check=False)
    for name in ("missing_column", "wrong_delimiter", "empty_file", "people", FOLDERLESS):
        assert name in _paragraph(checked)

    for name, mistake in MISTAKES.items():
        (exports / name / mistake.name).unlink()
    (exports / "visits" / "بد.xlsx").unlink()
    (exports / "moved").rename(exports / FOLDERLESS)
    mended = workspace.run()
    assert "unfinished" in mended.stderr
    assert differing_tables(finished.published, workspace.published) == {}


def test_damaged_state_and_raw_zone_stop_before_anything_changes(finished: Workspace, tmp_path: Path) -> None:
    workspace = _copy(finished, tmp_path / "workspace")
    folder = workspace.home / "raw" / "orders" / "orders" / "source=people"
    state = workspace.home / "warehouse" / "state.json"
    manifest = folder / "manifest.json"
    [rows] = folder.glob("*.parquet")
    for path, content, words in [
        (state, b'{"format_ver', ("state.json is damaged", "move it away")),
        (state, b'{"format_version": 99}', ("format 99", "update Sanjeh")),
        (manifest, b'{"format_version": 1', (str(manifest), "is damaged", "backup")),
        (rows, b"PAR1", (str(rows), "has 4 bytes", "backup")),
        (rows, None, (str(rows), "is gone", "backup")),
    ]:
        whole = path.read_bytes()
        path.unlink() if content is None else path.write_bytes(content)
        said = _paragraph(workspace.run(check=False))
        for text in words:
            assert text in said
        assert "1 of " in _paragraph(workspace.sanjeh("check", check=False))
        path.write_bytes(whole)
    assert differing_tables(finished.published, workspace.published) == {}
    assert workspace.sanjeh("check", check=False).returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("currency: USD", "curency: USD", ("sanjeh.yml:1 (project.curency)", "Did you mean 'currency'?")),
        ("currency: USD", "currency: toman", ("sanjeh.yml:1 (project.currency)", "ISO 4217")),
        ("brand: shop, path: exports/people", "brnd: shop, path: exports/people", ("sources.people.brnd", "'brand'")),
        ("name: Small", "name: Small, pii_key_env: NOBODY_SETS_THIS", ("sanjeh.yml:1", "NOBODY_SETS_THIS", ".env")),
        ("name: Small", "name: ${NAME}", ("sanjeh.yml:1", "_env")),
        ("name: Small", "name: Small, name: Big", ("project.name", "stands twice")),
        ("shop: {name: Shop", "\tshop: {name: Shop", ("sanjeh.yml:3", "never with tabs")),
        ("until 2026-10-31", "until 2026-13-31", ("expect", "2026-13-31")),
    ],
)  # fmt: skip
def test_wrong_settings_name_line_and_key(old: str, new: str, says: tuple[str, ...], tmp_path: Path) -> None:
    assert old in _settings()
    (tmp_path / "sanjeh.yml").write_text(_settings().replace(old, new), encoding="utf-8")
    said = _paragraph(Workspace(tmp_path).sanjeh("run", check=False))
    for words in says:
        assert words in said


def test_wrong_scorecards_name_line_and_key(tmp_path: Path) -> None:
    (tmp_path / "sanjeh.yml").write_text(_settings(), encoding="utf-8")
    card = "scorecards:\n  - {id: a, brand: shop, name: A, goal: sales, grain: month, kpis: [\n"
    target = "    {kpi: revenu, target: 1, valid_from: 2026-01-01}]}\n"
    for text, words in [
        (
            card + target,
            "scorecards.yml:3 (scorecards[0].kpis[0].kpi): there is no KPI 'revenu'. Did you mean",
        ),
        (card + target.replace("2026-01-01", "2026-13-01"), "scorecards.yml:3: '2026-13-01' is no day"),
    ]:
        (tmp_path / "scorecards.yml").write_text(text, encoding="utf-8")
        assert words in _paragraph(Workspace(tmp_path).sanjeh("run", check=False))


def _in_namespace(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a script where mounts are the script's own; skips the test where the kernel doesn't allow that."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this system lets no test mount a file system")
    command = ["unshare", "-rm", "bash", "-c", script, "bash", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def test_a_read_only_workspace_is_refused(finished: Workspace) -> None:
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
    for command in ("run", "publish", "rollback"):
        said = _paragraph(_in_namespace(script, str(finished.home), *finished.command(command)))
        assert "Read-only file system. Nothing was changed." in said
    for command in ("scorecard", "status", "versions"):
        assert _in_namespace(script, str(finished.home), *finished.command(command)).returncode == 0


def test_a_disk_that_fills_up_while_landing_loses_nothing(finished: Workspace, tmp_path: Path) -> None:
    script = """
        set -o pipefail
        mount -t tmpfs -o size=400m tmpfs "$2" && cp -a "$1" "$2/ws" || exit 9
        cp "$2/ws/exports/people/a.csv" "$2/ws/exports/people/b.csv"
        "$3" -w "$2/ws" run --as-of "$4" 2>&1 >/dev/null | while IFS= read -r line; do
            printf '%s\\n' "$line"
            case $line in landing*) dd if=/dev/zero of="$2/filler" bs=64k 2>/dev/null ;; esac
        done >&2
        code=$?
        mkdir "$5" && cp -a "$2/ws/raw" "$2/ws/warehouse" "$5"
        exit $code
    """
    disk, kept = tmp_path / "disk", tmp_path / "kept"
    disk.mkdir()
    sanjeh = finished.command()[0]
    done = _in_namespace(script, str(finished.home), str(disk), sanjeh, AS_OF, str(kept))
    assert "The disk is full" in _paragraph(done)
    assert _manifests(kept) == _manifests(finished.home)
    assert differing_tables(finished.published, Workspace(kept).published) == {}
